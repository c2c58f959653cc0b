"""What a new user does in the first five minutes: a real server, and only the client."""

from __future__ import annotations

import asyncio

import pytest

from gatepost_client import AsyncGatepost, Gatepost, GatepostProblem
from gatepost_client.models import (
    ApproveBody,
    DeploymentAction,
    DeploymentKind,
    DeploymentStatus,
    EventKind,
    Role,
    RollbackBody,
)
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess


def test_the_requester_cannot_approve_and_the_attempt_is_on_record(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """Self-review is a 403, and an event says that it was tried."""
    register_shop(gatepost, "1.4.2")
    ada = create_user(gatepost, "ada", Role.REQUESTER)

    with Gatepost(server.url, token=ada) as requester:
        asked = requester.create_deployment(shop_request("production"))
        with pytest.raises(GatepostProblem) as refused:
            requester.approve_deployment(asked.number, ApproveBody(actor="ADA"))

    assert (refused.value.status, refused.value.code) == (403, "self_review")
    events = gatepost.list_deployment_events(asked.number).items
    assert [event.kind for event in events] == [EventKind.REQUESTED, EventKind.REVIEW_DENIED]


def test_a_refused_move_says_what_is_possible_instead(gatepost: Gatepost) -> None:
    """A start before the approvals is a 409 with the status and the actions it allows."""
    register_shop(gatepost, "1.4.2")
    asked = gatepost.create_deployment(shop_request("production"))

    with pytest.raises(GatepostProblem) as refused:
        gatepost.start_deployment(asked.number)

    assert refused.value.status == 409
    assert refused.value.code == "transition_refused"
    assert refused.value.deployment_status is DeploymentStatus.PENDING_APPROVAL
    assert refused.value.allowed_actions == [
        DeploymentAction.APPROVE,
        DeploymentAction.REJECT,
        DeploymentAction.CANCEL,
    ]


def test_a_production_request_without_risk_is_pointed_at(gatepost: Gatepost) -> None:
    """What is missing is named by a pointer, and nothing is stored."""
    register_shop(gatepost, "1.4.2")
    asked = shop_request("production")
    asked.risk = None

    with pytest.raises(GatepostProblem) as refused:
        gatepost.create_deployment(asked)

    assert refused.value.status == 422
    assert [error.pointer for error in refused.value.errors] == ["#/risk"]
    assert gatepost.list_deployments(kind=[DeploymentKind.REQUEST]).items == []


def test_a_deployment_goes_from_request_to_rollback(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """Request, two approvals, start, success and rollback each leave exactly one event."""
    register_shop(gatepost, "1.4.2")
    with (
        Gatepost(server.url, token=create_user(gatepost, "ada", Role.REQUESTER)) as ada,
        Gatepost(server.url, token=create_user(gatepost, "quinn", groups=["qa"])) as quinn,
        Gatepost(server.url, token=create_user(gatepost, "devin", groups=["devops"])) as devin,
        Gatepost(server.url, token=create_user(gatepost, "olga", Role.OPERATOR)) as olga,
    ):
        asked = ada.create_deployment(shop_request("production"))
        by_qa = quinn.approve_deployment(asked.number, ApproveBody(stage="qa"))
        by_devops = devin.approve_deployment(asked.number, ApproveBody(stage="devops"))
        olga.start_deployment(asked.number)
        succeeded = olga.succeed_deployment(asked.number)
        ended = olga.rollback_deployment(asked.number, RollbackBody(note="Checkout times out."))

    steps = [(each.status, each.review.label) for each in (asked, by_qa, by_devops)]
    assert steps == [
        (DeploymentStatus.PENDING_APPROVAL, "requested"),
        (DeploymentStatus.PENDING_APPROVAL, "approved_by_qa"),
        (DeploymentStatus.APPROVED, "approved_by_devops"),
    ]
    assert succeeded.deployed_at is not None
    assert ended.status is DeploymentStatus.ROLLED_BACK
    events = gatepost.list_deployment_events(asked.number).items
    assert [(event.kind, event.actor) for event in events] == [
        (EventKind.REQUESTED, "ada"),
        (EventKind.APPROVED, "quinn"),
        (EventKind.APPROVED, "devin"),
        (EventKind.STARTED, "olga"),
        (EventKind.SUCCEEDED, "olga"),
        (EventKind.ROLLED_BACK, "olga"),
    ]


def test_everything_is_still_there_after_a_restart(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """A stop is one clean exit, and what was answered before it stands after it."""
    register_shop(gatepost, "1.4.2")
    before = gatepost.create_deployment(shop_request("production"))

    assert server.stop() == 0
    server.start()

    with Gatepost(server.url, token=server.token) as again:
        assert again.get_deployment(before.number).to_dict() == before.to_dict()
    assert "unbroken" in server.verify().stdout


def test_the_asynchronous_client_does_the_same(server: ServerProcess, gatepost: Gatepost) -> None:
    """Both faces of the client answer with the same types."""
    register_shop(gatepost, "1.4.2")
    ada, quinn = create_user(gatepost, "ada", Role.REQUESTER), create_user(gatepost, "quinn")

    async def ask() -> DeploymentStatus:
        async with (
            AsyncGatepost(server.url, token=ada) as requester,
            AsyncGatepost(server.url, token=quinn) as reviewer,
        ):
            asked = await requester.create_deployment(shop_request("staging"))
            approved = await reviewer.approve_deployment(asked.number)
            return approved.status

    assert asyncio.run(ask()) is DeploymentStatus.APPROVED
