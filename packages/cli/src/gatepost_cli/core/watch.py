"""Following a deployment to its end, and telling meanwhile why it waits."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from gatepost_cli import terminal
from gatepost_cli.call import Call
from gatepost_cli.exits import Exit
from gatepost_client import GatepostError, GatepostProblem, NoAnswer, UnexpectedAnswer, every
from gatepost_client.models import Deployment, DeploymentStatus, GateState

SHORTEST_PAUSE_S: Final = 1.0
"""How long it pauses after a change; each pause after that is twice as long."""

LONGEST_PAUSE_S: Final = 15.0
"""How long it pauses at most, so how late it may be."""

PATIENCE_S: Final = 300.0
"""How long the server may be away, for an upgrade say, before following is given up."""

AWAY: Final = "Gatepost does not answer; asking again."
"""What is told, once, while it is."""

_PASSED: Final = {GateState.OPEN, GateState.OVERRIDDEN}
"""The states of gates that keep nothing waiting."""

ENDS: Final = {
    DeploymentStatus.SUCCEEDED: Exit.DONE,
    DeploymentStatus.FAILED: Exit.NOT_DEPLOYED,
    DeploymentStatus.REJECTED: Exit.NOT_DEPLOYED,
    DeploymentStatus.CANCELLED: Exit.NOT_DEPLOYED,
    DeploymentStatus.ROLLED_BACK: Exit.NOT_DEPLOYED,
}
"""The statuses in which nothing more is waited for, and what each means to a shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What there is to say about the deployment at one moment."""

    says: str
    exactly: object
    """The deployment as the server sent it."""
    exit: Exit | None
    """None as long as it has not ended."""


class Watch:
    """Looks at one deployment again and again, also past a server that is away for a while."""

    def __init__(self, call: Call, number: str) -> None:
        """The deployment has just been heard of."""
        self._call = call
        self._number = number
        self._exactly = call.heard
        self._heard_at = call.clock.monotonic()

    def look(self) -> Look:
        """Where it stands now.

        Raises:
            GatepostError: the server refused, or was away for longer than there is patience.
        """
        try:
            look = _look(self._call, self._number)
        except GatepostError as error:
            if not _passes(error) or self._call.clock.monotonic() - self._heard_at > PATIENCE_S:
                raise
            return Look(says=AWAY, exactly=self._exactly, exit=None)
        self._exactly, self._heard_at = look.exactly, self._call.clock.monotonic()
        return look


def follow(call: Call, number: str, *, timeout_s: float) -> tuple[Exit, object]:
    """Tell where it stands whenever that changes; give how it ended and its last document.

    A question that is under way when the time is up is still waited for.

    Raises:
        GatepostError: as `Watch.look`.
    """
    clock, watch = call.clock, Watch(call, number)
    until = clock.monotonic() + timeout_s
    told, pause_s = "", SHORTEST_PAUSE_S
    while True:
        look = watch.look()
        if look.says != told:
            terminal.tell(look.says)
            pause_s = SHORTEST_PAUSE_S
        if look.exit is not None:
            return look.exit, look.exactly
        left_s = until - clock.monotonic()
        if left_s <= 0:
            terminal.tell(f"{number} has not ended within {timeout_s:g} s. It goes on without you.")
            return Exit.TIMED_OUT, look.exactly
        clock.sleep(min(pause_s, left_s))
        told, pause_s = look.says, min(2 * pause_s, LONGEST_PAUSE_S)


def _look(call: Call, number: str) -> Look:
    deployment = call.gatepost.get_deployment(number)
    exactly = call.heard
    if (ended := ENDS.get(deployment.status)) is not None:
        return Look(says=_ending(call, deployment), exactly=exactly, exit=ended)
    gates = call.gatepost.get_deployment_gates(number).gates
    shut = [f"\n  {gate.kind}: {gate.message}" for gate in gates if gate.state not in _PASSED]
    return Look(says=f"{number} is {deployment.status}.{''.join(shut)}", exactly=exactly, exit=None)


def _ending(call: Call, deployment: Deployment) -> str:
    """How it ended, with the words of whoever ended it."""
    try:
        events = [*every(call.gatepost.list_deployment_events, deployment.number)]
    except GatepostError:
        events = []  # how it ended is known all the same
    said = [event.note for event in events if event.to_status == deployment.status and event.note]
    why = f": {said[-1]}" if said else "."
    return f"{deployment.number} is {deployment.status}{why}"


def _passes(error: GatepostError) -> bool:
    """Whether it may go well a little later: the server is away, and the deployment is not."""
    match error:
        case GatepostProblem(status=status):
            return (
                status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
            )
        case _:
            return isinstance(error, NoAnswer | UnexpectedAnswer)
