"""The `gatepost` command run in this process, on a server that answers from a list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import pytest

from gatepost_cli.main import main

Answer = httpx2.Response | BaseException

TOKEN: Final = "gp_u_0123456789abcdefghij"
URL: Final = "http://gatepost.example"


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of the command, once it has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of its answer."""
        return json.loads(self.out)


@dataclass
class PassingClock:
    """A clock on which time passes by sleeping alone."""

    at_s: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.at_s

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.at_s += seconds


class Command:
    """Runs the command; `answers` are what the server says to `METHOD /path`, the last for ever."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[httpx2.Request] = []
        self.clock = PassingClock()
        self._capsys = capsys

    def __call__(self, *arguments: str, url: str = URL, token: str = TOKEN) -> Ran:
        given = [*arguments, f"--url={url}", f"--token={token}"]
        return self.run(*given)

    def run(self, *arguments: str) -> Ran:
        """As it is started with these arguments alone."""
        transport = httpx2.MockTransport(self._answer)
        try:
            code = main(arguments, transport=transport, clock=self.clock)
        except SystemExit as ended:  # as argparse ends
            code = int(ended.code or 0)
        return Ran(code, *self._capsys.readouterr())

    def says(self, question: str, *answers: Mapping[str, Any] | Answer) -> None:
        """Let the server answer a question so, one time after the other."""
        status = 201 if question == "POST /deployments" else 200
        self.answers[question] = [
            each if isinstance(each, Answer) else httpx2.Response(status, json=dict(each))
            for each in answers
        ]

    @property
    def questions(self) -> list[str]:
        """What was asked of the server, as in `answers`."""
        return [_question(request) for request in self.asked]

    @property
    def sent(self) -> Any:
        """What the last question said."""
        return json.loads(self.asked[-1].content)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        left = self.answers[_question(request)]
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _question(request: httpx2.Request) -> str:
    return f"{request.method} {request.url.path.removeprefix('/api/v1')}"


A_DEPLOYMENT: Final[dict[str, Any]] = {
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
    "work_references": ["SHOP-812", "SHOP-813"],
    "risk": "Checkout may be slow.",
    "rollback_plan": "Redeploy 1.4.1.\nTell support.",
    "notes": None,
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
    },
    "reviewed_by": None,
    "reviewed_at": None,
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
    "unreviewed": False,
    "hidden": False,
    "revision": 2,
    "added_by_a_newer_server": [1.50, "ü"],
}


def a_deployment(status: str = "pending_approval", **changes: Any) -> dict[str, Any]:
    """A deployment on the wire."""
    return {**A_DEPLOYMENT, "status": status, **changes}


def gates(*messages: str) -> dict[str, Any]:
    """What a deployment waits for, on the wire: for approval, with these messages."""
    shut = [a_gate("waiting", message) for message in messages]
    return {
        "can_start": not shut,
        "gates": [*shut, a_gate("open", "Nothing is under way.", kind="lane")],
        "actions": [
            {"action": "approve", "allowed": False, "reason": "You asked for it."},
            {"action": "cancel", "allowed": True, "reason": None},
        ],
    }


def a_gate(state: str, message: str, *, kind: str = "approval") -> dict[str, Any]:
    return {
        "kind": kind,
        "state": state,
        "code": "approval_missing",
        "message": message,
        "since": None,
        "opens_at": None,
        "who_can_act": ["group:devops"],
    }


def an_event(kind: str, to_status: str | None, note: str | None = None) -> dict[str, Any]:
    """An event on the wire."""
    return {
        "seq": 7,
        "deployment_id": A_DEPLOYMENT["id"],
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


def a_problem(status: int = 409, **changes: Any) -> httpx2.Response:
    """The server's own no."""
    problem = {
        "type": "urn:gatepost:problem:self_review",
        "title": "Self review",
        "status": status,
        "detail": "You asked for it, so others review it.",
        "instance": "/api/v1/deployments/DEP-42/approve",
        "code": "self_review",
        "errors": [],
        "deployment_status": None,
        "allowed_actions": None,
        **changes,
    }
    media_type = {"content-type": "application/problem+json"}
    return httpx2.Response(status, json=problem, headers=media_type)
