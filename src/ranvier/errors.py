"""Every error that a person may see, as a tree; each branch is one exit code (design: Commands)."""

from __future__ import annotations


class RanvierError(Exception):
    """Something an operator has to know: what is wrong, where, and what to do about it."""

    exit_code = 2
    code = "error"

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(RanvierError):
    """The command line asks for something that does not exist or does not fit together."""

    code = "usage"


class ConfigurationError(RanvierError):
    """A file that people edit (newsletter.toml, topics.toml, segments.toml, a template) is wrong."""

    code = "configuration"


class InputError(RanvierError):
    """A source, a summary, an issue file or a list of people cannot be read."""

    code = "input"


class NotFoundError(RanvierError):
    """A named issue, summary, edition or segment is not there."""

    code = "not-found"


class RefusedError(RanvierError):
    """The answer is no: a check failed, an account does not balance."""

    exit_code = 1
    code = "refused"


class PersonNeededError(RanvierError):
    """Nothing goes on until a person decides."""

    exit_code = 3
    code = "person-needed"


class ApprovalMissingError(PersonNeededError):
    """The issue was never approved."""

    code = "not-approved"


class ApprovalVoidError(PersonNeededError):
    """What would leave is not what was built or approved."""

    code = "approval-void"


class HeldError(PersonNeededError):
    """A person, a guard or a fault of our own holds the send up."""

    code = "held"


class BusyError(RanvierError):
    """Another process holds this issue."""

    exit_code = 4
    code = "busy"


class HoldLostError(BusyError):
    """Another process took the issue over while this one could not be heard."""


class UnfinishedError(RanvierError):
    """Not finished; the same command goes on later."""

    exit_code = 75
    code = "unfinished"


class InterruptedByPersonError(RanvierError):
    """Ctrl-C, and nothing was finished first; the exit code is a shell's for SIGINT."""

    exit_code = 130
    code = "interrupted"
