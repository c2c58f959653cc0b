"""Incidents are reported, listed, resolved and linked to the deployments that caused them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, assert_problem, auth_header, created_json, ok_json
from tests.support.http.users import create_user

INCIDENT: Final = {"service": "shop", "environment": "production", "title": "It is slow."}
RECORD: Final = {"service": "shop", "environment": "production", "version": "1.0.0"}


async def open_incident(api: Api, **fields: Any) -> Any:
    return created_json(await api.post("/incidents", {**INCIDENT, **fields}))


async def test_incident_is_reported(api: Api) -> None:
    """By default, it starts now and is open, and its cause is not known."""
    incident = await open_incident(api, external_id="PD-1", url="https://example.com/1")

    assert incident == {
        "id": incident["id"],
        **INCIDENT,
        "external_id": "PD-1",
        "url": "https://example.com/1",
        "started_at": "2026-11-21T12:00:00Z",
        "detected_at": None,
        "resolved_at": None,
        "caused_by": None,
        "opened_at": "2026-11-21T12:00:00Z",
        "opened_by": "owner",
        "resolved_by": None,
    }
    assert ok_json(await api.get(f"/incidents/{incident['id']}")) == incident
    event = ok_json(await api.get("/events", params={"limit": 200}))["items"][-1]
    assert (event["kind"], event["data"]["incident"]) == ("incident_opened", incident["id"])


async def test_incident_is_reported_once(api: Api) -> None:
    """A repeated external id returns the incident; one of another incident is refused."""
    incident = await open_incident(api, external_id="PD-1")

    with api.assert_nothing_stored():
        repeated = await api.post("/incidents", {**INCIDENT, "external_id": "PD-1"})
        other = await api.post("/incidents", {**INCIDENT, "external_id": "PD-1", "title": "Down."})

    assert (repeated.status_code, repeated.json()["id"]) == (200, incident["id"])
    assert_problem(other, 409, "external_id_taken")


async def test_incident_is_resolved_once(api: Api) -> None:
    """It is resolved now or at the given time, and cannot be resolved again."""
    incident = await open_incident(api, started_at="2026-11-21T11:00:00Z")
    path = f"/incidents/{incident['id']}/resolve"

    resolved = ok_json(await api.post(path, {"resolved_at": "2026-11-21T11:30:00Z"}))

    assert (resolved["resolved_at"], resolved["resolved_by"]) == ("2026-11-21T11:30:00Z", "owner")
    assert_problem(await api.post(path, {}), 409, "incident_resolved")


async def test_incident_is_linked_to_a_deployment(api: Api) -> None:
    """The link can be changed and removed, each time with one event."""
    created_json(await api.post("/deployments/record", RECORD))
    incident = await open_incident(api)
    path = f"/incidents/{incident['id']}/link"

    linked = ok_json(await api.post(path, {"deployment": "DEP-1", "note": "See the trace."}))
    with api.assert_nothing_stored():
        ok_json(await api.post(path, {"deployment": "1"}))
    removed = ok_json(await api.post(path, {"deployment": None}))

    assert (linked["caused_by"], removed["caused_by"]) == ("DEP-1", None)
    *_, first, second = ok_json(await api.get("/events", params={"limit": 200}))["items"]
    assert (first["kind"], first["note"]) == ("incident_linked", "See the trace.")
    assert (first["data"]["deployment"], first["data"]["linked_before"]) == ("DEP-1", None)
    assert (second["data"]["deployment"], second["data"]["linked_before"]) == (None, "DEP-1")


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"service": "moon"}, "unknown_service", "#/service"),
        ({"environment": "moon"}, "unknown_environment", "#/environment"),
        ({"caused_by": "DEP-99"}, "unknown_deployment", "#/caused_by"),
        ({"caused_by": "the last one"}, "unknown_deployment", "#/caused_by"),
        ({"caused_by": "DEP-1"}, "deployment_not_rolled_out", "#/caused_by"),
        ({"started_at": "2026-11-21T12:00:01Z"}, "incident_in_future", "#/started_at"),
        ({"resolved_at": "2026-11-21T11:00:00Z"}, "incident_times_reversed", "#/resolved_at"),
        (
            {"started_at": "2026-11-21T11:00:00Z", "detected_at": "2026-11-21T10:00:00Z"},
            "incident_times_reversed",
            "#/detected_at",
        ),
        ({"url": "javascript:alert(1)"}, "invalid", "#/url"),
        ({"title": " "}, "invalid", "#/title"),
    ],
)
async def test_report_that_cannot_be_true_is_refused(
    api: Api, fields: dict[str, Any], code: str, pointer: str
) -> None:
    """The problem names the field, and nothing is stored."""
    await api.deployment(Status.PENDING_APPROVAL)

    with api.assert_nothing_stored():
        response = await api.post("/incidents", {**INCIDENT, **fields})

    assert_problem(response, 422, code, pointer)


async def test_incidents_are_listed(api: Api) -> None:
    """They are listed last reported first, and filtered by place, end and cause."""
    created_json(await api.post("/deployments/record", RECORD))
    first = await open_incident(api, caused_by="DEP-1")
    second = await open_incident(api, environment="staging")
    ok_json(await api.post(f"/incidents/{second['id']}/resolve", {}))

    async def ids(**params: Any) -> list[str]:
        items = ok_json(await api.get("/incidents", params=params))["items"]
        return [item["id"] for item in items]

    page = ok_json(await api.get("/incidents", params={"limit": 1}))

    assert await ids() == [second["id"], first["id"]]
    assert await ids(cursor=page["next_cursor"]) == [first["id"]]
    assert await ids(environment="staging") == [second["id"]]
    assert await ids(service="shop") == [second["id"], first["id"]]
    assert await ids(open="true") == [first["id"]]
    assert await ids(open="false") == [second["id"]]
    assert await ids(caused_by="1") == [first["id"]]


async def test_unknown_incident_is_not_found(api: Api) -> None:
    """An id that names no incident is 404, also if it is no id."""
    for name in ("0197f5c8-b1d2-7c6e-9a3f-5d2e8c4b1a07", "PD-1"):
        assert_problem(await api.get(f"/incidents/{name}"), 404, "unknown_incident")


async def test_only_operators_report_incidents(api: Api) -> None:
    """A requester cannot report one, and the attempt is recorded."""
    await create_user(api, "rosa", Role.REQUESTER)

    response = await api.post("/incidents", INCIDENT, headers=auth_header("rosa"))

    assert_problem(response, 403, "forbidden")


async def test_linked_incident_counts_in_the_report(api: Api) -> None:
    """Its deployment failed, and recovered when the incident was resolved; others did not fail."""
    for minute in range(2):
        at = f"2026-11-21T10:0{minute}:00Z"
        created_json(await api.post("/deployments/record", RECORD | {"deployed_at": at}))
    unlinked = {"started_at": "2026-11-21T10:02:00Z", "resolved_at": "2026-11-21T10:03:00Z"}
    linked = {
        "started_at": "2026-11-21T10:30:00Z",
        "resolved_at": "2026-11-21T11:15:00Z",
        "caused_by": "DEP-1",
    }

    await open_incident(api, **unlinked)
    await open_incident(api, **linked)
    api.clock.advance(timedelta(minutes=1))

    figures = ok_json(await api.get("/reports/delivery"))["figures"]
    rate, recovery = figures["change_failure_rate"], figures["recovery_time"]
    assert (rate["numerator"], rate["denominator"], rate["deployments"]) == (1, 2, ["DEP-1"])
    assert (recovery["median_s"], recovery["deployments"]) == (45 * 60, ["DEP-1"])
    assert rate["follows"].startswith("DORA: change failure rate")
    assert figures["waiting_time"]["follows"] is None
