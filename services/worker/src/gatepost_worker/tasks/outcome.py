"""Outcomes: how a deployment, or one part of it, ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gatepost_worker.foundation.external_text import sanitize


class Result(StrEnum):
    """Whether a deployment, or one part of it, succeeded."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a deployment or of one part of it."""

    result: Result
    note: str
    """The human-readable reason; never empty after a failure."""


def succeeded(note: str = "") -> Outcome:
    """Return a successful outcome."""
    return Outcome(result=Result.SUCCEEDED, note=sanitize(note.strip()))


def failed(note: str) -> Outcome:
    """Return a failed outcome; an outcome that could not be determined also counts as failed."""
    return Outcome(result=Result.FAILED, note=sanitize(note.strip()))
