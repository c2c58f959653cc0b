"""What a deployment waits for, and the facts around it that decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.freezes.evaluation import Blocked
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.restrictions import Hold, VersionBlock
from gatepost_domain.gates.upstream import Upstream


class GateState(StrEnum):
    """Whether the gate lets the deployment through."""

    OPEN = "open"
    WAITING = "waiting"
    """It will open when somebody acts or something ends."""
    CLOSED = "closed"
    """It will not open for this deployment."""
    OVERRIDDEN = "overridden"
    """It is not open, and somebody passed it with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate of one deployment at one instant."""

    kind: GateKind
    state: GateState
    code: str
    """Stable, for programs; a start refused by this gate carries it."""
    message: str
    since: datetime | None
    """Since when it has been in this state, where that is known."""
    opens_at: datetime | None
    """When it opens by itself, where that is known."""
    who_can_act: tuple[str, ...]
    """`group:qa`, `user:ada`, `reviewer`, `operator`, `requester`, `emergency`."""

    @property
    def lets_through(self) -> bool:
        """Whether it keeps nothing from starting."""
        return self.state in {GateState.OPEN, GateState.OVERRIDDEN}

    def told(self) -> dict[str, object]:
        """What the event of a start says of it; the sentence only where somebody passed it."""
        stood: dict[str, object] = {"kind": self.kind, "state": self.state, "code": self.code}
        return stood | {"message": self.message} if self.state is GateState.OVERRIDDEN else stood


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneMember:
    """A deployment of a lane, as far as the others are concerned."""

    number: int
    version: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What goes on in one service and environment."""

    started: LaneMember | None = None
    """The one rollout under way."""
    newest: LaneMember | None = None
    """The latest-numbered deployment that is started or has succeeded; `since` when it started.

    Imported history and hidden records went ahead of nothing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A break-glass that nobody judged in time."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What goes on around a deployment at one instant, as far as its gates are concerned."""

    lane: Lane = Lane()
    blocked: Blocked | None = None
    """By which freeze nothing may start there; none if by none."""
    upstream: tuple[Upstream, ...] = ()
    """What its version came to in each environment that its policy requires."""
    version_block: VersionBlock | None = None
    """Why its version may not be deployed there, if so."""
    hold: Hold | None = None
    """Why nothing is promoted there by itself, if so."""
    overdue: Overdue | None = None
    """A break-glass there that should have been judged by now, if there is one."""
