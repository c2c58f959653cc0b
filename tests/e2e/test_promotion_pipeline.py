"""The whole way of a change: test, its checks, the promotion, two approvals, production."""

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
    HttpMethod,
    Role,
    StepState,
    TargetCheckBody,
    TargetCheckBodyExpectJson,
)
from tests.support.client.policies import change_policy
from tests.support.client.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    last_event_note,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import SampleService, a_sample_service

PROBES = ("health", "db-status", "s3-list", "db-create", "db-read")


def expecting(**values: object) -> TargetCheckBodyExpectJson:
    """What has to stand in an answer; double underlines stand for the slashes of a pointer."""
    wanted = {f"/{name.replace('__', '/')}": value for name, value in values.items()}
    return TargetCheckBodyExpectJson.from_dict(wanted)


def probes() -> list[TargetCheckBody]:
    """What is asked of the service after each rollout, in this order."""
    return [
        a_check("health", "/health", expect_json=expecting(status="ok"), attempts=1),
        a_check("db-status", "/db/status", expect_json=expecting(database__connected=True)),
        a_check("s3-list", "/s3/list", expect_json=expecting(objects=[])),
        a_check(
            "db-create",
            "/db/create",
            method=HttpMethod.POST,
            body={"name": "probe"},
            expect_status=201,
        ),
        a_check("db-read", "/db/read", expect_json=expecting(records__0__name="probe")),
    ]


@dataclass
class Shop:
    """A service on its way, the people around it, and Gatepost with a worker."""

    sample: SampleService
    owner: Gatepost
    ada: Gatepost
    quinn: Gatepost
    devin: Gatepost
    olga: Gatepost

    def promotions(self) -> list[Deployment]:
        found = self.owner.list_deployments(environment=["production"]).items
        return [each for each in found if each.kind is DeploymentKind.PROMOTION]

    def kinds(self, number: str) -> list[EventKind]:
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
        use_simulated_executor(owner, "shop", base_url=sample.url, checks=probes())
        with (
            Gatepost(server.url, token=create_user(owner, "ada", Role.REQUESTER)) as ada,
            Gatepost(server.url, token=create_user(owner, "quinn", groups=["qa"])) as quinn,
            Gatepost(server.url, token=create_user(owner, "devin", groups=["devops"])) as devin,
            Gatepost(server.url, token=create_user(owner, "olga", Role.OPERATOR)) as olga,
        ):
            yield Shop(sample, owner, ada, quinn, devin, olga)


def test_a_change_goes_from_test_to_production(shop: Shop) -> None:
    """Run, checked, promoted by itself; it waits for qa and devops, and then runs in production."""
    asked = shop.ada.create_deployment(deployment_create("shop"))

    tested = wait_for(shop.owner, asked.number)
    assert tested.status is DeploymentStatus.SUCCEEDED
    assert shop.sample.asked == [
        "GET /health",
        "GET /db/status",
        "GET /s3/list",
        "POST /db/create",
        "GET /db/read",
    ]
    checks = shop.owner.list_deployment_checks(asked.number).items
    passed = [each.name for each in checks if each.state is StepState.PASSED]
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

    assert shop.kinds(asked.number) == [
        EventKind.REQUESTED,
        EventKind.APPROVED,
        EventKind.QUEUED,
        EventKind.STARTED,
        EventKind.SUCCEEDED,
    ]
    assert [
        kind for kind in shop.kinds(promoted.number) if kind is not EventKind.REVIEW_DENIED
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


def test_production_run_by_workers_goes_the_whole_way_by_itself(shop: Shop) -> None:
    """Where production has an executor too, the last approval is the last thing that people do."""
    change_policy(shop.owner, "production", execution="worker", auto_start=True)
    allow_loopback_checks(shop.owner, "production")
    use_simulated_executor(
        shop.owner, "shop", "production", base_url=shop.sample.url, checks=probes()
    )
    asked = shop.ada.create_deployment(deployment_create("shop"))
    wait_for(shop.owner, asked.number)
    (promoted,) = shop.promotions()

    shop.quinn.approve_deployment(promoted.number, ApproveBody())
    shop.devin.approve_deployment(promoted.number, ApproveBody())

    assert wait_for(shop.owner, promoted.number).status is DeploymentStatus.SUCCEEDED
    assert len(shop.sample.asked) == 2 * len(PROBES)


def test_what_fails_its_checks_is_not_asked_for_in_production(shop: Shop) -> None:
    """The deployment fails in the check's words; what comes after that check is not asked."""
    shop.sample.answers["GET /db/status"] = lambda _: (503, {"database": {"connected": False}})

    asked = shop.ada.create_deployment(deployment_create("shop"))
    failed = wait_for(shop.owner, asked.number)

    assert failed.status is DeploymentStatus.FAILED
    note = last_event_note(shop.owner, asked.number)
    assert "db-status" in note
    assert "503" in note
    checks = shop.owner.list_deployment_checks(asked.number).items
    ended = {each.name: each.state for each in checks}
    assert ended["health"] is StepState.PASSED
    assert ended["db-status"] is StepState.FAILED
    assert shop.promotions() == []

    shop.sample.answers["GET /db/status"] = lambda _: (200, {"database": {"connected": True}})
    fixed = wait_for(shop.owner, shop.ada.create_deployment(deployment_create("shop")).number)
    assert fixed.status is DeploymentStatus.SUCCEEDED
    assert [each.promoted_from for each in shop.promotions()] == [fixed.id]


def test_the_demonstration_shows_the_whole_way(tmp_path: Path) -> None:
    """As it prints: one change is promoted and, twice approved, runs; its twin is stopped."""
    with ServerProcess(tmp_path / "data", worker=True) as server:
        words = ["demo", "--scenario=promotion", f"--data={server.data}", f"--url={server.url}"]
        command = [sys.executable, "-m", "gatepost_api", *words]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        again = subprocess.run(command, capture_output=True, text=True, check=False)
        tokens = dict(re.findall(r"^export (\w+)=(gp_u_\w+)", told, re.MULTILINE))
        passes, fails = re.findall(r"DEP-\d+", told)[:2]
        with (
            Gatepost(server.url, token=server.token) as owner,
            Gatepost(server.url, token=tokens["QUINN"]) as quinn,
            Gatepost(server.url, token=tokens["DEVIN"]) as devin,
        ):
            assert wait_for(owner, passes).status is DeploymentStatus.SUCCEEDED
            assert wait_for(owner, fails).status is DeploymentStatus.FAILED
            assert "Check stock failed" in last_event_note(owner, fails)
            (promoted,) = quinn.list_inbox().items
            quinn.approve_deployment(promoted.number, ApproveBody(stage="qa"))
            devin.approve_deployment(promoted.number, ApproveBody(stage="devops"))
            ended = wait_for(owner, promoted.number)

    assert (ended.environment, ended.status) == ("demo-production", DeploymentStatus.SUCCEEDED)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already contains the scenario" in again.stderr
