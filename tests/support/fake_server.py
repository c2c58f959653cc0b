"""A server with prepared responses, for tests of the worker's claims."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2

from gatepost_client import AsyncGatepost
from gatepost_worker.claims.api_claims import ApiClaims


class FakeServer:
    """Returns the responses that a test prepared, and records the requests."""

    def __init__(self, respond: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self._respond = respond
        self.requests: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self._respond(request)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]


def claims_of(server: FakeServer) -> ApiClaims:
    transport = httpx2.MockTransport(server)
    gatepost = AsyncGatepost(
        "http://gatepost.example", token="gp_s_x", transport=transport, retries=None
    )
    return ApiClaims(gatepost, worker="berlin-1", lease=timedelta(seconds=15))


def server_with_problem(status: int, code: str = "", detail: str = "It is so.") -> FakeServer:
    """Return a server that responds with a problem document."""
    problem = {
        "type": f"/problems/{code}",
        "title": "No",
        "status": status,
        "detail": detail,
        "instance": "/",
        "request_id": "r-1",
        "code": code,
        "errors": [],
        "deployment_status": None,
        "allowed_actions": None,
    }
    media_type = {"content-type": "application/problem+json"}
    return FakeServer(lambda _: httpx2.Response(status, json=problem, headers=media_type))
