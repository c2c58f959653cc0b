"""Waiting for a deployment: until a status, through errors, and not beyond the end."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from gatepost_client import (
    AsyncGatepost,
    DeploymentEnded,
    Gatepost,
    GatepostProblem,
    NoAnswer,
    NotSendable,
    WaitTimedOut,
)
from gatepost_client.models import DeploymentStatus
from gatepost_client.waiting import OUTAGE_LIMIT_S, OutageBackoff
from tests.support.cli import deployment_json, event_json, problem_response

State = str | httpx2.Response | BaseException


class Server:
    """A deployment that has one state after another."""

    def __init__(self, *states: State) -> None:
        self._states = [*states]
        self._statuses: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/events"):
            events = [event_json("changed", status) for status in self._statuses]
            return httpx2.Response(200, json={"items": events, "next_cursor": None})
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if isinstance(state, BaseException):
            raise state
        if isinstance(state, httpx2.Response):
            return state
        self._statuses += state.split()
        revision = len(self._statuses)
        return httpx2.Response(200, json=deployment_json(self._statuses[-1], revision=revision))

    def client(self) -> Gatepost:
        transport = httpx2.MockTransport(self)
        return Gatepost("http://gatepost.example", token="t", transport=transport, retries=None)


@pytest.mark.parametrize("status", ["succeeded", "failed", "rejected", "cancelled", "rolled_back"])
def test_waiting_ends_with_the_deployment(status: str) -> None:
    """Every final status ends the wait; the result says which."""
    deployment = Server("approved", status).client().wait_for("DEP-42")

    assert deployment.status == status


@pytest.mark.parametrize(
    "until",
    ["approved", DeploymentStatus.APPROVED, ["approved", "queued"]],
    ids=["text", "member", "several"],
)
def test_waiting_ends_with_the_status(until: Any) -> None:
    """A status, as text or member, or one of several."""
    deployment = Server("pending_approval", "approved").client().wait_for("DEP-42", until)

    assert deployment.status == "approved"


@pytest.mark.parametrize("later", ["started", "approved started succeeded"])
def test_status_that_was_left_again_counts(later: str) -> None:
    """A status that was there only between two looks is not missed."""
    states = Server("pending_approval", f"approved {later}")

    deployment = states.client().wait_for("DEP-42", until="approved")

    assert deployment.status == later.rsplit(maxsplit=1)[-1]


def test_unknown_status_is_refused() -> None:
    """A misspelled status would be waited for in vain."""
    with pytest.raises(NotSendable, match="'success' is not a status; the statuses are approved"):
        Server("approved").client().wait_for("DEP-42", until="success")


def test_deployment_that_ended_otherwise_is_an_error() -> None:
    """It makes no sense to wait for what cannot happen any more."""
    with pytest.raises(
        DeploymentEnded, match="DEP-42 is rejected; it was never approved"
    ) as caught:
        Server("pending_approval", "rejected").client().wait_for("DEP-42", until="approved")

    assert caught.value.deployment.status == "rejected"


def test_time_limit_is_an_error() -> None:
    """The error contains the deployment as it was last."""
    with pytest.raises(WaitTimedOut, match="still approved") as caught:
        Server("approved").client().wait_for("DEP-42", timeout_s=0.01)

    assert isinstance(caught.value, TimeoutError)
    assert caught.value.deployment.number == "DEP-42"


def test_temporary_errors_are_waited_through() -> None:
    """A restart of the server does not end the wait."""
    lost, busy = httpx2.ConnectError("refused"), problem_response(503)

    deployment = Server(lost, "approved", busy, "succeeded").client().wait_for("DEP-42")

    assert deployment.status == "succeeded"


def test_refusal_ends_the_wait() -> None:
    """An error that does not pass is raised at once."""
    with pytest.raises(GatepostProblem):
        Server(problem_response(404)).client().wait_for("DEP-42")


def test_error_at_the_time_limit_is_raised() -> None:
    """If the server is away when the time is up, that is the reason."""
    with pytest.raises(NoAnswer):
        Server(httpx2.ConnectError("refused")).client().wait_for("DEP-42", timeout_s=0.01)


async def test_waiting_with_asyncio_has_the_same_rules() -> None:
    """The result, a status that was left again, and errors."""
    transport = httpx2.MockTransport(
        Server("pending_approval", problem_response(503), "approved queued")
    )
    async with AsyncGatepost(
        "http://gatepost.example", token="t", transport=transport, retries=None
    ) as gatepost:
        assert (await gatepost.wait_for("DEP-42", until="queued")).status == "queued"
        assert (await gatepost.wait_for("DEP-42", until="approved")).status == "queued"


def test_outage_has_a_limit() -> None:
    """A server that does not come back is reported."""
    error = NoAnswer("refused")
    outage = OutageBackoff(min_delay_s=1, max_delay_s=4)

    assert [outage.next_delay_s(error) for _ in range(4)] == [1, 2, 4, 4]
    outage._available_at -= OUTAGE_LIMIT_S + 1  # noqa: SLF001  # five minutes later
    with pytest.raises(NoAnswer):
        outage.next_delay_s(error)
