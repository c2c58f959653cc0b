"""Generated pipelines run against a real server, which decides the outcome."""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
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
from gatepost_contracts.generation import generate_contract_files
from tests.support.client.users import create_user
from tests.support.contracts import NEEDS_CURL_AND_JQ, PAYMENTS
from tests.support.processes.server import ServerProcess

pytestmark = NEEDS_CURL_AND_JQ

JENKINSFILE = generate_contract_files(PAYMENTS).files["jenkins/payments.Jenkinsfile"]
DEPLOY = textwrap.dedent(re.findall(r"sh '''\n(.*?)'''", JENKINSFILE, re.DOTALL)[-1])
COMMIT = "0123456789abcdef" * 2 + "01234567"


class PipelineRun:
    """The deploy stage of a build in progress."""

    def __init__(self, server: ServerProcess, token: str, folder: Path, **parameters: str) -> None:
        (folder / ".artifact-digest").write_text("sha256:" + "0" * 64)
        env = {
            "PATH": os.environ["PATH"],
            "GATEPOST_URL": server.url,
            "GATEPOST_TOKEN": token,
            "GATEPOST_SERVICE": "payments",
            "GATEPOST_POLL_S": "0.2",
            "GATEPOST_TIMEOUT_S": "60",
            "FIRST_ENVIRONMENT": "test",
            "GIT_COMMIT": COMMIT,
            "BUILD_NUMBER": "7",
        }
        self.shell = subprocess.Popen(
            ["sh", "-xec", DEPLOY],
            cwd=folder,
            env={**env, **parameters},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, pattern: str) -> str:
        """Return the first part of the log that matches the pattern."""
        assert self.shell.stdout
        for line in self.shell.stdout:
            if match := re.search(pattern, line):
                return match[0]
        raise AssertionError(f"it ended without logging {pattern}: {self.shell.communicate()[1]}")

    def wait_for_exit(self) -> tuple[int, str, str]:
        """Wait for the exit, and return the exit code and the rest of the output and errors."""
        stdout, stderr = self.shell.communicate(timeout=60)
        return self.shell.returncode, stdout, stderr


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
