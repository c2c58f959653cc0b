"""Plain strings and mappings can be used in place of enums and models."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest

from gatepost_client import Gatepost, GatepostProblem, NotSendable
from gatepost_client.models import (
    DeploymentCreate,
    DeploymentStatus,
    Effect,
    FreezeCreate,
    FreezeScopeBody,
)
from tests.support.cli import problem_response

Call = Callable[[Gatepost], object]
AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def send(call: Call) -> httpx2.Request:
    """Return the request of a call, which is then refused."""
    sent = list[httpx2.Request]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return problem_response(409)

    transport = httpx2.MockTransport(respond)
    with (
        Gatepost("http://gatepost.example", token="t", transport=transport) as gatepost,
        pytest.raises(GatepostProblem),
    ):
        call(gatepost)
    return sent[0]


@pytest.mark.parametrize(
    "statuses",
    [["approved", "queued"], [DeploymentStatus.APPROVED, "queued"], ("approved", "queued")],
)
def test_strings_are_enum_values(statuses: list[str]) -> None:
    """Strings and members are sent alike."""
    request = send(lambda gatepost: gatepost.list_deployments(status=statuses))

    assert request.url.params.get_list("status") == ["approved", "queued"]


def test_value_of_a_newer_server_is_sent() -> None:
    """A value that this client does not know is up to the server."""
    request = send(lambda gatepost: gatepost.list_deployments(status="not_yet_known"))

    assert request.url.params.get_list("status") == ["not_yet_known"]


def test_single_string_is_a_list_of_one() -> None:
    """A string is not taken apart into characters."""
    request = send(lambda gatepost: gatepost.list_deployments(service="shop"))

    assert request.url.params.get_list("service") == ["shop"]


def test_mapping_is_sent_as_a_model() -> None:
    """A mapping can contain models, enums, times and ids."""
    promoted_from = UUID(int=7)
    body = {
        "reason": "Sale",
        "effect": Effect.DENY,
        "scope": FreezeScopeBody(service="shop"),
        "starts_at": AT,
        "ends_at": None,
        "of": (promoted_from,),
    }

    request = send(lambda gatepost: gatepost.impose_freeze(body))

    assert json.loads(request.content) == {
        "reason": "Sale",
        "effect": "deny",
        "scope": {"service": "shop"},
        "starts_at": "2026-11-28T12:00:00Z",
        "ends_at": None,
        "of": [f"{promoted_from}"],
    }


def test_model_can_contain_strings_and_mappings() -> None:
    """The fields of a model are as tolerant as its place."""
    body = FreezeCreate(
        reason="Sale",
        effect="deny",  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        scope={"service": "shop"},  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        starts_at=AT,
    )

    request = send(lambda gatepost: gatepost.impose_freeze(body))

    assert json.loads(request.content)["effect"] == "deny"
    assert json.loads(request.content)["scope"] == {"service": "shop"}


def test_id_is_a_path_parameter() -> None:
    """The id of a response can be passed on without conversion."""
    request = send(lambda gatepost: gatepost.get_deployment(UUID(int=7)))

    assert request.url.path.endswith(f"/{UUID(int=7)}")


def test_value_that_is_no_json_is_refused() -> None:
    """What cannot be sent is named before anything is sent."""
    body = DeploymentCreate(
        service="shop",
        version="1",
        environment="test",
        work_references=[object()],  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
        rollback_plan="x",
    )
    with (
        Gatepost("http://gatepost.example", token="t") as gatepost,
        pytest.raises(NotSendable, match="object object"),
    ):
        gatepost.create_deployment(body)
