"""Older and newer servers: what is absent or new is tolerated, and a fault names its field."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from gatepost_client import Gatepost, GatepostProblem, UnexpectedAnswer
from gatepost_client.models import UnknownExecutor, WebhookExecutor
from gatepost_client.version import VERSION
from tests.support.cli import DEPLOYMENT, deployment_json

TARGET: dict[str, Any] = {
    "service": "shop",
    "environment": "test",
    "base_url": None,
    "checks": [],
    "deadline_s": 600,
    "executor": {"kind": "kubernetes", "cluster": "eu-1", "url": "https://k.example"},
    "ready": None,
    "changed_at": "2026-11-21T12:00:00Z",
    "changed_by": "ada",
    "revision": 1,
}


def gatepost_with(
    document: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Gatepost:
    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, json=document, headers=headers)

    transport = httpx2.MockTransport(respond)
    return Gatepost("http://gatepost.example", token="t", transport=transport, retries=None)


def test_absent_field_that_can_be_null_is_none() -> None:
    """An older server does not send fields that were added later."""
    nullable = {name for name, value in DEPLOYMENT.items() if value is None}
    older = {name: value for name, value in DEPLOYMENT.items() if name not in nullable}

    deployment = gatepost_with(older).get_deployment("DEP-42")

    assert {getattr(deployment, name) for name in nullable} == {None}


@pytest.mark.parametrize(
    ("change", "field", "fault"),
    [
        ({"hidden": ...}, "items.hidden", "`items.hidden` is missing."),
        ({"created_at": "soon"}, "items.created_at", "`items.created_at` is invalid."),
        ({"status": 5}, "items.status", "`items.status` is invalid."),
        ({"review": {"label": "x"}}, "items.review.digest", "`items.review.digest` is missing."),
        ({"review": None}, "items.review", "`items.review` is invalid."),
    ],
)
def test_unexpected_answer_names_the_field_and_both_versions(
    change: dict[str, Any], field: str, fault: str
) -> None:
    """Who reads the error knows which of the two programs to update."""
    item = {name: value for name, value in {**DEPLOYMENT, **change}.items() if value is not ...}
    page = {"items": [deployment_json(), item], "next_cursor": None}

    with pytest.raises(UnexpectedAnswer) as caught:
        gatepost_with(page, headers={"Gatepost-Version": "0.0.9"}).list_deployments()

    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own bytes
    assert (error.field, error.server_version, error.client_version) == (
        field,
        "0.0.9",
        VERSION,
    )
    assert fault in str(error)
    assert f"gatepost-client {VERSION}" in str(error)
    assert "Gatepost 0.0.9" in str(error)


def test_unexpected_answer_says_where_a_redirect_leads() -> None:
    """A sign-in page in front of the server is recognized by its address."""
    gatepost = gatepost_with({}, status=302, headers={"Location": "https://sso.example/login"})

    with pytest.raises(UnexpectedAnswer, match=r"redirects to https://sso\.example/login"):
        gatepost.get_deployment("DEP-1")


def test_unknown_kind_of_an_alternative_is_kept() -> None:
    """A list with a target whose executor a newer server has added can be read and sent back."""
    known = {**TARGET, "executor": {"kind": "webhook", "url": "https://hooks.example"}}
    page = {"items": [TARGET, known], "next_cursor": None}

    unknown, webhook = gatepost_with(page).list_targets("shop").items

    assert isinstance(unknown.executor, UnknownExecutor)
    assert unknown.executor.kind == "kubernetes"
    assert unknown.to_dict()["executor"] == TARGET["executor"]
    assert isinstance(webhook.executor, WebhookExecutor)


def test_problem_of_an_older_server_is_a_problem() -> None:
    """The members that can be null may be absent."""
    problem = {
        "type": "/docs/problems#x",
        "title": "X",
        "status": 409,
        "detail": "It is so.",
        "instance": "/",
        "code": "x",
        "errors": [],
    }
    media_type = {"Content-Type": "application/problem+json"}
    gatepost = gatepost_with(problem, status=409, headers=media_type)

    with pytest.raises(GatepostProblem, match="It is so"):
        gatepost.get_deployment("DEP-1")
