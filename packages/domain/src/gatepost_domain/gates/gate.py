"""The state of a deployment's gate at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.deployments.deployment import Dependence
from gatepost_domain.gate_kind import GateKind


class GateState(StrEnum):
    """Whether the gate allows the deployment to start."""

    OPEN = "open"
    WAITING = "waiting"
    """The gate opens when a user acts or when what it waits for has happened."""
    CLOSED = "closed"
    """The gate will not open for this deployment."""
    OVERRIDDEN = "overridden"
    """The gate is not open, but was overridden with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A deployment's gate at one instant."""

    kind: GateKind
    state: GateState
    code: str
    """A stable code for programs. It is also the error code if this gate refuses a start."""
    message: str
    since: datetime | None
    """When it entered this state, if known."""
    opens_at: datetime | None
    """When it opens automatically, if known."""
    who_can_act: tuple[str, ...]
    """Who can act: a group (`group:qa`), a user (`user:ada`) or the name of a role."""
    relies_on_record: bool = False
    """Whether it is open because of a record of a deployment made elsewhere, named in the
    message."""

    would_be_dependent: tuple[Dependence, ...] = ()
    """The dependences that would be marked on approvals by those who can act, if known."""

    @property
    def allows_start(self) -> bool:
        """Whether this gate allows the deployment to start."""
        return self.state in {GateState.OPEN, GateState.OVERRIDDEN}

    def to_event_data(self) -> dict[str, object]:
        """Return the gate's data in the start event.

        The data includes the message if the gate was overridden, or is open because of a record.
        """
        data: dict[str, object] = {"kind": self.kind, "state": self.state, "code": self.code}
        is_explained = self.state is GateState.OVERRIDDEN or self.relies_on_record
        return data | {"message": self.message} if is_explained else data
