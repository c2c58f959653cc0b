"""HTTP requests that must be denied, and checks of the denial."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import httpx2

from tests.support.http.api import (
    Api,
    Json,
    ok_json,
)
from tests.support.http.users import Headers

NOTE_REQUIRED: Final = {"reject", "withdraw", "cancel", "after-review"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A request that must be denied."""

    deployment: Json
    by: Headers
    action: str = "approve"
    body: Json = field(default_factory=dict)
    key: str | None = None

    async def send(self, api: Api) -> httpx2.Response:
        key = {} if self.key is None else {"Idempotency-Key": self.key}
        reason = {"note": "No."} if self.action in NOTE_REQUIRED else {}
        path = f"/deployments/{self.deployment['number']}/{self.action}"
        return await api.post(path, reason | self.body, headers={**self.by, **key})


AttemptFactory = Callable[[Api], Awaitable[Attempt]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDenial:
    """The expected response to an attempt, and the expected event."""

    status: int
    code: str
    record: str | None
    """The kind of the only new event on the deployment, or None for no event."""


SELF_REVIEW: Final = ExpectedDenial(status=403, code="self_review", record="review_denied")
NOT_INDEPENDENT: Final = ExpectedDenial(status=403, code="not_independent", record="review_denied")
SERVICE_ACCOUNT_REVIEW: Final = ExpectedDenial(
    status=403, code="service_account_review", record="review_denied"
)
NO_APPROVAL: Final = ExpectedDenial(
    status=403, code="no_approval_to_withdraw", record="review_denied"
)
REVIEW_MISSING: Final = ExpectedDenial(status=409, code="transition_refused", record=None)
"""The deployment waits for its reviewers again, so nobody can start it."""
ALREADY_REVIEWED: Final = ExpectedDenial(
    status=409, code="already_reviewed", record="review_denied"
)
ACT_AS_FORBIDDEN: Final = ExpectedDenial(
    status=403, code="act_as_forbidden", record="review_denied"
)
MISSING_ROLE: Final = ExpectedDenial(status=403, code="forbidden", record="review_denied")
NOT_ELIGIBLE: Final = ExpectedDenial(status=403, code="not_eligible", record="review_denied")
ACCESS_DENIED: Final = ExpectedDenial(status=403, code="forbidden", record="access_denied")
TRANSITION_REFUSED: Final = ExpectedDenial(status=409, code="transition_refused", record=None)
"""The status refuses the action for every actor, so no denial is recorded."""
STAGE_NOT_OPEN: Final = ExpectedDenial(status=409, code="stage_not_open", record=None)
"""The stage is not open for any actor, so no denial is recorded."""
REVIEWER_MAY_NOT_START: Final = ExpectedDenial(
    status=403, code="reviewer_may_not_start", record=None
)
"""The policy separates reviewers from operators. The review itself is complete."""
UNAUTHENTICATED: Final = ExpectedDenial(status=401, code="unauthenticated", record=None)
"""The request is refused before the actor is known, so no event is recorded."""


def case_id(case: object) -> str | None:
    """Return the name of a test case."""
    if isinstance(case, ExpectedDenial):
        return case.code
    if isinstance(case, partial):
        return _partial_id(case)
    return getattr(case, "__name__", None)


def _partial_id(case: partial[Any]) -> str:
    return "-".join((case.func.__name__, *map(_case_id_part, case.keywords.values())))


def _case_id_part(value: object) -> str:
    if isinstance(value, partial):
        return _partial_id(value)
    if isinstance(value, Mapping):
        return "".join(value.values()).removeprefix("Bearer token-of-")
    return str(getattr(value, "__name__", ascii(value)))


async def check_denied(api: Api, attempt: Attempt, denial: ExpectedDenial) -> None:
    """Check the response to an attempt, that nothing else changes, and the recorded event."""
    path = f"/deployments/{attempt.deployment['id']}"
    before, events = ok_json(await api.get(path)), await api.events(attempt.deployment)
    rows = api.row_counts()

    response = await attempt.send(api)

    assert (response.status_code, response.json()["code"]) == (denial.status, denial.code)
    assert ok_json(await api.get(path)) == before
    recorded = (await api.events(attempt.deployment))[len(events) :]
    expected = [] if denial.record is None else [(denial.record, denial.code)]
    assert [(event["kind"], event["data"]["code"]) for event in recorded] == expected
    counters = {"deployment_events": len(expected), "last seq": len(expected)}
    assert api.row_counts() == {name: count + counters.get(name, 0) for name, count in rows.items()}
