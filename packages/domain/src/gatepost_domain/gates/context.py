"""The facts that decide the gates of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gates.upstream_status import UpstreamStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDeployment:
    """The facts about a deployment that the gates of other deployments in its lane need."""

    number: int
    version: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """The deployments that decide whether another one of the lane can start."""

    started: LaneDeployment | None = None
    """The deployment in progress."""
    newest: LaneDeployment | None = None
    """The started or succeeded deployment with the highest number; `since` is its start.

    Imported and hidden records do not count.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAfterReview:
    """An after-review that was not closed in time."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """The facts around a deployment at one instant that its gates depend on."""

    lane: LaneState = LaneState()
    freeze_block: FreezeBlock | None = None
    """The freeze that blocks a start there; None if there is none."""
    upstream: tuple[UpstreamStatus, ...] = ()
    """The status of its version in each environment that its policy requires."""
    version_block: VersionBlock | None = None
    """The block of its version there, if there is one."""
    promotion_hold: AutoPromotionHold | None = None
    """The hold on automatic promotion there, if there is one."""
    overdue_review: OverdueAfterReview | None = None
    """The overdue after-review there, if there is one."""
