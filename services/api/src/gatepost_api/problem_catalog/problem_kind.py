"""The definition of a kind of problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PROBLEMS_PATH: Final = "/docs/problems"
"""The page that describes every kind of problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    """A kind of problem, identified by its stable code."""

    code: str
    statuses: tuple[int, ...]
    """The HTTP statuses of responses with this code."""
    title: str
    meaning: str
    """What has happened, in one or two sentences. Backquotes enclose code."""
    remedy: str
    """What the client or the server's operator can do. Backquotes enclose code."""
