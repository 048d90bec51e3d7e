"""What a check has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """An error stops approval and sending; a warning is shown to whoever approves."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a person should know before an issue leaves. `where` is a file, a variant or a slug."""

    code: str
    severity: Severity
    message: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """What is said of several places, said once."""

    code: str
    severity: Severity
    message: str
    places: tuple[str, ...]


def grouped(findings: Iterable[Finding]) -> tuple[Grouped, ...]:
    """Findings in their order; those that differ only in their place are one."""
    places: dict[tuple[str, Severity, str], list[str]] = {}
    for finding in findings:
        places.setdefault((finding.code, finding.severity, finding.message), []).append(finding.where)
    return tuple(
        Grouped(code=code, severity=severity, message=message, places=tuple(found))
        for (code, severity, message), found in places.items()
    )


def error(code: str, message: str, *, where: str) -> Finding:
    """A finding that stops approval and sending."""
    return Finding(code=code, severity=Severity.ERROR, message=message, where=where)


def warning(code: str, message: str, *, where: str) -> Finding:
    """A finding for whoever approves."""
    return Finding(code=code, severity=Severity.WARNING, message=message, where=where)
