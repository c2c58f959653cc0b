"""Messages as CDEvents: the CloudEvent around them, and what each event becomes.

No package has the schemas of CDEvents, so the tests state what CDEvents 0.5.1 requires.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.formats.json import JSONFormat

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import PREFIX, Api, Json, created_json, ok_json
from tests.support.http.webhooks import PATH, add_webhook, claim_delivery, finish, queue

CONTEXT_FIELDS: Final = {"specversion", "id", "source", "type", "timestamp"}
CONTENT_FIELDS: Final = {
    "service.deployed": {"environment", "artifactId"},
    "service.upgraded": {"environment", "artifactId"},
    "service.rolledback": {"environment", "artifactId"},
    "service.removed": {"environment"},
    "environment.created": {"name"},
    "environment.modified": {"name"},
}
"""The fields of the content; the schemas allow no others but a URI of the environment."""


def require_valid(task: Json) -> Json:
    """Return the CDEvent of a message, which is in a valid CloudEvent."""
    headers = {header["name"]: header["value"] for header in task["headers"]}
    message = HTTPMessage(headers=headers, body=task["body"].encode())
    event: Any = from_http_event(message, JSONFormat())
    data: Json = event.get_data()
    context, subject = data["context"], data["subject"]
    assert headers["content-type"] == "application/cloudevents+json"
    assert (event.get_id(), event.get_source()) == (context["id"], context["source"])
    assert (event.get_type(), event.get_subject()) == (context["type"], subject["id"])
    assert event.get_time() == datetime.fromisoformat(context["timestamp"])
    assert data.keys() == {"context", "subject", "customData", "customDataContentType"}
    assert context.keys() == CONTEXT_FIELDS
    assert context["specversion"] == "0.5.1"
    assert re.fullmatch(r"gatepost/\S+", context["source"])
    assert subject.keys() == {"id", "content"}
    assert subject["id"]
    return data


def short_type(data: Json) -> str:
    """Return the subject and the predicate, such as `service.deployed`."""
    match = re.fullmatch(r"dev\.cdevents\.(\w+\.\w+)\.0\.3\.0", data["context"]["type"])
    assert match is not None
    assert data["subject"]["content"].keys() == CONTENT_FIELDS[match[1]]
    return match[1]


async def messages(api: Api) -> list[Json]:
    """Return all CDEvents that are due, in order."""
    await queue(api)
    found: list[Json] = []
    while True:
        body = {"worker": "berlin-1", "kinds": ["webhook_delivery"]}
        response = await api.post("/worker/claims", body)
        if response.status_code == 204:
            return found
        task = response.json()
        found.append(require_valid(task))
        await finish(api, task)


async def record(api: Api, version: str, at: str) -> None:
    body = {
        "service": "shop",
        "environment": "production",
        "version": version,
        "deployed_at": at,
    }
    created_json(await api.post("/deployments/record", body))


async def test_first_deployment_of_a_lane_is_deployed_and_later_ones_upgraded(api: Api) -> None:
    """The time of a record is when the version was deployed."""
    await add_webhook(api, format="cdevents")
    await record(api, "1.0.0", "2026-11-20T12:00:00Z")
    await record(api, "1.0.0", "2026-11-20T13:00:00Z")

    first, second = await messages(api)

    assert [short_type(first), short_type(second)] == ["service.deployed", "service.upgraded"]
    assert first["subject"] == {
        "id": "shop",
        "content": {
            "environment": {"id": "production"},
            "artifactId": "pkg:generic/shop@1.0.0",
        },
    }
    assert first["context"]["timestamp"] == "2026-11-20T12:00:00.000000Z"
    assert first["customData"]["kind"] == "recorded"


async def test_success_of_a_rollout_is_sent_and_requests_are_not(api: Api) -> None:
    """Events without a CDEvent are left out."""
    await add_webhook(api, format="cdevents")
    await api.deployment(Status.SUCCEEDED)

    (message,) = await messages(api)

    assert short_type(message) == "service.deployed"
    assert message["customData"]["kind"] == "succeeded"


async def test_rollback_deployment_is_rolledback(api: Api) -> None:
    """It is sent when the earlier version is live again."""
    await api.deployment(Status.SUCCEEDED)
    created_json(await api.post("/services/shop/versions", {"version": "2.0.0"}))
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    await add_webhook(api, format="cdevents")
    ok_json(await api.post(f"/deployments/{bad['id']}/rollback", {"note": "No.", "redeploy": True}))
    page = ok_json(await api.get("/deployments", params={"kind": "rollback"}))
    (rollback,) = page["items"]
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.START, "owner"),
        (Action.SUCCEED, "owner"),
    ):
        ok_json(await api.perform(rollback, action, actor=actor))

    (message,) = await messages(api)

    assert short_type(message) == "service.rolledback"
    assert message["subject"]["content"]["artifactId"] == "pkg:generic/shop@1.0.0"


async def roll_back(api: Api, deployment: Json, **body: object) -> None:
    """Roll a deployment back."""
    body = {"note": "No.", **body}
    ok_json(await api.post(f"/deployments/{deployment['id']}/rollback", body))


async def test_bare_rollback_is_rolledback(api: Api) -> None:
    """A rollback without a redeployment is sent at once, with the version that is live again."""
    await api.deployment(Status.SUCCEEDED)
    created_json(await api.post("/services/shop/versions", {"version": "2.0.0"}))
    api.clock.advance(timedelta(minutes=1))
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    await add_webhook(api, format="cdevents")
    await roll_back(api, bad)

    (message,) = await messages(api)

    assert short_type(message) == "service.rolledback"
    assert message["subject"]["content"] == {
        "environment": {"id": "production"},
        "artifactId": "pkg:generic/shop@1.0.0",
    }
    assert message["customData"] == {
        "kind": "rolled_back",
        "actor": "owner",
        "deployment": bad["number"],
    }


async def test_rollback_of_the_only_deployment_is_removed(api: Api) -> None:
    """Nothing runs there any more."""
    only = await api.deployment(Status.SUCCEEDED)
    await add_webhook(api, format="cdevents")
    await roll_back(api, only)

    (message,) = await messages(api)

    assert short_type(message) == "service.removed"
    assert message["subject"]["content"] == {"environment": {"id": "production"}}


async def test_version_that_was_retired_is_not_live_again(api: Api) -> None:
    """After the target was retired, only the version that was rolled back was deployed."""
    await record(api, "1.0.0", "2026-11-20T12:00:00Z")
    ok_json(await api.client.delete(f"{PREFIX}/services/shop/targets/production"))
    api.clock.advance(timedelta(minutes=1))
    bad = await api.deployment(Status.SUCCEEDED)
    await add_webhook(api, format="cdevents")
    await roll_back(api, bad)

    (message,) = await messages(api)

    assert short_type(message) == "service.removed"


async def test_rollback_of_what_was_not_live_is_not_sent(api: Api) -> None:
    """Neither a failed deployment nor one that was followed by another one was live."""
    failed = await api.deployment(Status.FAILED)
    earlier = await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(minutes=1))
    await api.deployment(Status.SUCCEEDED)
    await add_webhook(api, format="cdevents")
    await roll_back(api, failed)
    await roll_back(api, earlier)

    assert await messages(api) == []


async def test_retired_target_is_removed(api: Api) -> None:
    """Nothing runs there any more."""
    await record(api, "1.0.0", "2026-11-20T12:00:00Z")
    await add_webhook(api, format="cdevents")
    ok_json(await api.client.delete(f"{PREFIX}/services/shop/targets/production"))

    (message,) = await messages(api)

    assert short_type(message) == "service.removed"
    assert message["subject"]["content"] == {"environment": {"id": "production"}}


async def test_environments_are_created_and_modified(api: Api) -> None:
    """The subject is the environment."""
    await add_webhook(api, format="cdevents")
    created_json(await api.post("/environments", {"name": "farm", "tier": "test"}))
    ok_json(await api.client.patch(f"{PREFIX}/environments/farm", json={"display_name": "Farm"}))

    created, modified = await messages(api)

    assert [short_type(created), short_type(modified)] == [
        "environment.created",
        "environment.modified",
    ]
    assert created["subject"] == {"id": "farm", "content": {"name": "farm"}}


async def test_test_is_a_custom_event(api: Api) -> None:
    """CDEvents has none for it; the type has the form of custom events."""
    webhook = (await add_webhook(api, format="cdevents"))["webhook"]["id"]
    ok_json(await api.post(f"{PATH}/{webhook}/test"))

    data = require_valid(await claim_delivery(api))

    pattern = r"dev\.cdeventsx\.[a-zA-Z0-9]+-[a-zA-Z]+\.[a-zA-Z]+\.[0-9]\.[0-9]\.[0-9]"
    assert re.fullmatch(pattern, data["context"]["type"])


async def test_package_url_has_the_digest_and_escapes_the_version(api: Api) -> None:
    """A version can contain any character of a URL."""
    body = {"version": "1.0+b/2", "artifact_digest": f"sha256:{'a' * 64}"}
    created_json(await api.post("/services/shop/versions", body))
    await add_webhook(api, format="cdevents")
    await record(api, "1.0+b/2", "2026-11-20T12:00:00Z")

    (message,) = await messages(api)

    assert message["subject"]["content"]["artifactId"] == (
        f"pkg:generic/shop@1.0%2Bb%2F2?checksum=sha256:{'a' * 64}"
    )
