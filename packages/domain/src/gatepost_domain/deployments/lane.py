"""The state of a lane, as far as other deployments of the lane depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDeployment:
    """The facts about a deployment that the other deployments of its lane need."""

    number: int
    version: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """The deployments that decide whether another deployment of the lane can start."""

    started: LaneDeployment | None = None
    """The deployment in progress."""
    newest: LaneDeployment | None = None
    """The started or succeeded deployment with the highest number; `since` is when it started.

    Imported and hidden records do not count.
    """


EMPTY_LANE: Final = LaneState()
"""A lane without deployments."""
