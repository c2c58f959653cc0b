"""The state of a lane, as needed to decide which of its deployments can start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.catalog.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDeployment:
    """The parts of a deployment that other deployments in its lane depend on."""

    number: int
    version: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """The deployments that determine whether another deployment in the lane can start."""

    started: LaneDeployment | None = None
    """The deployment in progress."""
    newest: LaneDeployment | None = None
    """The started or succeeded deployment with the highest number; `since` is when it started.

    Imported and hidden records do not count.
    """


EMPTY_LANE: Final = LaneState()
"""A lane without deployments."""


class WaitingFor(StrEnum):
    """What a lane's waiting deployments need in order to start."""

    WORKER = "worker"
    """A worker: the deployments are queued, and the one queued longest starts first."""
    GATES = "gates"
    """Open gates: the deployments are approved and start automatically, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLane:
    """A lane in which deployments are waiting and none is in progress."""

    service: str
    environment: str
    tier: Tier
    since: datetime
    """When the first waiting deployment was queued or, if it is not queued, requested."""
    number: int
    """The number of the first waiting deployment."""
    has_exempt: bool
    """Whether some of the waiting deployments are rollbacks or have an overridden gate, and so may
    start in a frozen lane or after a newer deployment."""
