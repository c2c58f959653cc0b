"""A change goes from test to production by rollout, checks, promotion and two approvals."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatepost_client import Gatepost, GatepostProblem
from gatepost_client.models import (
    ActionBody,
    ApproveBody,
    Deployment,
    DeploymentKind,
    DeploymentStatus,
    EventKind,
    Role,
    StepState,
)
from tests.support.client.policies import change_policy
from tests.support.client.rollouts import (
    allow_loopback_checks,
    deployment_create,
    last_event_note,
    register_service,
    sample_service_checks,
    use_simulated_executor,
    wait_for,
)
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import SampleService, a_sample_service

PROBES = ("health", "db-status", "s3-list", "db-create", "db-read")


@dataclass
class Shop:
    """A service and its users on a server with a worker."""

    sample: SampleService
    owner: Gatepost
    ada: Gatepost
    quinn: Gatepost
    devin: Gatepost
    olga: Gatepost

    def promotions(self) -> list[Deployment]:
        deployments = self.owner.list_deployments(environment=["production"]).items
        return [
            deployment for deployment in deployments if deployment.kind is DeploymentKind.PROMOTION
        ]

    def event_kinds(self, number: str) -> list[EventKind]:
        return [event.kind for event in self.owner.list_deployment_events(number).items]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with (
        a_sample_service() as sample,
        ServerProcess(tmp_path / "data", worker=True) as server,
        Gatepost(server.url, token=server.token) as owner,
    ):
        register_service(owner, "shop", "1.4.2")
        allow_loopback_checks(owner)
        change_policy(owner, "test", auto_promote=True)
        use_simulated_executor(owner, "shop", base_url=sample.url, checks=sample_service_checks())
        with (
            Gatepost(server.url, token=create_user(owner, "ada", Role.REQUESTER)) as ada,
            Gatepost(server.url, token=create_user(owner, "quinn", groups=["qa"])) as quinn,
            Gatepost(server.url, token=create_user(owner, "devin", groups=["devops"])) as devin,
            Gatepost(server.url, token=create_user(owner, "olga", Role.OPERATOR)) as olga,
        ):
            yield Shop(sample, owner, ada, quinn, devin, olga)


def test_change_is_promoted_from_test_to_production(shop: Shop) -> None:
    """After its checks pass, the change is promoted, approved by qa and devops, and deployed."""
    requested = shop.ada.create_deployment(deployment_create("shop"))

    tested = wait_for(shop.owner, requested.number)
    assert tested.status is DeploymentStatus.SUCCEEDED
    assert shop.sample.asked == [
        "GET /health",
        "GET /db/status",
        "GET /s3/list",
        "POST /db/create",
        "GET /db/read",
    ]
    checks = shop.owner.list_deployment_checks(requested.number).items
    passed = [check.name for check in checks if check.state is StepState.PASSED]
    assert passed == list(PROBES)

    (promoted,) = shop.promotions()
    assert promoted.promoted_from == tested.id
    assert promoted.status is DeploymentStatus.PENDING_APPROVAL
    assert (promoted.requester, promoted.version) == ("ada", "1.4.2")
    with pytest.raises(GatepostProblem) as refused:
        shop.ada.approve_deployment(promoted.number, ApproveBody())
    assert (refused.value.status, refused.value.code) == (403, "self_review")

    shop.quinn.approve_deployment(promoted.number, ApproveBody(stage="qa"))
    approved = shop.devin.approve_deployment(promoted.number, ApproveBody(stage="devops"))
    assert approved.status is DeploymentStatus.APPROVED
    shop.olga.start_deployment(promoted.number)
    shop.olga.succeed_deployment(promoted.number, ActionBody(note="Smoke tests passed."))

    assert shop.event_kinds(requested.number) == [
        EventKind.REQUESTED,
        EventKind.APPROVED,
        EventKind.QUEUED,
        EventKind.STARTED,
        EventKind.SUCCEEDED,
    ]
    assert [
        kind for kind in shop.event_kinds(promoted.number) if kind is not EventKind.REVIEW_DENIED
    ] == [
        EventKind.REQUESTED,
        EventKind.APPROVED,
        EventKind.APPROVED,
        EventKind.STARTED,
        EventKind.SUCCEEDED,
    ]
    cells = shop.owner.get_current_state(service=["shop"]).cells
    assert {(cell.environment, cell.version) for cell in cells} == {
        ("test", "1.4.2"),
        ("production", "1.4.2"),
    }


def test_worker_deploys_to_production_after_the_last_approval(shop: Shop) -> None:
    """If production has an executor too, no user needs to start or finish the deployment."""
    change_policy(shop.owner, "production", execution="worker", auto_start=True)
    allow_loopback_checks(shop.owner, "production")
    use_simulated_executor(
        shop.owner, "shop", "production", base_url=shop.sample.url, checks=sample_service_checks()
    )
    requested = shop.ada.create_deployment(deployment_create("shop"))
    wait_for(shop.owner, requested.number)
    (promoted,) = shop.promotions()

    shop.quinn.approve_deployment(promoted.number, ApproveBody())
    shop.devin.approve_deployment(promoted.number, ApproveBody())

    assert wait_for(shop.owner, promoted.number).status is DeploymentStatus.SUCCEEDED
    assert len(shop.sample.asked) == 2 * len(PROBES)


def test_failed_check_prevents_promotion(shop: Shop) -> None:
    """The event names the failed check, later checks do not run, and nothing is promoted."""
    shop.sample.answers["GET /db/status"] = lambda _: (503, {"database": {"connected": False}})

    requested = shop.ada.create_deployment(deployment_create("shop"))
    failed = wait_for(shop.owner, requested.number)

    assert failed.status is DeploymentStatus.FAILED
    note = last_event_note(shop.owner, requested.number)
    assert "db-status" in note
    assert "503" in note
    checks = shop.owner.list_deployment_checks(requested.number).items
    states = {check.name: check.state for check in checks}
    assert states["health"] is StepState.PASSED
    assert states["db-status"] is StepState.FAILED
    assert shop.promotions() == []

    shop.sample.answers["GET /db/status"] = lambda _: (200, {"database": {"connected": True}})
    fixed = wait_for(shop.owner, shop.ada.create_deployment(deployment_create("shop")).number)
    assert fixed.status is DeploymentStatus.SUCCEEDED
    assert [promotion.promoted_from for promotion in shop.promotions()] == [fixed.id]


def test_promotion_demo_promotes_one_change_and_stops_the_other(tmp_path: Path) -> None:
    """The passing change reaches production after two approvals; the failing one stays in test."""
    with ServerProcess(tmp_path / "data", worker=True) as server:
        arguments = ["demo", "--scenario=promotion", f"--data={server.data}"]
        command = [sys.executable, "-m", "gatepost_api", *arguments]
        stdout = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        tokens = dict(re.findall(r"^export (\w+)=(gp_u_\w+)", stdout, re.MULTILINE))
        passing, failing = re.findall(r"DEP-\d+", stdout)[:2]
        with (
            Gatepost(server.url, token=server.token) as owner,
            Gatepost(server.url, token=tokens["QUINN"]) as quinn,
            Gatepost(server.url, token=tokens["DEVIN"]) as devin,
        ):
            assert wait_for(owner, passing).status is DeploymentStatus.SUCCEEDED
            assert wait_for(owner, failing).status is DeploymentStatus.FAILED
            assert "Check stock failed" in last_event_note(owner, failing)
            (promoted,) = quinn.list_inbox().items
            quinn.approve_deployment(promoted.number, ApproveBody(stage="qa"))
            devin.approve_deployment(promoted.number, ApproveBody(stage="devops"))
            deployed = wait_for(owner, promoted.number)

    assert (deployed.environment, deployed.status) == (
        "demo-production",
        DeploymentStatus.SUCCEEDED,
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "already contains the scenario" in refused.stderr
