"""The timeline from a merge to production, driven by the generated deploy script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import ApproveBody, DeploymentStatus, Role, ServiceCreate
from tests.support.client.rollouts import (
    allow_loopback_checks,
    sample_service_checks,
    use_simulated_executor,
)
from tests.support.client.users import create_user
from tests.support.contracts import NEEDS_CURL_AND_JQ, PAYMENTS
from tests.support.pipeline_runs import COMMIT, PipelineRun
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import SampleService, a_sample_service

pytestmark = NEEDS_CURL_AND_JQ


@pytest.fixture
def sample() -> Iterator[SampleService]:
    """Run a sample service whose probes are the checks of its target in test."""
    with a_sample_service() as service:
        yield service


@pytest.fixture
def worker_server(sample: SampleService, tmp_path: Path) -> Iterator[ServerProcess]:
    """Run a new server with a worker, on which the sample service is registered as payments."""
    with (
        ServerProcess(tmp_path / "data", worker=True) as server,
        Gatepost(server.url, token=server.token) as owner,
    ):
        owner.register_service(
            ServiceCreate(name="payments", team=PAYMENTS.team, repo_url=PAYMENTS.repo_url)
        )
        allow_loopback_checks(owner)
        checks = sample_service_checks()
        use_simulated_executor(owner, "payments", base_url=sample.url, checks=checks)
        yield server


def test_merge_reaches_production_by_checks_promotion_and_approval(
    worker_server: ServerProcess, tmp_path: Path
) -> None:
    """The script deploys to test; production is requested with the risk of the merge commit."""
    with Gatepost(worker_server.url, token=worker_server.token) as owner:
        token = create_user(owner, "jenkins", Role.REQUESTER)
        run = PipelineRun(worker_server, token, tmp_path, RISK="Totals may differ by a cent.")
        exit_code, stdout, _ = run.wait_for_exit()

        assert exit_code == 0
        assert stdout.endswith("DEP-1 succeeded.\n")
        (promoted,) = owner.list_deployments(environment=["production"]).items
        assert (promoted.version, promoted.risk, promoted.status) == (
            COMMIT,
            "Totals may differ by a cent.",
            DeploymentStatus.PENDING_APPROVAL,
        )
        for name, group in (("quinn", "qa"), ("devin", "devops")):
            with Gatepost(
                worker_server.url, token=create_user(owner, name, groups=[group])
            ) as reviewer:
                reviewer.approve_deployment(promoted.number, ApproveBody())
        owner.start_deployment(promoted.number)
        finished = owner.succeed_deployment(promoted.number)

    assert finished.status is DeploymentStatus.SUCCEEDED


def test_failed_check_stops_the_pipeline_before_production(
    worker_server: ServerProcess, sample: SampleService, tmp_path: Path
) -> None:
    """The log quotes the failed check, and production is not requested."""
    sample.answers["GET /health"] = lambda _: (503, {"status": "down"})
    with Gatepost(worker_server.url, token=worker_server.token) as owner:
        token = create_user(owner, "jenkins", Role.REQUESTER)

        exit_code, _, stderr = PipelineRun(worker_server, token, tmp_path).wait_for_exit()

        assert exit_code == 1
        assert "DEP-1, payments in test, ended failed: Check health failed: " in stderr
        assert owner.list_deployments(environment=["production"]).items == []
