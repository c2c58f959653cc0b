"""The facts that decide the gates of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.deployments.blocks_and_holds import PromotionHold, VersionBlock
from gatepost_domain.deployments.lane import EMPTY_LANE, LaneState
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gates.upstream_status import UpstreamStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAfterReview:
    """An after-review that was not closed in time."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """The facts around a deployment at one instant that its gates depend on."""

    lane: LaneState = EMPTY_LANE
    freeze_block: FreezeBlock | None = None
    """The freeze that blocks a start there; None if there is none."""
    upstream: tuple[UpstreamStatus, ...] = ()
    """The status of its version in each environment that its policy requires."""
    version_block: VersionBlock | None = None
    """The block of its version there, if there is one."""
    promotion_hold: PromotionHold | None = None
    """The hold on automatic promotion there, if there is one."""
    overdue_review: OverdueAfterReview | None = None
    """The overdue after-review there, if there is one."""
