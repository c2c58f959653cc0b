"""Generated pipelines run against a real server, which decides the outcome."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import (
    ApproveBody,
    DeploymentStatus,
    ReasonBody,
    RecordCreate,
    Role,
    ServiceCreate,
)
from tests.support.client.policies import change_policy
from tests.support.client.users import create_user
from tests.support.contracts import NEEDS_CURL_AND_JQ, PAYMENTS
from tests.support.pipeline_runs import COMMIT, PREVIEW, PipelineRun, preview_env
from tests.support.processes.server import ServerProcess

pytestmark = NEEDS_CURL_AND_JQ


@pytest.fixture
def jenkins(gatepost: Gatepost) -> str:
    """Return the token of a pipeline on a server where only its service is registered."""
    gatepost.register_service(
        ServiceCreate(name="payments", team=PAYMENTS.team, repo_url=PAYMENTS.repo_url)
    )
    return create_user(gatepost, "jenkins", Role.REQUESTER)


def test_pipeline_fails_without_the_risk_production_requires(
    server: ServerProcess, jenkins: str, tmp_path: Path
) -> None:
    """The log names the missing field."""
    exit_code, _, stderr = PipelineRun(
        server, jenkins, tmp_path, ENVIRONMENT="production"
    ).wait_for_exit()

    assert exit_code == 1
    assert "Gatepost returned 422." in stderr
    assert "#/risk: " in stderr


def test_pipeline_of_a_rejected_deployment_logs_the_reason(
    server: ServerProcess, gatepost: Gatepost, jenkins: str, tmp_path: Path
) -> None:
    """The log shows first why the pipeline is waiting, then the reviewer's note."""
    quinn = create_user(gatepost, "quinn", groups=["qa"])
    run = PipelineRun(server, jenkins, tmp_path, ENVIRONMENT="production", RISK="None known.")
    number = run.wait_for(r"DEP-\d+")
    run.wait_for(r"^Waiting: .+")
    with Gatepost(server.url, token=quinn) as reviewer:
        reviewer.reject_deployment(number, ReasonBody(note="Not on a Friday."))

    exit_code, _, stderr = run.wait_for_exit()

    assert exit_code == 1
    assert f"{number}, payments in production, ended rejected: Not on a Friday.\n" in stderr


def test_pipeline_succeeds_when_the_operator_reports_success(
    server: ServerProcess, gatepost: Gatepost, jenkins: str, tmp_path: Path
) -> None:
    """The pipeline waits for the approvals and the rollout, and exits with 0."""
    quinn = create_user(gatepost, "quinn", groups=["qa"])
    devin = create_user(gatepost, "devin", groups=["devops"])
    olga = create_user(gatepost, "olga", Role.OPERATOR)
    change_policy(gatepost, "production", accept_records="any")
    run = PipelineRun(server, jenkins, tmp_path, ENVIRONMENT="production", RISK="None known.")
    number = run.wait_for(r"DEP-\d+")
    record = RecordCreate(service="payments", environment="test", version=COMMIT)
    gatepost.record_deployment(record)  # production requires a success in test
    for token in (quinn, devin):
        with Gatepost(server.url, token=token) as reviewer:
            reviewer.approve_deployment(number, ApproveBody())
    with Gatepost(server.url, token=olga) as operator:
        operator.start_deployment(number)
        operator.succeed_deployment(number)

    exit_code, stdout, _ = run.wait_for_exit()

    assert exit_code == 0
    assert stdout.endswith(f"{number} succeeded.\n")
    deployment = gatepost.get_deployment(number)
    assert deployment.status is DeploymentStatus.SUCCEEDED
    assert (deployment.requester, deployment.version) == ("jenkins", COMMIT)
    assert deployment.artifact_digest == "sha256:" + "0" * 64


def test_pull_request_shows_the_gates_of_every_environment(
    server: ServerProcess, gatepost: Gatepost, jenkins: str, tmp_path: Path
) -> None:
    """The preview shows the gates of a version that is not registered, and creates nothing."""
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for arguments in (
        ["init", "--quiet"],
        ["commit", "--quiet", "--allow-empty", "--message=first"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)

    subprocess.run(
        ["sh", "-xec", PREVIEW], cwd=tmp_path, env=preview_env(server, jenkins), check=True
    )

    preview = (tmp_path / "preview.md").read_text()
    assert preview.startswith("No change of the infrastructure.\n\n### Deployment to `test`\n")
    test, production = preview.split("### Deployment to ")[1:]
    assert re.search(r"^\| approval \| open \|", test, re.MULTILINE)
    assert re.search(r"^\| approval \| waiting \| .*group qa", production, re.MULTILINE)
    assert re.search(r"^\| promotion \| waiting \| ", production, re.MULTILINE)
    assert gatepost.list_deployments().items == []
    assert gatepost.list_versions("payments").items == []
