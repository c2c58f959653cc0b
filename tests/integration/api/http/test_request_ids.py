"""A request is followed by its id through the response, the log, the problem and the event."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from gatepost_api.http.app_context import AppContext
from gatepost_api.observability.request_log import RequestLog
from gatepost_api.settings.log import LogFormat, LogLevel
from tests.support.http.api import Api, assert_problem, auth_header, created_json, ok_json

SENT = {"X-Request-ID": "run-42"}


@contextmanager
def logged(api: Api) -> Iterator[list[dict[str, Any]]]:
    """Collect the lines of the requests in the block."""
    output, context = io.BytesIO(), api.app.state.context
    lines: list[dict[str, Any]] = []
    request_log = RequestLog(output, LogFormat.JSON, LogLevel.INFO)
    with_log: AppContext = replace(context, request_log=request_log)
    api.app.state.context = with_log
    yield lines
    api.app.state.context = context
    lines += map(json.loads, output.getvalue().splitlines())


async def test_denied_request_is_followed_by_its_id(api: Api) -> None:
    """Self-review leaves a problem, a line in the log and an event, all with the id."""
    deployment = await api.create_deployment()
    path = f"/deployments/{deployment['id']}/approve"
    requester = auth_header(deployment["requester"]) | SENT

    with logged(api) as lines:
        response = await api.post(path, {"stage": "qa"}, headers=requester)

    problem = assert_problem(response, 403, "self_review")
    events = ok_json(await api.get(f"/deployments/{deployment['id']}/events"))["items"]
    assert response.headers["X-Request-ID"] == "run-42"
    assert problem["request_id"] == "run-42"
    assert [event["data"].get("request_id") for event in events] == [None, "run-42"]
    assert [(line["request_id"], line["status"], line["actor"]) for line in lines] == [
        ("run-42", 403, deployment["requester"])
    ]
    assert lines[0]["operation"] == "approve_deployment"


async def test_id_of_a_request_is_in_all_of_its_events(api: Api) -> None:
    """A change has the id of the client in its event; the next change has not."""
    first = created_json(await api.post("/services", SERVICE, headers=SENT))
    created_json(await api.post("/services", SERVICE | {"name": "other"}))

    events = ok_json(await api.get("/events?limit=200"))["items"]
    assert first["name"] == "followed"
    assert [event["data"].get("request_id") for event in events[-2:]] == ["run-42", None]


async def test_cached_response_is_logged_too(api: Api) -> None:
    """A response from the cache has an id of its own, and its line names user and operation."""
    await api.get("/deployments", headers=auth_header("ada"))
    await api.get("/deployments", headers=auth_header("ada"))
    with logged(api) as lines:
        for _ in range(3):
            await api.get("/deployments", headers=auth_header("ada"))

    assert {(line["operation"], line["actor"]) for line in lines} == {("list_deployments", "ada")}
    assert len({line["request_id"] for line in lines}) == 3


async def test_query_is_not_logged(api: Api) -> None:
    """The query of a request, such as the code of a sign-in, is in no line."""
    with logged(api) as lines:
        await api.client.get("/sign-in/provider/callback?code=c0de&state=x")
        await api.client.get("/invitation?token=gp_l_abcdefghijklmnop")

    assert [line["path"] for line in lines] == ["/sign-in/provider/callback", "/invitation"]
    assert "c0de" not in json.dumps(lines)
    assert "gp_l_" not in json.dumps(lines)


async def test_unknown_path_and_host_are_logged(api: Api) -> None:
    """A request that leads to no operation has an id and a line as well."""
    with logged(api) as lines:
        missing = await api.client.get("/nowhere")
        foreign = await api.client.get("/health/live", headers={"Host": "evil.example"})

    assert [line["status"] for line in lines] == [404, 400]
    assert [line["operation"] for line in lines] == ["none", "none"]
    assert missing.headers["X-Request-ID"] == lines[0]["request_id"]
    assert foreign.json()["request_id"] == lines[1]["request_id"]


SERVICE = {
    "name": "followed",
    "team": "web",
    "repo_url": "https://git.example/web/followed",
}
