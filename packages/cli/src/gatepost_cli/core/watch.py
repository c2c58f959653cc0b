"""Watch a deployment until it ends, and report why it is waiting."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from gatepost_cli.core.context import Context
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_client import GatepostError, GatepostProblem, NoAnswer, UnexpectedAnswer, every
from gatepost_client.models import Deployment, DeploymentStatus, GateState

MIN_INTERVAL_S: Final = 1.0
"""The time between two polls after a change; it doubles with each poll that finds no change."""

MAX_INTERVAL_S: Final = 15.0
"""The longest time between two polls, and thus the longest delay in noticing a change."""

OUTAGE_LIMIT_S: Final = 300.0
"""How long the server may be unavailable, for example during an upgrade."""

RETRY_MESSAGE: Final = "Gatepost is not responding; retrying."

_OPEN_STATES: Final = {GateState.OPEN, GateState.OVERRIDDEN}
"""The states in which a gate does not block the start."""

EXIT_CODES: Final = {
    DeploymentStatus.SUCCEEDED: ExitCode.SUCCESS,
    DeploymentStatus.FAILED: ExitCode.NOT_DEPLOYED,
    DeploymentStatus.REJECTED: ExitCode.NOT_DEPLOYED,
    DeploymentStatus.CANCELLED: ExitCode.NOT_DEPLOYED,
    DeploymentStatus.ROLLED_BACK: ExitCode.NOT_DEPLOYED,
}
"""The statuses that end the wait, with the exit code of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """The result of one poll: a message and, once the deployment has ended, the exit code."""

    message: str
    json: object
    """The deployment as the server sent it."""
    exit_code: ExitCode | None
    """The exit code of the deployment's outcome; None until the deployment has ended."""


class Watch:
    """Polls one deployment and tolerates short outages of the server."""

    def __init__(self, context: Context, number: str) -> None:
        """Start with the deployment in the most recent response."""
        context.gatepost.retries = None  # the watch itself retries
        self._context = context
        self._number = number
        self._json = context.last_response
        self._responded_at = context.clock.monotonic()

    def poll(self) -> PollResult:
        """Return the current state of the deployment, or that the server is not responding.

        Raises:
            GatepostError: the server refused, or has been unavailable for too long.
        """
        try:
            poll = _poll_deployment(self._context, self._number)
        except GatepostError as error:
            outage_s = self._context.clock.monotonic() - self._responded_at
            if not _is_temporary(error) or outage_s > OUTAGE_LIMIT_S:
                raise
            return PollResult(message=RETRY_MESSAGE, json=self._json, exit_code=None)
        self._json, self._responded_at = poll.json, self._context.clock.monotonic()
        return poll


def watch_deployment(context: Context, number: str, *, timeout_s: float) -> tuple[ExitCode, object]:
    """Write a message for each change until the deployment ends or the time is up.

    A poll that is in progress when the time is up is completed.

    Returns:
        The exit code, and the JSON of the deployment as last received.

    Raises:
        GatepostError: the server refused, or has been unavailable for too long.
    """
    clock, watch = context.clock, Watch(context, number)
    deadline = clock.monotonic() + timeout_s
    last_message, interval_s = "", MIN_INTERVAL_S
    while True:
        poll = watch.poll()
        if poll.message != last_message:
            output.write_message(poll.message)
            last_message, interval_s = poll.message, MIN_INTERVAL_S
        if poll.exit_code is not None:
            return poll.exit_code, poll.json
        remaining_s = deadline - clock.monotonic()
        if remaining_s <= 0:
            output.write_message(
                f"Timed out after {timeout_s:g} s. {number} has not ended and continues on the "
                "server."
            )
            return ExitCode.TIMED_OUT, poll.json
        clock.sleep(min(interval_s, remaining_s))
        interval_s = min(2 * interval_s, MAX_INTERVAL_S)


def _poll_deployment(context: Context, number: str) -> PollResult:
    deployment = context.gatepost.get_deployment(number)
    json = context.last_response
    exit_code = EXIT_CODES.get(deployment.status)
    if exit_code is not None:
        return PollResult(
            message=_describe_outcome(context, deployment), json=json, exit_code=exit_code
        )
    gates = context.gatepost.get_deployment_gates(number).gates
    closed_gates = [gate for gate in gates if gate.state not in _OPEN_STATES]
    reasons = "".join(f"\n  {gate.kind}: {gate.message}" for gate in closed_gates)
    message = f"{number} is {deployment.status}.{reasons}"
    return PollResult(message=message, json=json, exit_code=None)


def _describe_outcome(context: Context, deployment: Deployment) -> str:
    """Return how the deployment ended, with the note of the event that ended it.

    If a version should have been promoted automatically but was not, the next line says why.
    """
    try:
        events = [*every(context.gatepost.list_deployment_events, deployment.number)]
    except GatepostError:
        events = []  # report the outcome without the note
    endings = [event for event in events if event.from_status != event.to_status]
    notes = [event.note for event in endings if event.to_status == deployment.status and event.note]
    ending = f": {notes[-1]}" if notes else "."
    blocked = deployment.promotion_blocked
    promotion = f"\nNot promoted to {blocked.environment}: {blocked.reason}" if blocked else ""
    return f"{deployment.number} is {deployment.status}{ending}{promotion}"


def _is_temporary(error: GatepostError) -> bool:
    """Return whether the same request may succeed later."""
    match error:
        case GatepostProblem(status=status):
            return (
                status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
            )
        case _:
            return isinstance(error, NoAnswer | UnexpectedAnswer)
