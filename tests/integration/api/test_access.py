"""Every operation of the document, by everybody: it is open to whom the table of rights says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest

from gatepost_api.auth.permissions import REQUIRED_RIGHTS
from gatepost_api.openapi.document import openapi_document
from gatepost_domain.access.roles import ROLES_WITH, Right, Role
from gatepost_domain.status import Status
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.http.users import Headers, create_user, patch_user, post_deployment, post_token

HEALTH: Final = {"get_liveness", "get_readiness"}
OPEN_TO_ALL: Final = HEALTH | {"exchange_token"}  # which asks for another proof, in its body
OPERATIONS: Final[Mapping[str, tuple[str, str]]] = {
    operation["operationId"]: (method, path)
    for path, operations in openapi_document()["paths"].items()
    for method, operation in operations.items()
}
CLOSED: Final = sorted(OPERATIONS.keys() - OPEN_TO_ALL)

BODIES: Final[Mapping[str, Json]] = {
    "add_user": {"name": "somebody"},
    "break_glass": {"reason": "It cannot wait.", "incident": "INC-1"},
    "cancel_deployment": {"note": "No."},
    "change_environment": {"display_name": "Live"},
    "change_service": {"team": "tills"},
    "change_user": {"groups": ["qa"]},
    "close_after_review": {"verdict": "justified", "note": "So it was."},
    "claim_task": {"worker": "berlin-1"},
    "create_deployment": deployment_body(),
    "create_environment": {"name": "canary", "tier": "staging"},
    "fail_deployment": {"note": "No."},
    "finish_claim": {"fencing_token": 1, "outcome": "succeeded"},
    "hide_deployment": {"reason": "It was another service."},
    "impose_freeze": {"reason": "The sale."},
    "issue_token": {},
    "override_gate": {"gate": "freeze", "reason": "It cannot wait."},
    "preview_deployment": deployment_body(),
    "promote_deployment": {"environment": "staging"},
    "put_policy": {},
    "record_deployment": {"service": "shop", "environment": "production", "version": "1.0.0"},
    "put_target": {"executor": {"kind": "simulated"}},
    "register_service": {
        "name": "billing",
        "team": "checkout",
        "repo_url": "https://git.example/billing",
    },
    "register_version": {"version": "9.9.9"},
    "reject_deployment": {"note": "No."},
    "release_hold": {"reason": "It is fixed."},
    "renew_claim": {"fencing_token": 1},
    "report_steps": {"fencing_token": 1, "steps": []},
    "rollback_deployment": {"note": "No."},
    "unblock_version": {"environment": "production", "reason": "It is fixed."},
}
"""What each operation that needs a body is sent: something that would be done, if one may."""

HISTORY: Final = """service,environment,version,deployed_at
shop,production,1.0.0,2026-11-20T00:00:00Z
"""

STANDING: Final[Mapping[str, Status]] = {
    "claim_task": Status.QUEUED,
    "start_deployment": Status.APPROVED,
    "succeed_deployment": Status.STARTED,
    "fail_deployment": Status.STARTED,
    "rollback_deployment": Status.STARTED,
    "promote_deployment": Status.SUCCEEDED,
}
"""Where the deployment has to stand for an operation to be possible; else it waits for qa."""

PLACELESS: Final = {Right.READ, Right.OWN_TOKENS}
"""What everybody may who is signed in, so that no place limits it."""


async def call(api: Api, operation: str, by: Headers, caller: str = "mo") -> httpx2.Response:
    """Call an operation on what there is, so that it would work for whoever may."""
    method, path = OPERATIONS[operation]
    places = {
        "deployment": "DEP-1",
        "environment": "production",
        "service": "shop",
        "version": "1.0.0",
        "path": "terraform/envs/production/shop/main.tf",
        "user": caller if REQUIRED_RIGHTS.get(operation) is Right.OWN_TOKENS else "bo",
        "token": await a_token(api, caller) if "{token}" in path else "",
        "freeze": await a_freeze(api) if "{freeze}" in path else "",
        "claim": await a_claim(api),
    }
    body: dict[str, Any] = {"json": BODIES[operation]} if operation in BODIES else {}
    headers = dict(by)
    if operation == "import_history":
        headers, body = headers | {"Content-Type": "text/csv"}, {"content": HISTORY}
    return await api.client.request(method.upper(), path.format(**places), headers=headers, **body)


async def a_token(api: Api, name: str) -> str:
    page = ok_json(await api.get(f"/users/{name}/tokens", headers=auth_header("owner")))
    token: str = page["items"][0]["id"]
    return token


async def a_freeze(api: Api) -> str:
    """The one that there is, if there is one."""
    page = await api.get("/freezes", headers=auth_header("owner"))
    return next((each["id"] for each in ok_json(page)["items"]), str(UUID(int=0)))


async def a_claim(api: Api) -> UUID:
    """The one that there is, if there is one."""
    later = api.clock() + timedelta(minutes=30)
    lapsed = await api.app.state.context.reads.read_snapshot(
        lambda uow: uow.claims.list_expired(later)
    )
    return next((each.id for each in lapsed), UUID(int=0))


async def prepare(api: Api, operation: str) -> None:
    """Have what the operation needs to be possible."""
    await api.deployment(STANDING.get(operation, Status.PENDING_APPROVAL))
    if operation in {"get_freeze", "lift_freeze"}:
        created_json(await api.post("/freezes", {"reason": "The sale."}))
    if operation in {"renew_claim", "report_steps", "finish_claim"}:
        await api.deployment(Status.QUEUED)
        ok_json(await api.post("/worker/claims", BODIES["claim_task"]))


def is_let_in(response: httpx2.Response) -> bool:
    """Whether it was neither unknown who asks nor denied to them."""
    return response.status_code not in {401, 403}


async def missing(api: Api) -> Headers:
    del api.client.headers["Authorization"]
    return {}


async def unknown(_: Api) -> Headers:
    return {"Authorization": "Bearer nobody-s"}


async def expired(api: Api) -> Headers:
    short = await post_token(api, "mo", by=auth_header("mo"), expires_at="2026-11-21T13:00:00Z")
    api.clock.advance(timedelta(hours=1))
    return short


async def revoked(api: Api) -> Headers:
    other = await post_token(api, "mo", by=auth_header("mo"))
    token = ok_json(await api.get("/me", headers=other))["token"]["id"]
    ok_json(await api.client.delete(f"/api/v1/users/mo/tokens/{token}", headers=other))
    return other


async def disabled(api: Api) -> Headers:
    await patch_user(api, "mo", disabled=True)
    return auth_header("mo")


def test_every_operation_that_needs_a_token_has_its_row() -> None:
    """The guard lets nothing pass without one, and there is none for what is not there."""
    assert REQUIRED_RIGHTS.keys() == set(CLOSED)
    assert OPERATIONS.keys() >= OPEN_TO_ALL
    assert BODIES.keys() | STANDING.keys() <= OPERATIONS.keys()


@pytest.mark.parametrize("operation", CLOSED)
@pytest.mark.parametrize("credential", [missing, unknown, expired, revoked, disabled])
async def test_no_operation_is_open_to_whoever_cannot_be_known(
    api: Api, operation: str, credential: Callable[[Api], Awaitable[Headers]]
) -> None:
    """Without a token that opens something, everything but health is 401, and nothing happens."""
    await create_user(api, "mo", *Role)
    await api.create_deployment()
    by = await credential(api)
    with api.assert_nothing_stored():
        response = await call(api, operation, by)

    assert_problem(response, 401, "unauthenticated")


@pytest.mark.parametrize("operation", sorted(HEALTH))
async def test_health_is_open_to_everybody(api: Api, operation: str) -> None:
    """Whatever keeps the process running has no token."""
    del api.client.headers["Authorization"]

    assert (await api.client.get(OPERATIONS[operation][1])).status_code == 200


@pytest.mark.parametrize("operation", CLOSED)
@pytest.mark.parametrize("role", Role)
async def test_an_operation_is_open_to_a_role_as_the_table_says(
    api: Api, operation: str, role: Role
) -> None:
    """Whoever has just one role is denied exactly what no row gives it."""
    right = REQUIRED_RIGHTS[operation]
    by = await create_user(api, "mo", role)
    if operation == "cancel_deployment" and role is Role.REQUESTER:
        await post_deployment(api, by)  # a requester takes back their own
    else:
        await prepare(api, operation)

    response = await call(api, operation, by)

    assert is_let_in(response) is (role in ROLES_WITH[right])
    if not is_let_in(response):
        assert_problem(response, 403, "forbidden")


async def test_a_requester_cancels_nobody_elses_deployment(api: Api) -> None:
    """To take back what another asked for is an operator's."""
    by = await create_user(api, "mo", Role.REQUESTER)
    await api.create_deployment()

    assert_problem(await call(api, "cancel_deployment", by), 403, "forbidden")


@pytest.mark.parametrize("operation", CLOSED)
@pytest.mark.parametrize("elsewhere", [{"service": "cart"}, {"environment": "development"}])
async def test_what_is_granted_elsewhere_does_not_hold_here(
    api: Api, operation: str, elsewhere: dict[str, Any]
) -> None:
    """Every role, but only for another service or in another environment, is no right here."""
    by = await create_user(api, "mo")
    await patch_user(api, "mo", grants=[{"role": role, **elsewhere} for role in Role])
    await prepare(api, operation)

    response = await call(api, operation, by)

    if operation == "claim_task":
        assert response.status_code == 204  # there is nothing for it in its own place
    else:
        assert is_let_in(response) is (REQUIRED_RIGHTS[operation] in PLACELESS)


@pytest.mark.parametrize("operation", CLOSED)
@pytest.mark.parametrize("scope", [{"role": "viewer"}, {"role": "operator", "service": "cart"}])
async def test_a_confined_token_does_no_more_than_its_scopes(
    api: Api, operation: str, scope: dict[str, Any]
) -> None:
    """Whatever its holder may do: it reads, and makes no other token to get around that."""
    await create_user(api, "mo", *Role)
    by = await post_token(api, "mo", by=auth_header("mo"), scopes=[scope])
    await prepare(api, operation)

    response = await call(api, operation, by)

    assert is_let_in(response) is (
        REQUIRED_RIGHTS[operation] is Right.READ or operation == "list_tokens"
    )
