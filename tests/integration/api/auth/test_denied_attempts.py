"""Denied attempts of a user, which could otherwise fill the event log."""

from __future__ import annotations

from datetime import timedelta

from gatepost_api.auth.denial_aggregating_ledger import DenialAggregatingLedger
from gatepost_api.auth.denial_counter import MAX_DISTINCT_ATTEMPTS, WINDOW
from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, ok_json
from tests.support.http.users import create_user

NEW_USER: Json = {"name": "zoe", "kind": "human", "grants": []}


async def denied_events(api: Api) -> list[Json]:
    events = await api.list_all("/events")
    return [event for event in events if event["kind"].endswith("_denied")]


async def end_window(api: Api) -> None:
    """Let the window of all denied attempts end, as the server does after ten minutes."""
    api.clock.advance(WINDOW)
    ledger: DenialAggregatingLedger = api.app.state.context.ledger
    await ledger.record_repetitions(api.clock())


async def test_repeated_denials_are_two_events(api: Api) -> None:
    """Each attempt is denied; the first one is recorded at once, and then the number of others."""
    by = await create_user(api, "mo", Role.VIEWER)
    for _ in range(50):
        assert_problem(await api.post("/users", NEW_USER, headers=by), 403, "forbidden")
        api.clock.advance(timedelta(seconds=1))

    (first,) = await denied_events(api)
    await end_window(api)
    (_, counted) = await denied_events(api)

    assert (first["kind"], first["actor"]) == ("access_denied", "mo")
    assert "count" not in first["data"]
    assert (counted["kind"], counted["actor"]) == ("access_denied", "mo")
    assert counted["data"]["count"] == 49
    assert counted["note"] == f"{first['note']} Attempted 49 more times."


async def test_varied_denials_are_bounded_too(api: Api) -> None:
    """A caller who changes the subject each time gets a bounded number of events."""
    deployment = await api.deployment(Status.APPROVED)
    by = await create_user(api, "mo", Role.OPERATOR)
    path = f"/deployments/{deployment['number']}/start"
    for number in range(60):
        response = await api.post(path, {"actor": f"person-{number}"}, headers=by)
        assert_problem(response, 403, "act_as_forbidden")

    *distinct, last = await denied_events(api)
    await end_window(api)
    *_, counted = await denied_events(api)

    assert len(distinct) == MAX_DISTINCT_ATTEMPTS
    assert last["data"] == {"code": "many_denials"}
    assert counted["data"]["count"] == 60 - MAX_DISTINCT_ATTEMPTS - 1


async def test_different_actions_are_recorded_separately(api: Api) -> None:
    """Two operations that need the same role are not the same attempt."""
    by = await create_user(api, "mo", Role.VIEWER)
    path = "/deployments/import"
    for _ in range(2):
        assert_problem(await api.post("/users", NEW_USER, headers=by), 403, "forbidden")
        assert_problem(await api.post(path, headers=by), 403, "forbidden")

    rights = [event["data"]["right"] for event in await denied_events(api)]

    assert rights == ["manage_people", "import"]


async def test_repeated_denials_of_a_review_are_counted(api: Api) -> None:
    """The counted attempts belong to the deployment, whose evidence stays valid."""
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    for _ in range(3):
        denied = await api.perform(deployment, Action.APPROVE, actor="ada")
        assert_problem(denied, 403, "self_review")
    await end_window(api)

    *_, first, counted = await api.events(deployment)

    assert (first["kind"], counted["kind"]) == ("review_denied", "review_denied")
    assert (first["to_status"], counted["to_status"]) == ("pending_approval", None)
    assert counted["data"]["count"] == 2
    number = deployment["number"]
    evidence = ok_json(await api.get(f"/deployments/{number}/evidence"))
    assert len(evidence["events"]) == 3
