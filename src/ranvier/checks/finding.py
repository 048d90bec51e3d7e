"""What a check has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


def error(code: str, message: str, *, where: str) -> Finding:
    """A finding that stops approval and sending."""
    return Finding(code=code, severity=Severity.ERROR, message=message, where=where)


def warning(code: str, message: str, *, where: str) -> Finding:
    """A finding for whoever approves."""
    return Finding(code=code, severity=Severity.WARNING, message=message, where=where)
