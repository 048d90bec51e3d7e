"""How far two colours stand apart (WCAG 2.2, relative luminance and contrast ratio)."""

from __future__ import annotations

LEAST = 4.5
"""For text (WCAG 1.4.3, level AA)."""
LEAST_LARGE = 3.0
"""For text of 24 px, or of 18.66 px and bold."""


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), for two colours as #rrggbb."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
