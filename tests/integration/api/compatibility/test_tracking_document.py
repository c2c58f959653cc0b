"""The tracking document's interface: `/api/deployments`, `/api/applications` and more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest

from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    ok_json,
)

SHOP: Final = {"id": "shop", "name": "Web Shop"}
PRODUCTION: Final = {"id": "production", "name": "PROD-EU"}
CURRENT_PATHS: Final = [
    "/api/deployments/current",
    "/api/applications/shop/deployments/current",
    "/api/environments/production/deployments/current",
]
LIST_PATHS: Final = ["/api/deployments", "/api/applications/shop/deployments"]
OWN_SENTENCES: Final = {
    "version_not_of_service": "Version does not belong to selected application",
    "deployed_at_in_future": "Deployment date cannot be in future",
}


def body(**changes: Any) -> Json:
    return {
        "applicationId": "shop",
        "versionId": "shop@1.0.0",
        "environmentId": "production",
        "deploymentDate": "2026-11-20T09:30:00Z",
        **changes,
    }


async def post(api: Api, json: object, **headers: str) -> httpx2.Response:
    by = auth_header("ada")
    return await api.client.post("/api/deployments", json=json, headers=by | headers)


async def record(api: Api, **changes: Any) -> Json:
    return created_json(await post(api, body(**changes)))


async def listed(api: Api, path: str = "/api/deployments", **filters: str) -> list[Json]:
    items: list[Json] = ok_json(await api.client.get(path, params=filters))["items"]
    return items


async def current(api: Api, path: str = "/api/deployments/current", **filters: str) -> Any:
    response = await api.client.get(path, params=filters)
    assert response.status_code == 200
    return response.json()


async def name_places(api: Api) -> None:
    """Give the application and the environment display names."""
    for path, name in (("services/shop", "Web Shop"), ("environments/production", "PROD-EU")):
        ok_json(await api.client.patch(f"/api/v1/{path}", json={"display_name": name}))


async def hide(api: Api, deployment: Json) -> None:
    reason = {"reason": "It was another service."}
    ok_json(await api.post(f"/deployments/{deployment['id']}/hide", reason))


async def test_recorded_deployment_has_the_documented_response(api: Api) -> None:
    """The response has exactly the document's fields. Later reads return the same."""
    await name_places(api)

    response = await post(api, body(deployedBy="ci", notes="Hotfix for login issue"))

    recorded = created_json(response)
    assert recorded == {
        "id": recorded["id"],
        "application": SHOP,
        "version": {"id": "shop@1.0.0", "versionIdentifier": "1.0.0"},
        "environment": PRODUCTION,
        "deploymentDate": "2026-11-20T09:30:00Z",
        "deployedBy": "ci",
        "notes": "Hotfix for login issue",
        "createdAt": "2026-11-21T12:00:00Z",
    }
    assert response.headers["Location"] == f"/api/deployments/{recorded['id']}"
    assert ok_json(await api.client.get(response.headers["Location"])) == recorded
    assert ok_json(await api.get(f"/deployments/{recorded['id']}"))["kind"] == "record"


async def test_optional_fields_are_absent_or_default(api: Api) -> None:
    """Without notes, the response has no `notes` field. `deployedBy` defaults to the caller."""
    recorded = await record(api)

    assert recorded["deployedBy"] == "ada"
    assert "notes" not in recorded


@pytest.mark.parametrize("version_id", ["1.0.0", "shop@1.0.0"])
async def test_version_is_named_by_its_id_or_alone(api: Api, version_id: str) -> None:
    """A record can name the application's version as `shop@1.0.0` or as `1.0.0`."""
    recorded = await record(api, versionId=version_id)

    assert recorded["version"] == {"id": "shop@1.0.0", "versionIdentifier": "1.0.0"}


@pytest.mark.parametrize("version_id", ["latest@1.0.0", "shop@latest@1.0.0"])
async def test_version_name_can_contain_an_at_sign(api: Api, version_id: str) -> None:
    """The text before the first at sign is removed only if it is the application's name."""
    await api.version("latest@1.0.0")

    recorded = await record(api, versionId=version_id)

    assert recorded["version"]["versionIdentifier"] == "latest@1.0.0"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"versionId": "cart@1.0.0"}, "version_not_of_service", "#/versionId"),
        ({"versionId": "9.9.9"}, "version_not_of_service", "#/versionId"),
        ({"deploymentDate": "2026-11-22T12:00:00Z"}, "deployed_at_in_future", "#/deploymentDate"),
        ({"applicationId": "nobody"}, "unknown_service", "#/applicationId"),
        ({"environmentId": "nowhere"}, "unknown_environment", "#/environmentId"),
        ({"deploymentDate": None}, "invalid", "#/deploymentDate"),
        ({"deploymentDate": "2026-11-20"}, "invalid", "#/deploymentDate"),
        ({"deploymentDate": "0001-01-01T00:00:00+01:00"}, "invalid", "#/deploymentDate"),
        ({"versionId": ""}, "invalid", "#/versionId"),
        ({"deployedBy": " "}, "invalid", "#/deployedBy"),
        ({"notes": "\x00"}, "invalid", "#/notes"),
        ({"status": "failed"}, "invalid", "#/status"),
    ],
)
async def test_invalid_record_is_refused(api: Api, changes: Json, code: str, pointer: str) -> None:
    """The pointer uses the document's field name.

    The detail is the document's sentence for the error if there is one.
    """
    with api.assert_nothing_stored():
        response = await post(api, body(**changes))

    problem = assert_problem(response, 422, code, pointer)
    if code in OWN_SENTENCES:
        assert problem["detail"] == problem["errors"][0]["detail"] == OWN_SENTENCES[code]


@pytest.mark.parametrize("field", ["applicationId", "versionId", "environmentId", "deploymentDate"])
async def test_required_field_is_named(api: Api, field: str) -> None:
    """The error names the missing field as the document writes it."""
    incomplete = {name: value for name, value in body().items() if name != field}

    assert_problem(await post(api, incomplete), 422, "invalid", f"#/{field}")


async def test_retry_with_an_idempotency_key_is_replayed(api: Api) -> None:
    """The same key and body return the stored response; another body is refused."""
    key = {"Idempotency-Key": "1"}
    first = await post(api, body(), **key)
    with api.assert_nothing_stored():
        retry = await post(api, body(), **key)
        other = await post(api, body(notes="Another."), **key)

    assert created_json(retry) == created_json(first)
    assert retry.headers["Idempotent-Replayed"] == "true"
    assert_problem(other, 422, "idempotency_mismatch")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_deployments_are_immutable(api: Api, method: str) -> None:
    """There is no operation that changes or deletes a deployment."""
    path = f"/api/deployments/{(await record(api))['id']}"
    with api.assert_nothing_stored():
        response = await api.client.request(method, path, json=body())

    assert_problem(response, 405, "method_not_allowed")


@pytest.mark.parametrize("path", LIST_PATHS)
async def test_list_has_only_deployments_that_went_live(api: Api, path: str) -> None:
    """Waiting and failed deployments are not listed, as they have no date.

    Hidden records are not listed either.
    """
    await api.deployment(Status.PENDING_APPROVAL)
    await api.deployment(Status.FAILED)
    await hide(api, await record(api))
    recorded = await record(api)
    api.clock.advance(timedelta(hours=1))
    deployed = await api.deployment(Status.SUCCEEDED)

    items = await listed(api, path)

    assert [item["id"] for item in items] == [deployed["id"], recorded["id"]]
    assert items[0]["deploymentDate"] == deployed["deployed_at"]
    assert items[1] == recorded


async def test_list_is_filtered(api: Api) -> None:
    """Filters can be combined. The date filters apply to the deployment date."""
    await api.version("2.0.0")
    first = await record(api)
    second = await record(api, versionId="2.0.0", deploymentDate="2026-11-10T00:00:00Z")
    third = await record(api, applicationId="cart", versionId="cart@1.0.0", environmentId="test")

    async def found(**filters: str) -> list[Json]:
        return await listed(api, **filters)

    assert await found() == [third, second, first]
    assert await found(applicationId="shop") == [second, first]
    assert await found(environmentId="test") == [third]
    assert await found(versionId="1.0.0") == [third, first]
    assert await found(versionId="shop@1.0.0") == [first]
    assert await found(versionId="shop@1.0.0", applicationId="shop") == [first]
    assert await found(versionId="1.0.0", applicationId="cart") == [third]
    assert await found(versionId="shop@1.0.0", applicationId="cart") == []
    assert await found(dateFrom="2026-11-20T00:00:00Z") == [third, first]
    assert await found(dateTo="2026-11-20T00:00:00Z") == [second]
    assert await found(dateFrom="2026-11-10T00:00:00Z", dateTo="2026-11-10T00:00:00Z") == []
    assert await found(applicationId="nobody") == []


@pytest.mark.parametrize("name", ["dateFrom", "dateTo"])
async def test_invalid_date_filter_is_refused(api: Api, name: str) -> None:
    """The pointer uses the document's parameter name."""
    response = await api.client.get("/api/deployments", params={name: "yesterday"})

    assert_problem(response, 422, "invalid", f"query/{name}")


@pytest.mark.parametrize("path", LIST_PATHS)
async def test_list_is_paginated(api: Api, path: str) -> None:
    """A client can get the next page with `next_cursor` or the Link header."""
    recorded = [await record(api, notes=f"{number}") for number in range(3)]

    first = await api.client.get(path, params={"limit": 2})
    cursor = ok_json(first)["next_cursor"]
    last = ok_json(await api.client.get(path, params={"limit": 2, "cursor": cursor}))

    assert ok_json(first)["items"] + last["items"] == recorded[::-1]
    assert last["next_cursor"] is None
    link = first.headers["Link"].partition(">")[0].removeprefix("<")
    assert ok_json(await api.client.get(link)) == last
    refused = await api.client.get(path, params={"cursor": "x"})
    assert_problem(refused, 422, "bad_cursor", "query/cursor")


async def test_history_of_an_application_is_ordered_by_date(api: Api) -> None:
    """The most recent deployment date comes first, even if an older one was recorded later."""
    new = await record(api)
    old = await record(api, deploymentDate="2026-01-01T00:00:00Z", environmentId="test")
    await record(api, applicationId="cart", versionId="1.0.0")

    assert await listed(api, "/api/applications/shop/deployments") == [new, old]


@pytest.mark.parametrize(
    "deployment",
    ["DEP-1", "DEP-99", "x", "00000000-0000-7000-8000-000000000001", "%00"],
)
async def test_deployment_that_did_not_go_live_is_404(api: Api, deployment: str) -> None:
    """The response is the same for a waiting deployment as for one that does not exist."""
    await api.deployment(Status.PENDING_APPROVAL)

    response = await api.client.get(f"/api/deployments/{deployment}")

    assert_problem(response, 404, "unknown_deployment")


async def test_hidden_record_is_404(api: Api) -> None:
    """A record that an admin has hidden can no longer be read, as if it had been deleted."""
    recorded = await record(api)
    await hide(api, recorded)

    response = await api.client.get(f"/api/deployments/{recorded['id']}")

    assert_problem(response, 404, "unknown_deployment")


@pytest.mark.parametrize("path", CURRENT_PATHS)
async def test_current_state_has_the_documented_response(api: Api, path: str) -> None:
    """The most recent deployment is current, even if an older one was recorded later."""
    await name_places(api)
    await api.version("0.9.0")
    await record(api)
    await record(api, versionId="0.9.0", deploymentDate="2026-01-01T00:00:00Z")

    assert await current(api, path) == [
        {
            "application": SHOP,
            "environment": PRODUCTION,
            "version": {"id": "shop@1.0.0", "versionIdentifier": "1.0.0"},
            "deploymentDate": "2026-11-20T09:30:00Z",
            "deployedBy": "ada",
        }
    ]


async def test_current_state_is_filtered(api: Api) -> None:
    """The state can be filtered by application and environment, in the query or in the path."""
    for application in ("shop", "cart"):
        for environment in ("test", "production"):
            place = {"applicationId": application, "environmentId": environment}
            await record(api, **place, versionId="1.0.0")

    async def cells(path: str = CURRENT_PATHS[0], **filters: str) -> list[str]:
        states = await current(api, path, **filters)
        return [f"{state['application']['id']}/{state['environment']['id']}" for state in states]

    assert len(await cells()) == 4
    assert await cells(applicationId="shop") == await cells(CURRENT_PATHS[1])
    assert await cells(environmentId="production") == await cells(CURRENT_PATHS[2])
    assert await cells(CURRENT_PATHS[1]) == ["shop/production", "shop/test"]
    assert await cells(CURRENT_PATHS[2]) == ["cart/production", "shop/production"]
    assert await cells(applicationId="shop", environmentId="test") == ["shop/test"]
    assert await cells(applicationId="nobody") == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/applications/nobody/deployments", "unknown_service"),
        ("/api/applications/nobody/deployments/current", "unknown_service"),
        ("/api/applications/%00/deployments", "unknown_service"),
        ("/api/environments/nowhere/deployments/current", "unknown_environment"),
        ("/api/environments/%ff/deployments/current", "unknown_environment"),
    ],
)
async def test_unknown_place_is_404(api: Api, path: str, code: str) -> None:
    """The response is 404 if the path names an application or environment that does not exist."""
    assert_problem(await api.client.get(path), 404, code)


async def test_record_today_replaces_the_current_state(api: Api) -> None:
    """A record dated now is current at once."""
    await api.version("2.0.0")
    await record(api)

    await record(api, versionId="2.0.0", deploymentDate=NOON.isoformat())

    (state,) = await current(api)
    assert state["version"]["versionIdentifier"] == "2.0.0"


async def test_imported_history_of_many_applications_is_current(api: Api) -> None:
    """The state shows the name of every application. `deployedBy` is absent where it is unknown."""
    rows = "".join(
        f"app-{number:02},production,1.0.0,2026-11-20T00:00:00Z\n" for number in range(30)
    )
    ok_json(
        await api.client.post(
            "/api/v1/deployments/import?create_missing=true",
            content=f"service,environment,version,deployed_at\n{rows}",
            headers={"Content-Type": "text/csv"},
        )
    )

    states, items = await current(api), await listed(api)

    assert [state["application"]["name"] for state in states] == [
        f"app-{number:02}" for number in range(30)
    ]
    assert sorted(item["application"]["id"] for item in items) == [
        state["application"]["id"] for state in states
    ]
    assert not any("deployedBy" in each for each in (*states, *items))
