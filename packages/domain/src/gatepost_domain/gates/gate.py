"""What a deployment waits for, and the facts around it that decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.gate_kind import GateKind


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
    def allows_start(self) -> bool:
        """Whether it keeps nothing from starting."""
        return self.state in {GateState.OPEN, GateState.OVERRIDDEN}

    def to_event_data(self) -> dict[str, object]:
        """What the event of a start says of it; the sentence only where somebody passed it."""
        stood: dict[str, object] = {"kind": self.kind, "state": self.state, "code": self.code}
        return stood | {"message": self.message} if self.state is GateState.OVERRIDDEN else stood
