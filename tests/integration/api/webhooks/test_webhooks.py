"""Webhooks over HTTP: what admins see, what workers send, and that secrets stay secret."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook as ReferenceVerifier

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
from tests.support.http.api import PREFIX, Api, Json, ok_json
from tests.support.http.standard_webhooks import is_authentic
from tests.support.http.users import create_user
from tests.support.http.webhooks import (
    PATH,
    URL,
    add_webhook,
    claim_delivery,
    claim_test,
    finish,
    queue,
)


def code_of(response: httpx2.Response) -> str:
    """Return the code of a problem."""
    code: str = response.json()["code"]
    return code


def headers_of(task: Json) -> dict[str, str]:
    """Return the headers of a message."""
    return {header["name"]: header["value"] for header in task["headers"]}


def reference_signature(secret: str, task: Json) -> str:
    """Return the signature of the reference library for the id, the time and the body."""
    headers = headers_of(task)
    at = datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(
        seconds=int(headers["webhook-timestamp"])
    )
    return ReferenceVerifier(secret).sign(headers["webhook-id"], at, task["body"])


async def test_secret_is_shown_once(api: Api) -> None:
    """It has the format of Standard Webhooks; no later response contains it."""
    added = await add_webhook(api, events=["approved"], tier=["production"])
    secret, webhook = added["secret"], added["webhook"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    path = f"{PATH}/{webhook['id']}"
    later = [
        (await api.get(path)).text,
        (await api.get(PATH)).text,
        (await api.get("/events")).text,
        (await api.get(f"{path}/deliveries")).text,
    ]

    assert secret.startswith("whsec_")
    assert len(key) == 32
    assert all(secret not in text for text in later)
    assert webhook["events"] == ["approved"]
    assert webhook["tier"] == ["production"]
    assert ok_json(await api.get(path)) == webhook


async def test_repeated_creation_hides_the_secret(api: Api) -> None:
    """Stored responses contain no secret."""
    headers = {"Idempotency-Key": "k1"}
    first = (await api.post(PATH, {"url": URL}, headers=headers)).json()
    repeated = await api.post(PATH, {"url": URL}, headers=headers)

    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert first["secret"] is not None
    assert repeated.json() == {"webhook": first["webhook"], "secret": None}


async def test_message_has_the_event_and_its_deployment(api: Api) -> None:
    """The body is that of Standard Webhooks, and the parts are as the API returns them."""
    await add_webhook(api, events=["requested"])
    await api.deployment(Status.PENDING_APPROVAL)
    await queue(api)
    task = await claim_delivery(api)
    message = json.loads(task["body"])

    assert message["type"] == "requested"
    event = message["data"]["event"]
    stored = ok_json(await api.get("/events", params={"after": event["seq"] - 1, "limit": 1}))
    assert stored["items"] == [event]
    assert message["timestamp"] == event["at"]
    deployment = ok_json(await api.get(f"/deployments/{message['data']['deployment']['id']}"))
    assert deployment == message["data"]["deployment"]
    assert task["url"] == URL
    assert headers_of(task)["content-type"] == "application/json"


async def test_signature_is_valid_by_the_reference_library(api: Api) -> None:
    """And by our own verification, written from the specification."""
    added = await add_webhook(api)
    ok_json(await api.post(f"{PATH}/{added['webhook']['id']}/test"))
    task = await claim_delivery(api)
    headers, body = headers_of(task), task["body"].encode()

    assert headers["webhook-signature"] == reference_signature(added["secret"], task)
    assert is_authentic(added["secret"], headers, body, now_s=api.clock().timestamp())
    assert headers["webhook-id"] == task["id"]


async def test_both_secrets_sign_for_a_day_after_a_rotation(api: Api) -> None:
    """The receiver can change over in the meantime."""
    added = await add_webhook(api)
    path = f"{PATH}/{added['webhook']['id']}"
    rotated = ok_json(await api.post(f"{path}/rotate"))
    ok_json(await api.post(f"{path}/test"))
    task = await claim_delivery(api)
    both = headers_of(task)["webhook-signature"].split(" ")
    await finish(api, task)
    api.clock.advance(timedelta(hours=24))
    ok_json(await api.post(f"{path}/test"))
    later = await claim_delivery(api)

    assert rotated["secret"] != added["secret"]
    assert rotated["webhook"]["previous_secret_until"] is not None
    assert both == [
        reference_signature(rotated["secret"], task),
        reference_signature(added["secret"], task),
    ]
    assert headers_of(later)["webhook-signature"] == reference_signature(rotated["secret"], later)
    assert ok_json(await api.get(path))["previous_secret_until"] is None


async def test_id_is_the_same_in_every_attempt(api: Api) -> None:
    """So that a receiver recognizes what it has received before."""
    task = await claim_test(api)
    await finish(api, task, 500)
    api.clock.advance(timedelta(seconds=7))
    retry = await claim_delivery(api)

    assert retry["id"] == task["id"]
    assert headers_of(retry)["webhook-id"] == headers_of(task)["webhook-id"]
    assert retry["body"] == task["body"]
    assert retry["fencing_token"] > task["fencing_token"]


async def test_deliveries_show_attempts_and_are_filtered_by_state(api: Api) -> None:
    """An admin sees what the receiver answered, and when the next attempt is due."""
    task = await claim_test(api)
    await finish(api, task, 500, detail="The receiver answered 500.")
    path = f"{PATH}/{ok_json(await api.get(PATH))['items'][0]['id']}/deliveries"
    (pending,) = ok_json(await api.get(path, params={"state": "pending"}))["items"]

    assert pending["last_attempt"]["status"] == 500
    assert pending["last_attempt"]["detail"] == "The receiver answered 500."
    assert pending["attempts"] == 1
    assert pending["next_attempt_at"] is not None
    assert ok_json(await api.get(path, params={"state": "failed"}))["items"] == []
    assert (await api.get(path, params={"state": "lost"})).status_code == 422


async def test_redelivery_keeps_the_id(api: Api) -> None:
    """It is refused while the delivery is pending."""
    task = await claim_test(api)
    webhook = ok_json(await api.get(PATH))["items"][0]["id"]
    path = f"{PATH}/{webhook}/deliveries/{task['id']}/redeliver"
    too_early = await api.post(path)
    await finish(api, task)
    ok_json(await api.post(path))
    again = await claim_delivery(api)

    assert code_of(too_early) == "delivery_pending"
    assert again["id"] == task["id"]


async def test_superseded_report_is_refused(api: Api) -> None:
    """A worker that was thought to be lost cannot change the result."""
    task = await claim_test(api)
    api.clock.advance(timedelta(seconds=25))
    await claim_delivery(api, "berlin-2")
    body = {"fencing_token": task["fencing_token"], "took_ms": 1, "status": 200}
    late = await api.post(f"/worker/deliveries/{task['id']}/finish", body)

    assert code_of(late) == "delivery_claim_lost"


async def test_worker_of_an_older_release_gets_no_messages(api: Api) -> None:
    """It does not know the kind of task."""
    await claim_test(api)
    ok_json(await api.post(f"{PATH}/{ok_json(await api.get(PATH))['items'][0]['id']}/test"))
    api.clock.advance(timedelta(minutes=1))
    response = await api.post(
        "/worker/claims", {"worker": "berlin-1", "kinds": ["deployment", "check_run"]}
    )

    assert response.status_code == 204


async def test_change_disables_and_enables(api: Api) -> None:
    """A stale change is refused."""
    webhook = (await add_webhook(api))["webhook"]
    path = f"{PATH}/{webhook['id']}"
    disabled = await api.client.patch(
        f"{PREFIX}{path}", json={"enabled": False}, headers={"If-Match": '"1"'}
    )
    stale = await api.client.patch(
        f"{PREFIX}{path}", json={"enabled": True}, headers={"If-Match": '"1"'}
    )
    refused_test = await api.post(f"{path}/test")
    enabled = ok_json(await api.client.patch(f"{PREFIX}{path}", json={"enabled": True}))

    assert ok_json(disabled)["disabled"]["reason"] == "admin"
    assert stale.status_code == 412
    assert code_of(refused_test) == "webhook_disabled"
    assert enabled["enabled"]


async def test_removed_webhook_is_gone(api: Api) -> None:
    """Its events remain."""
    webhook = (await add_webhook(api))["webhook"]
    path = f"{PATH}/{webhook['id']}"
    ok_json(await api.client.delete(f"{PREFIX}{path}"))

    assert code_of(await api.get(path)) == "unknown_webhook"
    assert code_of(await api.client.delete(f"{PREFIX}{path}")) == "unknown_webhook"
    assert ok_json(await api.get(PATH))["items"] == []


async def test_url_is_in_no_event(api: Api) -> None:
    """Everybody can read events, and a URL may contain a key."""
    await add_webhook(api, url="https://hooks.example/services/T0/B0?key=private-key-1")
    events = (await api.get("/events", params={"limit": 200})).text

    assert "private-key-1" not in events
    assert "/services/T0/B0" not in events
    assert "hooks.example" in events


async def test_only_admins_see_webhooks(api: Api) -> None:
    """A URL may contain a key."""
    webhook = (await add_webhook(api))["webhook"]
    viewer = await create_user(api, "vic", Role.VIEWER)
    path = f"{PATH}/{webhook['id']}"

    for wanted in (PATH, path, f"{path}/deliveries"):
        assert (await api.get(wanted, headers=viewer)).status_code == 403


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["#/url"]),
        ({"url": "hooks.example"}, ["#/url"]),
        ({"url": "file:///etc/passwd"}, ["#/url"]),
        ({"url": "https://user:pass@hooks.example"}, ["#/url"]),
        ({"url": URL, "events": []}, ["#/events"]),
        ({"url": URL, "events": ["approval", "*"]}, ["#/events/0"]),
        ({"url": URL, "service": ["nope"], "tier": ["gold"]}, ["#/tier/0"]),
        (
            {"url": URL, "service": ["nope"], "environment": ["moon"]},
            ["#/service/0", "#/environment/0"],
        ),
        ({"url": URL, "format": "cdevents", "events": ["approved"]}, ["#/events"]),
        ({"url": URL, "secret": "mine"}, ["#/secret"]),
    ],
)
async def test_invalid_webhooks_are_refused_with_pointers(
    api: Api, body: Json, pointers: list[str]
) -> None:
    """All faults are named at once."""
    response = await api.post(PATH, body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == pointers


async def test_unknown_ids_are_404(api: Api) -> None:
    """Also those that are no ids."""
    webhook = (await add_webhook(api))["webhook"]["id"]
    nil = "00000000-0000-0000-0000-000000000000"

    for unknown in (nil, "hook"):
        assert code_of(await api.get(f"{PATH}/{unknown}")) == "unknown_webhook"
        path = f"{PATH}/{webhook}/deliveries/{unknown}/redeliver"
        assert code_of(await api.post(path)) == "unknown_delivery"
        report: dict[str, Any] = {"fencing_token": 1, "took_ms": 1}
        path = f"/worker/deliveries/{unknown}/finish"
        assert code_of(await api.post(path, report)) == "unknown_delivery"


async def test_no_table_contains_a_secret(api: Api) -> None:
    """Secrets are derived from the signing key, so a copy of the database reveals none."""
    added = await add_webhook(api)
    rotated = ok_json(await api.post(f"{PATH}/{added['webhook']['id']}/rotate"))
    assert isinstance(api.database, Path)
    files = api.database.parent.glob(f"{api.database.name}*")
    content = b"".join(file.read_bytes() for file in files)

    assert b"hooks.example" in content
    for answer in (added, rotated):
        assert answer["secret"].removeprefix("whsec_").encode() not in content
        assert base64.b64decode(answer["secret"].removeprefix("whsec_")) not in content
