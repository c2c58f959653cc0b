"""A gate of a deployment and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.gate_kind import GateKind


class GateState(StrEnum):
    """Whether the gate allows the deployment to start."""

    OPEN = "open"
    WAITING = "waiting"
    """It opens when somebody acts or a condition ends."""
    CLOSED = "closed"
    """It will not open for this deployment."""
    OVERRIDDEN = "overridden"
    """It is not open, and somebody overrode it with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate of one deployment at one instant."""

    kind: GateKind
    state: GateState
    code: str
    """Stable, for programs; a start refused by this gate carries it."""
    message: str
    since: datetime | None
    """Since when it has been in this state, if known."""
    opens_at: datetime | None
    """When it opens automatically, if known."""
    who_can_act: tuple[str, ...]
    """`group:qa`, `user:ada`, `reviewer`, `operator`, `requester`, `emergency`."""

    @property
    def allows_start(self) -> bool:
        """Whether the deployment can start as far as this gate is concerned."""
        return self.state in {GateState.OPEN, GateState.OVERRIDDEN}

    def to_event_data(self) -> dict[str, object]:
        """Return what the event of a start records of it; the message only if it is overridden."""
        data: dict[str, object] = {"kind": self.kind, "state": self.state, "code": self.code}
        return data | {"message": self.message} if self.state is GateState.OVERRIDDEN else data
