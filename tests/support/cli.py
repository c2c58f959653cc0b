"""Runs the `gatepost` command in this process, against a server with prepared responses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import pytest

from gatepost_cli.main import main

Response = httpx2.Response | BaseException

TOKEN: Final = "gp_u_0123456789abcdefghij"
URL: Final = "http://gatepost.example"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one run of the command."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.stdout)


@dataclass
class FakeClock:
    """A clock on which time passes only when `sleep` is called."""

    now_s: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float, /) -> None:
        self.sleeps.append(seconds)
        self.now_s += seconds


class CliRunner:
    """Runs the command and records the requests that it sends."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.requests: list[httpx2.Request] = []
        self.clock = FakeClock()
        self._capsys = capsys
        self._responses: dict[str, list[Response]] = {}

    def __call__(self, *arguments: str, url: str = URL, token: str = TOKEN) -> Result:
        """Run the command with a URL and a token."""
        return self.run(*arguments, f"--url={url}", f"--token={token}")

    def run(self, *arguments: str) -> Result:
        """Run the command with these arguments only."""
        transport = httpx2.MockTransport(self._respond)
        try:
            exit_code = main(arguments, transport=transport, clock=self.clock)
        except SystemExit as error:  # raised by argparse
            exit_code = int(error.code or 0)
        return Result(exit_code, *self._capsys.readouterr())

    def prepare(self, route: str, *responses: Mapping[str, Any] | Response) -> None:
        """Set the responses to a route, such as `GET /me`, in order. The last one is repeated."""
        status = 201 if route == "POST /deployments" else 200
        self._responses[route] = [
            response
            if isinstance(response, Response)
            else httpx2.Response(status, json=dict(response))
            for response in responses
        ]

    @property
    def routes(self) -> list[str]:
        """The routes of the requests that were sent."""
        return [_route(request) for request in self.requests]

    @property
    def last_body(self) -> Any:
        """The JSON body of the last request."""
        return json.loads(self.requests[-1].content)

    def _respond(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        responses = self._responses[_route(request)]
        response = responses.pop(0) if len(responses) > 1 else responses[0]
        if isinstance(response, BaseException):
            raise response
        return response


def _route(request: httpx2.Request) -> str:
    return f"{request.method} {request.url.path.removeprefix('/api/v1')}"


DEPLOYMENT: Final[dict[str, Any]] = {
    "id": "01936f5e-0000-7000-8000-000000000042",
    "number": "DEP-42",
    "kind": "request",
    "service": "shop",
    "environment": "production",
    "tier": "production",
    "version": "1.4.2",
    "artifact_digest": None,
    "requester": "ada",
    "on_behalf_of": None,
    "triggered_by": None,
    "requester_unmapped": False,
    "work_references": ["SHOP-812", "SHOP-813"],
    "risk": "Checkout may be slow.",
    "rollback_plan": "Redeploy 1.4.1.\nTell support.",
    "notes": None,
    "target_version": None,
    "target_digest": None,
    "status": "pending_approval",
    "cancel_reason": None,
    "superseded_by": None,
    "promoted_from": None,
    "promotion_blocked": None,
    "rolls_back": None,
    "rolled_back_by": None,
    "overrides": [],
    "break_glass": None,
    "after_review": None,
    "expires_at": None,
    "review": {
        "label": "approved_by_qa",
        "stages": [
            {
                "name": "qa",
                "required": 1,
                "approvals": [{"actor": "quinn", "at": "2026-11-21T12:05:00Z", "note": None}],
                "satisfied": True,
            },
            {"name": "devops", "required": 1, "approvals": [], "satisfied": False},
        ],
        "digest": "0" * 64,
        "policy_version": 1,
        "waived": None,
    },
    "reviewed_by": None,
    "reviewed_at": None,
    "independence": {"dependent": []},
    "build_id": None,
    "execution": None,
    "created_at": "2026-11-21T12:00:00.123456Z",
    "approved_at": None,
    "queued_at": None,
    "started_at": None,
    "finished_at": None,
    "deployed_at": None,
    "deployed_by": None,
    "rolled_back_at": None,
    "external_id": None,
    "recorded_rollback": False,
    "unreviewed": False,
    "hidden": False,
    "revision": 2,
    "new_field": [1.50, "ü"],
}


def deployment_json(status: str = "pending_approval", **changes: Any) -> dict[str, Any]:
    """Return a deployment, with a field that the client does not know."""
    return {**DEPLOYMENT, "status": status, **changes}


def gates_json(*messages: str) -> dict[str, Any]:
    """Return an open lane gate, and one closed approval gate per message."""
    closed = [gate_json("waiting", message) for message in messages]
    return {
        "can_start": not closed,
        "gates": [*closed, gate_json("open", "No deployment is in progress.", kind="lane")],
        "actions": [
            {"action": "approve", "allowed": False, "reason": "You are the requester."},
            {"action": "cancel", "allowed": True, "reason": None},
        ],
        "newer_target_version": None,
        "newer_target_message": None,
        "redeployed_target_message": None,
    }


def gate_json(state: str, message: str, *, kind: str = "approval") -> dict[str, Any]:
    return {
        "kind": kind,
        "state": state,
        "code": "approval_missing",
        "message": message,
        "since": None,
        "opens_at": None,
        "who_can_act": ["group:devops"],
        "would_be_dependent": [],
    }


def event_json(kind: str, to_status: str | None, note: str | None = None) -> dict[str, Any]:
    """Return an event of the deployment."""
    return {
        "seq": 7,
        "deployment_id": DEPLOYMENT["id"],
        "kind": kind,
        "actor": "quinn",
        "on_behalf_of": None,
        "at": "2026-11-21T12:05:00.5Z",
        "from_status": "pending_approval",
        "to_status": to_status,
        "stage": None,
        "note": note,
        "data": {},
        "prev_hash": "0" * 64,
        "deployment_prev_hash": None,
        "hash": "1" * 64,
    }


def problem_response(status: int = 409, **changes: Any) -> httpx2.Response:
    """Return a problem response of the server."""
    problem = {
        "type": "/docs/problems#self_review",
        "title": "Self review",
        "status": status,
        "detail": "You cannot review your own request.",
        "instance": "/api/v1/deployments/DEP-42/approve",
        "request_id": "r-1",
        "code": "self_review",
        "errors": [],
        "deployment_status": None,
        "allowed_actions": None,
        **changes,
    }
    media_type = {"content-type": "application/problem+json"}
    return httpx2.Response(status, json=problem, headers=media_type)
