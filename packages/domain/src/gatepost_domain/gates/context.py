"""The facts that decide the gates of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gates.restrictions import PromotionHold, VersionBlock
from gatepost_domain.gates.upstream import UpstreamStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDeployment:
    """A deployment of a lane, as far as the others are concerned."""

    number: int
    version: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """What goes on in one service and environment."""

    started: LaneDeployment | None = None
    """The one rollout under way."""
    newest: LaneDeployment | None = None
    """The latest-numbered deployment that is started or has succeeded; `since` when it started.

    Imported history and hidden records went ahead of nothing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAfterReview:
    """A break-glass that nobody judged in time."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """What goes on around a deployment at one instant, as far as its gates are concerned."""

    lane: LaneState = LaneState()
    freeze_block: FreezeBlock | None = None
    """By which freeze nothing may start there; none if by none."""
    upstream: tuple[UpstreamStatus, ...] = ()
    """What its version came to in each environment that its policy requires."""
    version_block: VersionBlock | None = None
    """Why its version may not be deployed there, if so."""
    promotion_hold: PromotionHold | None = None
    """Why nothing is promoted there by itself, if so."""
    overdue_review: OverdueAfterReview | None = None
    """A break-glass there that should have been judged by now, if there is one."""
