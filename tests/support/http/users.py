"""People of every kind over HTTP, and attempts to review that must not count."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import quote

import httpx2

from gatepost_api.server.bootstrap import OWNER
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.http.api import (
    Api,
    Json,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
    store_user,
)

Headers = Mapping[str, str]

EVERY_GROUP: Final = ("qa", "devops")


def bearer_header(secret: str) -> dict[str, str]:
    """The header by which a secret is shown."""
    return {"Authorization": f"Bearer {secret}"}


async def create_user(
    api: Api,
    name: str,
    *roles: Role,
    groups: tuple[str, ...] = EVERY_GROUP,
    kind: UserKind = UserKind.HUMAN,
) -> Headers:
    """Make somebody known on the server itself, with these roles and a token of their own."""
    ledger = api.app.state.context.ledger
    await store_user(ledger, name, roles=roles, groups=groups, kind=kind)
    return auth_header(name)


async def post_user(
    api: Api, name: str, *, by: Headers, kind: UserKind = UserKind.HUMAN, **changes: object
) -> Json:
    """Make somebody known over HTTP, with every role and group unless told otherwise."""
    whole: Json = {
        "name": name,
        "kind": kind,
        "grants": [{"role": role} for role in Role],
        "groups": EVERY_GROUP,
    }
    return created_json(await api.post("/users", whole | changes, headers=dict(by)))


async def post_token(api: Api, name: str, *, by: Headers, **body: object) -> dict[str, str]:
    """Have a token of somebody made, and get the header that shows it."""
    issued = created_json(await api.post(f"/users/{quote(name)}/tokens", body, headers=dict(by)))
    return bearer_header(issued["secret"])


async def create_service_account(
    api: Api, name: str, *, maker: Headers, issuer: Headers | None = None
) -> dict[str, str]:
    """A service account with every role, and a token of it that its maker had made."""
    await post_user(api, name, by=maker, kind=UserKind.SERVICE)
    return await post_token(api, name, by=maker if issuer is None else issuer)


async def patch_user(api: Api, name: str, **changes: object) -> Json:
    """Change what somebody may do, as the owner."""
    return ok_json(
        await api.client.patch(f"/api/v1/users/{name}", json=changes, headers=auth_header(OWNER))
    )


async def create_environment(api: Api, name: str, *stages: Sequence[str], **policy: object) -> str:
    """An environment whose stages ask for these groups."""
    body: Json = {
        "name": name,
        "tier": "staging",
        "policy": {
            "approval_stages": [
                {"name": f"stage-{number}", "rules": [{"group": group} for group in groups]}
                for number, groups in enumerate(stages)
            ],
            **policy,
        },
    }
    created_json(await api.post("/environments", body, headers=auth_header(OWNER)))
    return name


async def post_deployment(api: Api, by: Headers, **changes: object) -> Json:
    """A deployment that somebody asked for with the token they show."""
    return created_json(
        await api.post("/deployments", deployment_body(**changes), headers=dict(by))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request that must not count."""

    deployment: Json
    by: Headers
    action: str = "approve"
    body: Json = field(default_factory=dict)
    key: str | None = None

    async def send(self, api: Api) -> httpx2.Response:
        key = {} if self.key is None else {"Idempotency-Key": self.key}
        reason = {"note": "No."} if self.action in {"reject", "cancel"} else {}
        path = f"/deployments/{self.deployment['number']}/{self.action}"
        return await api.post(path, reason | self.body, headers={**self.by, **key})


AttemptFactory = Callable[[Api], Awaitable[Attempt]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDenial:
    """How an attempt is answered, and what it leaves."""

    status: int
    code: str
    record: str | None
    """The kind of the one event on the deployment; none where no event is due."""


SELF_REVIEW: Final = ExpectedDenial(status=403, code="self_review", record="review_denied")
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
"""Refused by the deployment's status, whoever asks: nothing was denied to anybody."""
STAGE_NOT_OPEN: Final = ExpectedDenial(status=409, code="stage_not_open", record=None)
"""As `TRANSITION_REFUSED`."""
REVIEWER_MAY_NOT_START: Final = ExpectedDenial(
    status=403, code="reviewer_may_not_start", record=None
)
"""The policy keeps two people apart; the review is over, and stands."""
UNAUTHENTICATED: Final = ExpectedDenial(status=401, code="unauthenticated", record=None)
"""Refused before it is known who asks, so that there is nobody to record."""


def case_id(case: object) -> str | None:
    """What a case is called."""
    if isinstance(case, ExpectedDenial):
        return case.code
    if isinstance(case, partial):
        return "-".join((case.func.__name__, *map(_case_id_part, case.keywords.values())))
    return getattr(case, "__name__", None)


def _case_id_part(part: object) -> str:
    if isinstance(part, Mapping):
        return "".join(part.values()).removeprefix("Bearer token-of-")
    return str(getattr(part, "__name__", ascii(part)))


async def check_denied(api: Api, attempt: Attempt, denial: ExpectedDenial) -> None:
    """The attempt is answered so, changes nothing, and leaves just the record that is due."""
    path = f"/deployments/{attempt.deployment['id']}"
    before, events = ok_json(await api.get(path)), await api.events(attempt.deployment)
    rows = api.row_counts()

    response = await attempt.send(api)

    assert (response.status_code, response.json()["code"]) == (denial.status, denial.code)
    assert ok_json(await api.get(path)) == before
    recorded = (await api.events(attempt.deployment))[len(events) :]
    due = [] if denial.record is None else [(denial.record, denial.code)]
    assert [(event["kind"], event["data"]["code"]) for event in recorded] == due
    counters = {"deployment_events": len(due), "last seq": len(due)}
    assert api.row_counts() == {name: n + counters.get(name, 0) for name, n in rows.items()}
