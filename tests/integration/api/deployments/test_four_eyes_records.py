"""Attempts to open the promotion and soak gates by a record: none of them counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.event import to_rfc3339
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.users import (
    Headers,
    create_environment,
    create_service_account,
    create_user,
    patch_user,
    post_deployment,
    post_token,
)

pytestmark = pytest.mark.every_database

OWNER: Final = auth_header("owner")
WEEK_S: Final = 7 * 24 * 3600
LONG_AGO: Final = to_rfc3339(NOON - timedelta(days=30))

RecordAttempt = Callable[[Api], Awaitable[Json]]
"""Records the version in `lab`, requests it in `live`, and returns that deployment."""


async def create_lanes(api: Api, **policy: object) -> None:
    """Create `lab` with a stage, and `live`, which requires a success there."""
    await create_environment(api, "lab", ["qa"])
    await create_environment(api, "live", **({"requires": ["lab"]} | policy))


async def record(api: Api, by: Headers, **changes: object) -> Json:
    body = {"service": "shop", "environment": "lab", "version": "1.0.0", "deployed_at": LONG_AGO}
    return created_json(
        await api.post("/deployments/record", {**body, **changes}, headers=dict(by))
    )


async def import_row(api: Api, by: Headers) -> None:
    content = f"service,environment,version,deployed_at\nshop,lab,1.0.0,{LONG_AGO}\n"
    ok_json(
        await api.client.post(
            "/api/v1/deployments/import",
            content=content,
            headers={"Content-Type": "text/csv", **by},
        )
    )


async def request(api: Api, by: Headers) -> Json:
    return await post_deployment(api, by, environment="live")


async def by_the_requester(api: Api, roles: tuple[Role, ...]) -> Json:
    mo = await create_user(api, "mo", *roles)
    await record(api, mo)
    return await request(api, mo)


async def by_another_requester(api: Api) -> Json:
    await record(api, await create_user(api, "mo", Role.REQUESTER))
    return await request(api, await create_user(api, "ron", Role.REQUESTER))


async def by_a_service_account_of_the_requester(api: Api) -> Json:
    mo = await create_user(api, "mo", *Role)
    await record(api, await create_service_account(api, "bot", maker=mo))
    return await request(api, mo)


async def requested_by_the_service_account_of_the_recorder(api: Api) -> Json:
    mo = await create_user(api, "mo", *Role)
    await record(api, mo)
    return await request(api, await create_service_account(api, "bot", maker=mo))


async def by_an_operator_of_another_environment(api: Api) -> Json:
    otto = await create_user(api, "otto", Role.REQUESTER)
    grants = [{"role": "requester"}, {"role": "operator", "environment": "live"}]
    await patch_user(api, "otto", grants=grants)
    await record(api, otto)
    return await request(api, await create_user(api, "ron", Role.REQUESTER))


async def by_an_operator_who_is_none_any_more(api: Api) -> Json:
    await record(api, await create_user(api, "otto", Role.OPERATOR))
    await patch_user(api, "otto", grants=[{"role": "requester"}])
    return await request(api, await create_user(api, "ron", Role.REQUESTER))


async def by_an_operator_who_is_disabled(api: Api) -> Json:
    await record(api, await create_user(api, "otto", Role.OPERATOR))
    await patch_user(api, "otto", disabled=True)
    return await request(api, await create_user(api, "ron", Role.REQUESTER))


async def import_by_the_requester(api: Api) -> Json:
    mo = await create_user(api, "mo", Role.ADMIN, Role.REQUESTER, Role.OPERATOR)
    await import_row(api, mo)
    return await request(api, mo)


async def import_by_an_admin_who_is_no_operator(api: Api) -> Json:
    await import_row(api, await create_user(api, "mo", Role.ADMIN))
    return await request(api, await create_user(api, "ron", Role.REQUESTER))


async def for_the_requester_by_act_as(api: Api) -> Json:
    mo = await create_user(api, "mo", Role.REQUESTER, Role.OPERATOR)
    bot = await create_user(api, "bot", Role.ACT_AS, Role.REQUESTER, kind=UserKind.SERVICE)
    await record(api, mo)
    deployment = await post_deployment(api, bot, environment="live", requester="mo")
    assert deployment["requester"] == "mo"
    return deployment


async def then_granted_to_the_requester(api: Api) -> Json:
    mo = await create_user(api, "mo", Role.REQUESTER)
    await record(api, mo)
    deployment = await request(api, mo)
    await patch_user(api, "mo", grants=[{"role": "requester"}, {"role": "operator"}])
    return deployment


async def with_a_deployer_of_another_name(api: Api) -> Json:
    mo = await create_user(api, "mo", Role.REQUESTER, Role.OPERATOR)
    await record(api, mo, deployed_by="olga")
    return await request(api, mo)


async def with_another_token(api: Api) -> Json:
    mo = await create_user(api, "mo", Role.REQUESTER, Role.OPERATOR)
    await record(api, await post_token(api, "mo", by=mo))
    return await request(api, mo)


ROLES: Final = (Role.REQUESTER, Role.OPERATOR, Role.ADMIN, Role.EMERGENCY)
ATTEMPTS: Final[list[RecordAttempt]] = [
    *(partial(by_the_requester, roles=(Role.REQUESTER, *ROLES[1:count])) for count in range(1, 5)),
    by_another_requester,
    by_a_service_account_of_the_requester,
    requested_by_the_service_account_of_the_recorder,
    by_an_operator_of_another_environment,
    by_an_operator_who_is_none_any_more,
    by_an_operator_who_is_disabled,
    import_by_the_requester,
    import_by_an_admin_who_is_no_operator,
    for_the_requester_by_act_as,
    then_granted_to_the_requester,
    with_a_deployer_of_another_name,
    with_another_token,
]


def attempt_id(attempt: RecordAttempt) -> str:
    """Return the name of an attempt."""
    if isinstance(attempt, partial):
        return f"{attempt.func.__name__}-{len(attempt.keywords['roles'])}"
    return str(getattr(attempt, "__name__", attempt))


async def gate_of(api: Api, deployment: Json, kind: str) -> Json:
    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates"))["gates"]
    return next(gate for gate in gates if gate["kind"] == kind)


@pytest.mark.parametrize("soak_s", [0, WEEK_S])
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=attempt_id)
async def test_record_does_not_open_the_gates(
    api: Api, attempt: RecordAttempt, soak_s: int
) -> None:
    """The gate says which record does not count, why, and what to do; the start is refused."""
    await create_lanes(api, soak_s=soak_s)

    deployment = await attempt(api)

    for kind in ("promotion", "soak") if soak_s else ("promotion",):
        gate = await gate_of(api, deployment, kind)
        assert gate["state"] == "waiting"
        assert "The record DEP-1 of 1.0.0 in lab does not count, because " in gate["message"]
        assert "have an operator who is independent of the requester" in gate["message"]
    started = await api.post(f"/deployments/{deployment['number']}/start", {}, headers=OWNER)
    assert (started.status_code, started.json()["code"]) == (409, "upstream_missing")


async def test_record_by_an_independent_operator_opens_the_promotion_gate(api: Api) -> None:
    """The gate and the evidence say who recorded it and when."""
    await create_lanes(api)
    await record(api, await create_user(api, "otto", Role.OPERATOR))
    deployment = await request(api, await create_user(api, "ron", Role.REQUESTER))

    gate = await gate_of(api, deployment, "promotion")

    told = "recorded by otto on 21 November 2026, 12:00 UTC, DEP-1"
    assert (gate["state"], gate["message"]) == ("open", f"1.0.0 succeeded in lab ({told}).")
    number = deployment["number"]
    ok_json(await api.post(f"/deployments/{number}/start", {}, headers=OWNER))
    evidence = ok_json(await api.get(f"/deployments/{number}/evidence"))
    assert any(told in (at["message"] or "") for at in evidence["gates_at_start"])


async def test_soak_time_starts_when_a_record_was_told(api: Api) -> None:
    """A back-dated record by an independent operator has not soaked yet."""
    await create_lanes(api, soak_s=WEEK_S)
    await record(api, await create_user(api, "otto", Role.OPERATOR))
    deployment = await request(api, await create_user(api, "ron", Role.REQUESTER))

    early = await gate_of(api, deployment, "soak")
    api.clock.at = NOON + timedelta(days=7)
    late = await gate_of(api, deployment, "soak")

    assert (early["state"], early["opens_at"]) == ("waiting", "2026-11-28T12:00:00Z")
    assert late["state"] == "open"
    assert "recorded by otto" in late["message"]


async def test_maximum_age_counts_from_the_deployment(api: Api) -> None:
    """A record of an old deployment is as old as the deployment."""
    await create_lanes(api, max_age_s=WEEK_S)
    await record(api, await create_user(api, "otto", Role.OPERATOR))
    deployment = await request(api, await create_user(api, "ron", Role.REQUESTER))

    assert (await gate_of(api, deployment, "promotion"))["code"] == "upstream_too_old"


@pytest.mark.parametrize(
    ("accept", "by", "state"),
    [
        ("none", "otto", "waiting"),
        ("none", "ron", "waiting"),
        ("operators", "otto", "open"),
        ("operators", "ron", "waiting"),
        ("any", "otto", "open"),
        ("any", "ron", "open"),
    ],
)
async def test_policy_says_which_records_count(api: Api, accept: str, by: str, state: str) -> None:
    """With `none` no record counts, and with `any` also one by the requester."""
    await create_lanes(api, accept_records=accept)
    await create_user(api, "otto", Role.OPERATOR)
    await create_user(api, "ron", Role.REQUESTER)
    await record(api, auth_header(by))

    deployment = await request(api, auth_header("ron"))

    assert (await gate_of(api, deployment, "promotion"))["state"] == state


async def test_record_of_another_cannot_be_rewritten_by_its_external_id(api: Api) -> None:
    """The id of a record that counts is no way to change what it says."""
    await create_lanes(api)
    otto = await create_user(api, "otto", Role.OPERATOR)
    ron = await create_user(api, "ron", Role.REQUESTER)
    await api.version("2.0.0")
    await record(api, otto, external_id="ci/1")

    body = {"service": "shop", "environment": "lab", "version": "2.0.0", "external_id": "ci/1"}
    taken = await api.post("/deployments/record", body, headers=dict(ron))

    assert (taken.status_code, taken.json()["code"]) == (409, "external_id_taken")
    deployment = await post_deployment(api, ron, environment="live", version="2.0.0")
    assert (await gate_of(api, deployment, "promotion"))["state"] == "waiting"


async def test_version_that_succeeded_cannot_be_registered_again(api: Api) -> None:
    """What succeeded stays what it was: its name cannot stand for another build."""
    await create_lanes(api)
    await record(api, await create_user(api, "otto", Role.OPERATOR))
    ron = await create_user(api, "ron", Role.REQUESTER)

    again = await api.post(
        "/services/shop/versions", {"version": "1.0.0", "commit_sha": "0" * 40}, headers=dict(ron)
    )

    assert (again.status_code, again.json()["code"]) == (409, "version_exists")
