"""Logs on stderr: what happened, then the facts; RANVIER_LOG=json for machines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


def open_log(*, as_json: bool) -> FilteringBoundLogger:
    """A logger that writes one line per event."""
    how = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.processors.LogfmtRenderer(key_order=["event"])
    )
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger("INFO"),
        processors=[structlog.processors.add_log_level, how],
    )
    return log
