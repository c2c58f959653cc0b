"""Starts without a human's approval where the tier is, was or becomes production: all are marked.

The tier can be changed for a moment, so neither the one at the request nor the one at the start
decides alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.audit import export_table
from tests.support.http.evidence import find_faults, get_evidence
from tests.support.http.review_attempts import case_id
from tests.support.http.settings_changes import OWNER, put_policy, send
from tests.support.http.users import post_deployment
from tests.support.http.worker_claims import claim_task

pytestmark = pytest.mark.every_database

ADA: Final = auth_header("ada")

History = Callable[[Api], Awaitable[Json]]
"""Creates and starts a deployment, and returns it as the start answered."""


async def create(api: Api, tier: str = "test", **policy: Any) -> None:
    """Create the environment `site`, which requires no review."""
    body = {"name": "site", "tier": tier, "policy": {"approval_stages": [], **policy}}
    created_json(await api.post("/environments", body))


async def change(api: Api, environment: str = "site", **changes: Any) -> Json:
    return ok_json(await send(api, "PATCH", f"/environments/{environment}", changes))


async def request(api: Api, environment: str = "site") -> Json:
    return await post_deployment(api, ADA, environment=environment)


async def start(api: Api, deployment: Json, *, by: str = "olga") -> Json:
    return ok_json(await api.perform(deployment, Action.START, actor=by))


async def tier_and_review_for_a_moment(api: Api) -> Json:
    stages = ok_json(await api.get("/environments/production/policy"))["approval_stages"]
    await change(api, "production", tier="test")
    ok_json(await put_policy(api, approval_stages=[]))
    started = await start(api, await request(api, "production"))
    ok_json(await put_policy(api, approval_stages=stages))
    await change(api, "production", tier="production")
    return started


async def lowered_before_the_first_request(api: Api) -> Json:
    await create(api, "production")
    await change(api, tier="staging")
    return await start(api, await request(api))


async def raised_and_lowered_again(api: Api) -> Json:
    await create(api)
    for tier in ("production", "test", "development"):
        await change(api, tier=tier)
    return await start(api, await request(api))


async def requested_before_it_became_production(api: Api) -> Json:
    await create(api)
    requested = await request(api)
    await change(api, tier="production")
    return await start(api, requested)


async def requested_in_production_and_started_after_it(api: Api) -> Json:
    await create(api, "production")
    requested = await request(api)
    await change(api, tier="test")
    return await start(api, requested)


async def archived_and_created_again(api: Api) -> Json:
    await create(api, "production")
    await change(api, archived=True, tier="test")
    body = {"name": "site", "tier": "test", "policy": {}}
    assert_problem(await api.post("/environments", body), 409, "environment_exists")
    await change(api, archived=False)
    return await start(api, await request(api))


async def shown_under_another_name(api: Api) -> Json:
    await create(api, "production")
    await change(api, display_name="Playground", rank=1, tier="test")
    return await start(api, await request(api))


async def claimed_by_a_worker(api: Api) -> Json:
    await create(api, "production", execution="worker", auto_start=True)
    await change(api, tier="test")
    requested = await request(api)
    assert requested["status"] == "queued"
    await claim_task(api)
    return ok_json(await api.get(f"/deployments/{requested['number']}"))


async def queued_before_it_became_production(api: Api) -> Json:
    await create(api, execution="worker", auto_start=True)
    requested = await request(api)
    await change(api, tier="production")
    await change(api, tier="test")
    await claim_task(api)
    return ok_json(await api.get(f"/deployments/{requested['number']}"))


async def rollback_that_the_policy_exempts(api: Api) -> Json:
    """A rollback without review is no exception."""
    await create(api, "production", rollback_approvals="none")
    await api.version("1.0.1")
    for version, number in (("1.0.0", "DEP-1"), ("1.0.1", "DEP-2")):
        deployment = await post_deployment(api, ADA, environment="site", version=version)
        assert deployment["number"] == number
        ok_json(await api.perform(await start(api, deployment), Action.SUCCEED, actor="olga"))
    await change(api, tier="test")
    body = {"note": "Broken.", "redeploy": True}
    ok_json(await api.post("/deployments/DEP-2/rollback", body, headers=OWNER))
    return await start(api, {"number": "DEP-3"})


MARKED: Final[list[History]] = [
    tier_and_review_for_a_moment,
    lowered_before_the_first_request,
    raised_and_lowered_again,
    requested_before_it_became_production,
    requested_in_production_and_started_after_it,
    archived_and_created_again,
    shown_under_another_name,
    claimed_by_a_worker,
    queued_before_it_became_production,
    rollback_that_the_policy_exempts,
]


async def started_before_it_became_production(api: Api) -> Json:
    await create(api)
    started = await start(api, await request(api))
    await change(api, tier="production")
    return started


async def never_production(api: Api) -> Json:
    await create(api, "staging")
    await change(api, tier="development")
    return await start(api, await request(api))


async def approved_by_people_while_the_tier_was_lower(api: Api) -> Json:
    await change(api, "production", tier="test")
    requested = await request(api, "production")
    for actor in ("quinn", "devin"):
        ok_json(await api.perform(requested, Action.APPROVE, actor=actor))
    return await start(api, requested)


async def break_glass_while_the_tier_was_lower(api: Api) -> Json:
    await change(api, "production", tier="test")
    requested = await request(api, "production")
    ok_json(await api.perform(requested, Action.BREAK_GLASS, actor="eve"))
    return await start(api, requested, by="eve")


UNMARKED: Final[list[History]] = [
    started_before_it_became_production,
    never_production,
    approved_by_people_while_the_tier_was_lower,
    break_glass_while_the_tier_was_lower,
]


PERIOD: Final = {"since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}
PLACES: Final = ("answer", "deployment", "evidence", "report", "export")


async def places_with_a_mark(api: Api, deployment: Json) -> dict[str, bool]:
    """Return whether the deployment is marked, by the place that says so."""
    number = deployment["number"]
    stored = ok_json(await api.get(f"/deployments/{number}"))
    evidence = await get_evidence(api, number)
    assert find_faults(evidence) == []
    report = ok_json(await api.get("/reports/delivery", params=PERIOD))
    exported = {row["number"]: row for row in await export_table(api)}
    return {
        "answer": deployment["review"]["waived"] is not None,
        "deployment": stored["review"]["waived"] is not None,
        "evidence": evidence["deployment"]["review"]["waived"] is not None,
        "report": number in report["figures"]["unreviewed_changes"]["deployments"],
        "export": exported[number]["waived_by"] != "",
    }


@pytest.mark.parametrize("history", [*MARKED, *UNMARKED], ids=case_id)
async def test_review_is_waived_wherever_the_tier_ever_was_production(
    api: Api, history: History
) -> None:
    """The answer, the stored deployment, its evidence, the report and the export agree."""
    deployment = await history(api)

    marked = history in MARKED
    assert await places_with_a_mark(api, deployment) == dict.fromkeys(PLACES, marked)
    verified = ok_json(await api.get("/audit/verify"))
    assert (verified["ok"], verified["faults"]) == (True, [])


async def test_environment_says_forever_that_it_was_in_production(api: Api) -> None:
    """From the first moment in tier production on, whatever happens to it afterwards."""
    await create(api)
    shown = [ok_json(await api.get("/environments/site"))["was_production"]]
    changes: tuple[Json, ...] = ({"tier": "production"}, {"tier": "test"}, {"archived": True})
    shown += [(await change(api, **each))["was_production"] for each in changes]
    ok_json(await put_policy(api, "site", soak_s=60, requires=["test"]))
    shown.append(ok_json(await api.get("/environments/site"))["was_production"])

    assert shown == [False, True, True, True, True]
