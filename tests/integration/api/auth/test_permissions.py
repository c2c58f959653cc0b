"""Permissions for every operation in the OpenAPI document, by role, scope and credential."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from gatepost_api.auth.required_rights import REQUIRED_RIGHTS
from gatepost_api.openapi.document import openapi_document
from gatepost_domain.access.roles import ROLES_WITH, Right, Role
from gatepost_domain.status_transitions import Status
from tests.support.builders import FrozenClock
from tests.support.domain.ingest import SECRET
from tests.support.http import notifications, protection_answers
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
    running_api,
)
from tests.support.http.check_runs import PATH, TARGET_WITH_CHECKS, claim_check_run
from tests.support.http.incident_requests import INCIDENT, open_incident
from tests.support.http.ingest import send_github, set_up
from tests.support.http.resource_ids import ids_in
from tests.support.http.users import Headers, create_user, patch_user, post_deployment, post_token
from tests.support.http.webhooks import (
    URL,
    prepare_webhook,
)

HEALTH: Final = {"get_liveness", "get_readiness"}
NO_TOKEN_REQUIRED: Final = HEALTH | {"exchange_token", "receive_delivery"}  # signed in the body
OPERATIONS: Final[Mapping[str, tuple[str, str]]] = {
    operation["operationId"]: (method, path)
    for path, operations in openapi_document()["paths"].items()
    for method, operation in operations.items()
}
TOKEN_REQUIRED: Final = sorted(OPERATIONS.keys() - NO_TOKEN_REQUIRED)

READS: Final = [name for name in TOKEN_REQUIRED if OPERATIONS[name][0] == "get"]
ROLES_WITHOUT_RIGHT: Final = {
    operation: roles
    for operation in TOKEN_REQUIRED
    if (roles := [role for role in Role if role not in ROLES_WITH[REQUIRED_RIGHTS[operation]]])
}
"""The roles that may not perform an operation, for each operation that not all may perform."""
PERMITTED_WRITES: Final = [
    (operation, role)
    for operation in TOKEN_REQUIRED
    if operation not in READS
    for role in Role
    if role in ROLES_WITH[REQUIRED_RIGHTS[operation]]
    or (operation, role) == ("cancel_deployment", Role.REQUESTER)
]
"""Each write with each role that may perform it. Requesters may only cancel what is their own."""

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
    **notifications.BODIES,
    **protection_answers.BODIES,
    "add_webhook": {"url": URL},
    "change_webhook": {"enabled": False},
    "finish_delivery": {"fencing_token": 1, "took_ms": 12, "status": 200},
    "finish_check_run": {"fencing_token": 1, "results": []},
    "finish_claim": {"fencing_token": 1, "outcome": "succeeded"},
    "hide_deployment": {"reason": "It was another service."},
    "impose_freeze": {"reason": "The sale."},
    "preview_freeze": {"reason": "The sale."},
    "issue_token": {},
    "link_incident": {"deployment": None},
    "open_incident": INCIDENT,
    "override_gate": {"gate": "freeze", "reason": "It cannot wait."},
    "preview_deployment": deployment_body(),
    "promote_deployment": {"environment": "staging"},
    "put_ingest_source": {"secret": SECRET},
    "put_policy": {},
    "simulate_policy": {"policy": {}},
    "record_deployment": {"service": "shop", "environment": "production", "version": "1.0.0"},
    "record_tracked_deployment": {
        "applicationId": "shop",
        "versionId": "1.0.0",
        "environmentId": "production",
        "deploymentDate": "2026-11-20T00:00:00Z",
    },
    "put_target": {"executor": {"kind": "simulated"}},
    "register_platform_service": {
        "service_name": "billing",
        "team_name": "checkout",
        "repo_url": "https://git.example/billing",
    },
    "register_service": {
        "name": "billing",
        "team": "checkout",
        "repo_url": "https://git.example/billing",
    },
    "register_version": {"version": "9.9.9"},
    "reject_deployment": {"note": "No."},
    "reject_settings_change": {"note": "No."},
    "release_hold": {"reason": "It is fixed."},
    "renew_check_run": {"fencing_token": 1},
    "renew_claim": {"fencing_token": 1},
    "reset_user": {"reason": "The laptop was stolen."},
    "report_steps": {"fencing_token": 1, "steps": []},
    "rollback_deployment": {"note": "No."},
    "trigger_platform_deployment": {"service_name": "shop"},
    "unblock_version": {"environment": "production", "reason": "It is fixed."},
    "withdraw_approval": {"note": "It is the wrong version."},
}
"""A valid body for each operation that needs one."""

QUERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "get_consistency_proof": {"old_size": "1"},
    "get_inclusion_proof": {"seq": "1"},
}
"""A valid query for each operation that needs one."""

HISTORY: Final = """service,environment,version,deployed_at
shop,production,1.0.0,2026-11-20T00:00:00Z
"""

CALENDAR: Final = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:New Year
DTSTART;VALUE=DATE:20270101
END:VEVENT
END:VCALENDAR
"""

REQUIRED_STATUS: Final[Mapping[str, Status]] = {
    "claim_task": Status.QUEUED,
    "start_deployment": Status.APPROVED,
    "succeed_deployment": Status.STARTED,
    "fail_deployment": Status.STARTED,
    "rollback_deployment": Status.STARTED,
    "promote_deployment": Status.SUCCEEDED,
    "retry_deployment": Status.FAILED,
    "get_tracked_deployment": Status.SUCCEEDED,
}
"""The status that an operation requires, where it is not `pending_approval`."""

RIGHTS_OF_EVERYBODY: Final = {Right.READ, Right.OWN_TOKENS, Right.OWN_NOTIFICATIONS}
"""Rights of every signed-in user, which no grant limits to a service or environment."""


OWN_READS: Final = {
    "get_notification_channel",
    "list_notification_channels",
    "list_notifications",
    "list_tokens",
}
"""The operations that read only the caller's own resources, unless a further right permits more."""


async def call(api: Api, operation: str, by: Headers, caller: str = "mo") -> httpx2.Response:
    """Call an operation with valid parameters and a valid body."""
    method, path = OPERATIONS[operation]
    parameters = {
        "deployment": "DEP-1",
        "environment": "production",
        "service": "shop",
        "version": "1.0.0",
        "path": "terraform/envs/production/shop/main.tf",
        "user": caller if REQUIRED_RIGHTS.get(operation) is Right.OWN_TOKENS else "bo",
        "source": "github",
        "id": "DEP-1",
        "service_name": "shop",
        "appId": "shop",
        "envId": "production",
    }
    parameters |= await ids_in(path, api, caller)
    query = QUERIES.get(operation)
    body: dict[str, Any] = {"json": BODIES[operation]} if operation in BODIES else {}
    headers = dict(by)
    if operation == "import_history":
        headers, body = headers | {"Content-Type": "text/csv"}, {"content": HISTORY}
    if operation == "import_freezes":
        headers, body = headers | {"Content-Type": "text/calendar"}, {"content": CALENDAR}
    return await api.client.request(
        method.upper(), path.format(**parameters), params=query, headers=headers, **body
    )


async def prepare(api: Api, operation: str) -> None:
    """Create the resources that the operation needs to succeed."""
    await api.deployment(REQUIRED_STATUS.get(operation, Status.PENDING_APPROVAL))
    if operation in {"get_freeze", "lift_freeze"}:
        created_json(await api.post("/freezes", {"reason": "The sale."}))
    if operation == "run_checks":
        ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    if operation in {"get_check_run", "renew_check_run", "finish_check_run"}:
        await claim_check_run(api)
    if operation in {"get_incident", "resolve_incident", "link_incident"}:
        await open_incident(api)
    if "ingest" in operation:
        await set_up(api)
        await send_github(api)
    await prepare_webhook(api, operation)
    await notifications.prepare_notifications(api, operation)
    if operation == "finish_protection_answer":
        await protection_answers.claim_answer(api)
    if "settings_change" in operation:
        for policy in ({"settings_approvals": 1}, {}):
            await api.put("/environments/production/policy", policy)
    if operation in {"renew_claim", "report_steps", "finish_claim"}:
        await api.deployment(Status.QUEUED)
        ok_json(await api.post("/worker/claims", BODIES["claim_task"]))


def is_permitted(response: httpx2.Response) -> bool:
    """Return whether the response is neither 401 nor 403."""
    return response.status_code not in {401, 403}


async def missing_token(api: Api) -> Headers:
    del api.client.headers["Authorization"]
    return {}


async def unknown_token(_: Api) -> Headers:
    return {"Authorization": "Bearer nobody-s"}


async def expired_token(api: Api) -> Headers:
    header = await post_token(api, "mo", by=auth_header("mo"), expires_at="2026-11-21T13:00:00Z")
    api.clock.advance(timedelta(hours=1))
    return header


async def revoked_token(api: Api) -> Headers:
    header = await post_token(api, "mo", by=auth_header("mo"))
    token = ok_json(await api.get("/me", headers=header))["token"]["id"]
    ok_json(await api.client.delete(f"/api/v1/users/mo/tokens/{token}", headers=header))
    return header


async def token_of_disabled_user(api: Api) -> Headers:
    await patch_user(api, "mo", disabled=True)
    return auth_header("mo")


def test_every_operation_has_a_required_right() -> None:
    """The table of required rights lists exactly the operations that require a token."""
    assert REQUIRED_RIGHTS.keys() == set(TOKEN_REQUIRED)
    assert OPERATIONS.keys() >= NO_TOKEN_REQUIRED
    assert BODIES.keys() | QUERIES.keys() | REQUIRED_STATUS.keys() <= OPERATIONS.keys()


@pytest.mark.parametrize(
    "credential",
    [missing_token, unknown_token, expired_token, revoked_token, token_of_disabled_user],
)
async def test_invalid_credential_is_refused_by_every_operation(
    database: Path, subtests: pytest.Subtests, credential: Callable[[Api], Awaitable[Headers]]
) -> None:
    """A missing, invalid, expired or revoked token returns 401, as does a disabled user's token.

    A refused request stores nothing, so all operations can use the same records.
    """
    async with running_api(database, FrozenClock(), failures_a_minute=2 * len(OPERATIONS)) as api:
        await create_user(api, "mo", *Role)
        await api.create_deployment()
        by = await credential(api)
        for operation in TOKEN_REQUIRED:
            with subtests.test(operation), api.assert_nothing_stored():
                assert_problem(await call(api, operation, by), 401, "unauthenticated")


@pytest.mark.parametrize("operation", sorted(HEALTH))
async def test_health_needs_no_token(api: Api, operation: str) -> None:
    """The health operations succeed without a token, since the process supervisor has none."""
    del api.client.headers["Authorization"]

    assert (await api.client.get(OPERATIONS[operation][1])).status_code == 200


@pytest.mark.parametrize("operation", ROLES_WITHOUT_RIGHT)
async def test_operation_is_denied_to_the_roles_without_its_right(
    api: Api, subtests: pytest.Subtests, operation: str
) -> None:
    """A user with a single role is denied the operations whose right the role lacks.

    A denied request changes nothing, so all roles can use the same records.
    """
    await prepare(api, operation)
    for role in ROLES_WITHOUT_RIGHT[operation]:
        by = await create_user(api, role, role)
        with subtests.test(role.value):
            assert_problem(await call(api, operation, by, role), 403, "forbidden")


@pytest.mark.parametrize("operation", READS)
async def test_read_is_permitted_to_the_roles_of_its_right(
    api: Api, subtests: pytest.Subtests, operation: str
) -> None:
    """A user with a single role may read what the role has the right to read."""
    await prepare(api, operation)
    for role in sorted(ROLES_WITH[REQUIRED_RIGHTS[operation]]):
        by = await create_user(api, role, role)
        await notifications.prepare_own_channel(api, operation, role)
        with subtests.test(role.value):
            assert is_permitted(await call(api, operation, by, role))


@pytest.mark.parametrize(("operation", "role"), PERMITTED_WRITES)
async def test_write_is_permitted_to_the_roles_of_its_right(
    api: Api, operation: str, role: Role
) -> None:
    """A user with a single role may perform the writes to which the role has the right."""
    by = await create_user(api, "mo", role)
    if operation == "cancel_deployment" and role is Role.REQUESTER:
        await post_deployment(api, by)
    else:
        await prepare(api, operation)
    await notifications.prepare_own_channel(api, operation, "mo")
    if operation == "withdraw_approval":
        ok_json(await api.post("/deployments/DEP-1/approve", {}, headers=by))

    assert is_permitted(await call(api, operation, by))


async def test_requester_cannot_cancel_anothers_deployment(api: Api) -> None:
    """Cancelling somebody else's deployment requires the operator role."""
    by = await create_user(api, "mo", Role.REQUESTER)
    await api.create_deployment()

    assert_problem(await call(api, "cancel_deployment", by), 403, "forbidden")


@pytest.mark.parametrize("operation", TOKEN_REQUIRED)
@pytest.mark.parametrize("elsewhere", [{"service": "cart"}, {"environment": "development"}])
async def test_grant_for_another_place_gives_no_right(
    api: Api, operation: str, elsewhere: dict[str, Any]
) -> None:
    """Roles granted for one service or environment give no rights in another."""
    by = await create_user(api, "mo")
    await patch_user(api, "mo", grants=[{"role": role, **elsewhere} for role in Role])
    await prepare(api, operation)
    await notifications.prepare_own_channel(api, operation, "mo")

    response = await call(api, operation, by)

    if operation == "claim_task":
        assert response.status_code == 204  # there is no task within the worker's grants
    else:
        assert is_permitted(response) is (REQUIRED_RIGHTS[operation] in RIGHTS_OF_EVERYBODY)


@pytest.mark.parametrize("operation", TOKEN_REQUIRED)
@pytest.mark.parametrize("scope", [{"role": "viewer"}, {"role": "operator", "service": "cart"}])
async def test_scoped_token_is_limited_to_its_scopes(
    api: Api, operation: str, scope: dict[str, Any]
) -> None:
    """A token scoped to reading or to another service permits only reading."""
    await create_user(api, "mo", *Role)
    by = await post_token(api, "mo", by=auth_header("mo"), scopes=[scope])
    await prepare(api, operation)
    await notifications.prepare_own_channel(api, operation, "mo")

    response = await call(api, operation, by)

    assert is_permitted(response) is (
        REQUIRED_RIGHTS[operation] is Right.READ or operation in OWN_READS
    )
