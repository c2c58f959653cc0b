"""The first deployment of a new user, made on a real server through the client only."""

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


def test_requester_cannot_approve_their_own_deployment(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """A self-review is refused with 403, and the attempt is recorded as an event."""
    register_shop(gatepost, "1.4.2")
    ada = create_user(gatepost, "ada", Role.REQUESTER)

    with Gatepost(server.url, token=ada) as requester:
        requested = requester.create_deployment(shop_request("production"))
        with pytest.raises(GatepostProblem) as refused:
            requester.approve_deployment(requested.number, ApproveBody(actor="ADA"))

    assert (refused.value.status, refused.value.code) == (403, "self_review")
    events = gatepost.list_deployment_events(requested.number).items
    assert [event.kind for event in events] == [EventKind.REQUESTED, EventKind.REVIEW_DENIED]


def test_refused_action_names_the_allowed_actions(gatepost: Gatepost) -> None:
    """Starting before the approvals returns 409 with the status and the allowed actions."""
    register_shop(gatepost, "1.4.2")
    requested = gatepost.create_deployment(shop_request("production"))

    with pytest.raises(GatepostProblem) as refused:
        gatepost.start_deployment(requested.number)

    assert refused.value.status == 409
    assert refused.value.code == "transition_refused"
    assert refused.value.deployment_status is DeploymentStatus.PENDING_APPROVAL
    assert refused.value.allowed_actions == [
        DeploymentAction.APPROVE,
        DeploymentAction.REJECT,
        DeploymentAction.CANCEL,
        DeploymentAction.WITHDRAW,
    ]


def test_production_request_without_risk_is_refused(gatepost: Gatepost) -> None:
    """The error points to the missing field, and nothing is stored."""
    register_shop(gatepost, "1.4.2")
    request = shop_request("production")
    request.risk = None

    with pytest.raises(GatepostProblem) as refused:
        gatepost.create_deployment(request)

    assert refused.value.status == 422
    assert [error.pointer for error in refused.value.errors] == ["#/risk"]
    assert gatepost.list_deployments(kind=[DeploymentKind.REQUEST]).items == []


def test_deployment_goes_from_request_to_rollback(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """The request, two approvals, start, success and rollback each add exactly one event."""
    register_shop(gatepost, "1.4.2")
    with (
        Gatepost(server.url, token=create_user(gatepost, "ada", Role.REQUESTER)) as ada,
        Gatepost(server.url, token=create_user(gatepost, "quinn", groups=["qa"])) as quinn,
        Gatepost(server.url, token=create_user(gatepost, "devin", groups=["devops"])) as devin,
        Gatepost(server.url, token=create_user(gatepost, "olga", Role.OPERATOR)) as olga,
    ):
        requested = ada.create_deployment(shop_request("production"))
        by_qa = quinn.approve_deployment(requested.number, ApproveBody(stage="qa"))
        by_devops = devin.approve_deployment(requested.number, ApproveBody(stage="devops"))
        olga.start_deployment(requested.number)
        succeeded = olga.succeed_deployment(requested.number)
        rollback = RollbackBody(note="Checkout times out.")
        rolled_back = olga.rollback_deployment(requested.number, rollback)

    deployments = (requested, by_qa, by_devops)
    assert [(deployment.status, deployment.review.label) for deployment in deployments] == [
        (DeploymentStatus.PENDING_APPROVAL, "requested"),
        (DeploymentStatus.PENDING_APPROVAL, "approved_by_qa"),
        (DeploymentStatus.APPROVED, "approved_by_devops"),
    ]
    assert succeeded.deployed_at is not None
    assert rolled_back.status is DeploymentStatus.ROLLED_BACK
    events = gatepost.list_deployment_events(requested.number).items
    assert [(event.kind, event.actor) for event in events] == [
        (EventKind.REQUESTED, "ada"),
        (EventKind.APPROVED, "quinn"),
        (EventKind.APPROVED, "devin"),
        (EventKind.STARTED, "olga"),
        (EventKind.SUCCEEDED, "olga"),
        (EventKind.ROLLED_BACK, "olga"),
    ]


def test_deployment_is_unchanged_after_a_restart(server: ServerProcess, gatepost: Gatepost) -> None:
    """The server exits with 0, and a deployment created before the restart is still there."""
    register_shop(gatepost, "1.4.2")
    before = gatepost.create_deployment(shop_request("production"))

    assert server.stop() == 0
    server.start()

    with Gatepost(server.url, token=server.token) as client:
        assert client.get_deployment(before.number).to_dict() == before.to_dict()
    assert "unbroken" in server.verify().stdout


def test_asynchronous_client_creates_and_approves(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """Two users can create and approve a deployment with the asynchronous client."""
    register_shop(gatepost, "1.4.2")
    ada, quinn = create_user(gatepost, "ada", Role.REQUESTER), create_user(gatepost, "quinn")

    async def create_and_approve() -> DeploymentStatus:
        async with (
            AsyncGatepost(server.url, token=ada) as requester,
            AsyncGatepost(server.url, token=quinn) as reviewer,
        ):
            requested = await requester.create_deployment(shop_request("staging"))
            approved = await reviewer.approve_deployment(requested.number)
            return approved.status

    assert asyncio.run(create_and_approve()) is DeploymentStatus.APPROVED
