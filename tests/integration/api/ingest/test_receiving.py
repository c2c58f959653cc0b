"""Receiving deliveries over HTTP: signatures, repetitions, and bodies of every kind."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from gatepost_api.ingest.source_controller import MAX_PAYLOAD_BYTES
from tests.support.domain.ingest import (
    SECRET,
    cdevent,
    encode,
    github_status,
    gitlab_deployment,
)
from tests.support.http.api import Api, assert_problem, ok_json
from tests.support.http.ingest import (
    github_headers,
    hub_signature,
    send,
    send_github,
    set_up,
    standard_headers,
)

SHOP: dict[str, Any] = {"service_map": {"example/*": "shop"}, "create_missing": True}
BODY = encode(github_status())


async def test_signed_delivery_is_recorded(api: Api) -> None:
    """A repetition returns the same response and changes nothing."""
    await set_up(api, **SHOP)

    first = await send_github(api)
    second = await send_github(api)

    assert first == second
    assert first["state"] == "applied"
    (deployment,) = first["deployments"]
    record = ok_json(await api.get(f"/deployments/{deployment['number']}"))
    assert (record["id"], record["kind"], record["version"]) == (
        deployment["id"],
        "record",
        "v1.4.2",
    )
    records = ok_json(await api.get("/deployments?kind=record"))["items"]
    assert len(records) == 1


async def test_unsigned_delivery_is_refused(api: Api) -> None:
    """A token is no signature, and the response does not say what would be right."""
    await set_up(api, **SHOP)
    headers = github_headers(BODY)

    unsigned = {name: value for name, value in headers.items() if "Signature" not in name}
    assert_problem(await send(api, BODY, unsigned), 401, "invalid_signature")
    assert_problem(await send(api, BODY + b" ", headers), 401, "invalid_signature")
    response = await send(api, BODY, {**headers, "X-Hub-Signature-256": "sha256=00"})
    assert_problem(response, 401, "invalid_signature")
    assert SECRET not in response.text
    assert ok_json(await api.get("/ingest/deliveries"))["items"] == []


async def test_source_that_is_not_set_up_is_not_found(api: Api) -> None:
    """Neither is one that does not exist."""
    assert_problem(await send(api, BODY, github_headers(BODY)), 404, "unknown_ingest_source")
    response = await send(api, BODY, github_headers(BODY), "bitbucket")
    assert_problem(response, 404, "unknown_ingest_source")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointers"),
    [
        (b"", 400, "malformed", ["#"]),
        (b"[]", 400, "malformed", ["#"]),
        (b"\xff\xfe", 400, "malformed", ["#"]),
        (b'{"a":' * 50_000, 400, "malformed", ["#"]),
        (b'"' + b"x" * MAX_PAYLOAD_BYTES + b'"', 413, "body_too_large", []),
    ],
    ids=["empty", "a list", "not UTF-8", "nested", "too large"],
)
async def test_unreadable_body_is_refused(
    api: Api, body: bytes, status: int, code: str, pointers: list[str]
) -> None:
    """With one documented problem, and never with an error of the server."""
    await set_up(api)

    assert_problem(await send(api, body, github_headers(body)), status, code, *pointers)


async def test_headers_are_checked(api: Api) -> None:
    """GitHub's payload does not say its type."""
    await set_up(api)
    headers = github_headers(BODY)

    without = {name: value for name, value in headers.items() if name != "X-GitHub-Event"}
    assert_problem(await send(api, BODY, without), 422, "invalid", "header/X-GitHub-Event")
    strange = {**headers, "X-GitHub-Delivery": "x" * 201}
    assert_problem(await send(api, BODY, strange), 422, "invalid", "header/X-GitHub-Delivery")
    gzip = {**headers, "Content-Encoding": "gzip"}
    response = await send(api, BODY, gzip)
    assert_problem(response, 415, "unsupported_content_encoding", "header/Content-Encoding")


async def test_form_of_github_is_read(api: Api) -> None:
    """It is GitHub's default."""
    await set_up(api, **SHOP)
    body = urlencode({"payload": BODY.decode()}).encode()
    headers = github_headers(body) | {"Content-Type": "application/x-www-form-urlencoded"}

    response = await send(api, body, headers)

    assert response.json()["state"] == "applied"


async def test_other_sources_are_recorded(api: Api) -> None:
    """Each with its own signature and delivery id."""
    mapping = {"service": "/app", "environment": "staging", "version": "/v", "delivery_id": "/id"}
    for source, settings in (
        ("gitlab", SHOP),
        ("cdevents", {"create_missing": True}),
        ("argocd", {"create_missing": True}),
        ("generic", {"create_missing": True, "mapping": mapping}),
    ):
        await set_up(api, source, **settings)
    gitlab, event = encode(gitlab_deployment()), encode(cdevent())
    generic = encode({"app": "shop", "v": "7", "id": "build-7"})
    argocd = encode(
        {"service": "shop", "environment": "production", "version": "8", "phase": "Succeeded"}
    )
    now = api.clock()

    token = {"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Deployment Hook"}
    responses: dict[str, Any] = {
        "gitlab": await send(api, gitlab, {**token, "Idempotency-Key": "g-1"}, "gitlab"),
        "cdevents": await send(api, event, standard_headers(event, id_="w-1", at=now), "cdevents"),
        "generic": await send(api, generic, {"X-Signature-256": hub_signature(generic)}, "generic"),
        "argocd": await send(api, argocd, {"X-Gatepost-Token": SECRET}, "argocd"),
    }

    for source, response in responses.items():
        assert response.status_code == 202, response.text
        assert response.json()["state"] == "applied", (source, response.text)
    assert responses["gitlab"].json()["delivery_id"] == "g-1"
    assert responses["generic"].json()["delivery_id"] == "build-7"
    assert responses["argocd"].json()["delivery_id"].startswith("sha256:")


async def test_old_delivery_is_refused(api: Api) -> None:
    """Somebody could have recorded it."""
    await set_up(api, "cdevents")
    body = encode(cdevent())
    headers = standard_headers(body, id_="w-1", at=api.clock() - timedelta(minutes=6))

    assert_problem(await send(api, body, headers, "cdevents"), 401, "invalid_signature")


async def test_secret_is_nowhere_to_be_read(api: Api) -> None:
    """Not in a response, an event or an export."""
    await set_up(api)
    await set_up(api, secret=f"{SECRET}-2")

    listed = await api.get("/ingest")
    events = await api.get("/events?limit=200")
    exported = await api.get("/audit/export?format=jsonl")

    for response in (listed, events, exported):
        assert response.status_code == 200, response.text
        assert SECRET not in response.text


async def test_delivery_is_read_replayed_and_listed(api: Api) -> None:
    """With the body as it was received."""
    await set_up(api)
    failed = await send_github(api)
    assert failed["state"] == "failed"
    assert "repo_url" in failed["reason"]
    path = f"/ingest/deliveries/{failed['id']}"

    detail = ok_json(await api.get(path))
    assert json.loads(detail["payload"]) == github_status()
    assert detail["content_type"] == "application/json"
    await set_up(api, **SHOP)
    replayed = ok_json(await api.post(f"{path}/replay"))

    assert (replayed["state"], replayed["attempts"], replayed["replayed_by"]) == (
        "applied",
        2,
        "owner",
    )
    pages = ok_json(await api.get("/ingest/deliveries?state=applied&source=github&limit=1"))
    assert [each["id"] for each in pages["items"]] == [failed["id"]]
    assert ok_json(await api.get("/ingest/deliveries?state=failed"))["items"] == []
    removed = ok_json(await api.client.delete("/api/v1/ingest/github"))
    assert removed["source"] == "github"
    assert_problem(await api.get("/ingest/deliveries/7"), 404, "unknown_ingest_delivery")


async def test_record_is_accounted_for(api: Api) -> None:
    """The verification knows the records and their deliveries."""
    await set_up(api, **SHOP)
    await send_github(api)
    await send_github(api, {}, event="ping", delivery="d-2")

    assert ok_json(await api.get("/audit/verify"))["faults"] == []
