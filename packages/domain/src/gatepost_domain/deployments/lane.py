"""The state of a lane, as far as other deployments of the lane depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.catalog.tier import Tier


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


class WaitingFor(StrEnum):
    """What the waiting deployments of a lane need in order to start."""

    WORKER = "worker"
    """Queued: a worker starts them, the longest queued first."""
    GATES = "gates"
    """Approved with automatic start: they start when their gates are open, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLane:
    """A lane in which nothing is started and deployments wait."""

    service: str
    environment: str
    tier: Tier
    since: datetime
    """When the first of them was queued or, if it is not queued, requested."""
    number: int
    """The number of the first of them."""
    has_exempt: bool
    """Whether some are rollbacks or have an overridden gate, so that they may start in a frozen
    lane, or after a newer deployment."""
