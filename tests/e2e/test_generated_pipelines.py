"""The generated pipelines against a real server: what they ask for is decided there."""

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
from gatepost_contracts.generate import generate
from tests.support.contracts import NEEDS_CURL_AND_JQ, PAYMENTS
from tests.support.crew import create_user
from tests.support.server import ServerProcess

pytestmark = NEEDS_CURL_AND_JQ

JENKINSFILE = generate(PAYMENTS).files["jenkins/payments.Jenkinsfile"]
DEPLOY = textwrap.dedent(re.findall(r"sh '''\n(.*?)'''", JENKINSFILE, re.DOTALL)[-1])
COMMIT = "0123456789abcdef" * 2 + "01234567"


class Run:
    """The deploy stage of one build, under way."""

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

    def wait_for(self, line: str) -> str:
        """The first line of its log that matches."""
        assert self.shell.stdout
        for said in self.shell.stdout:
            if found := re.search(line, said):
                return found[0]
        raise AssertionError(f"it ended without saying {line}: {self.shell.communicate()[1]}")

    def end(self) -> tuple[int, str, str]:
        """Its exit code and the rest of what it says."""
        out, err = self.shell.communicate(timeout=60)
        return self.shell.returncode, out, err


@pytest.fixture
def jenkins(gatepost: Gatepost) -> str:
    """The token of a pipeline, in a Gatepost that knows its service and nothing else of it."""
    gatepost.register_service(
        ServiceCreate(name="payments", team=PAYMENTS.team, repo_url=PAYMENTS.repo_url)
    )
    return create_user(gatepost, "jenkins", Role.REQUESTER)


def test_a_request_without_what_production_asks_for_ends_the_pipeline(
    server: ServerProcess, jenkins: str, tmp_path: Path
) -> None:
    """The log says what is missing."""
    code, _, err = Run(server, jenkins, tmp_path, ENVIRONMENT="production").end()

    assert code == 1
    assert "Gatepost answered 422." in err
    assert "#/risk: " in err


def test_a_rejected_request_ends_the_pipeline_with_the_reviewers_words(
    server: ServerProcess, gatepost: Gatepost, jenkins: str, tmp_path: Path
) -> None:
    """Whoever reads the log knows why, and what it had waited for."""
    quinn = create_user(gatepost, "quinn", groups=["qa"])
    run = Run(server, jenkins, tmp_path, ENVIRONMENT="production", RISK="None known.")
    number = run.wait_for(r"DEP-\d+")
    run.wait_for(r"^Waiting: .+")
    with Gatepost(server.url, token=quinn) as reviewer:
        reviewer.reject_deployment(number, ReasonBody(note="Not on a Friday."))

    code, _, err = run.end()

    assert code == 1
    assert f"{number}, payments in production, ended rejected: Not on a Friday.\n" in err


def test_a_deployment_that_people_approve_and_carry_out_ends_well(
    server: ServerProcess, gatepost: Gatepost, jenkins: str, tmp_path: Path
) -> None:
    """It waits for review and rollout, and ends when the operator reports success."""
    quinn = create_user(gatepost, "quinn", groups=["qa"])
    devin = create_user(gatepost, "devin", groups=["devops"])
    olga = create_user(gatepost, "olga", Role.OPERATOR)
    run = Run(server, jenkins, tmp_path, ENVIRONMENT="production", RISK="None known.")
    number = run.wait_for(r"DEP-\d+")
    in_test = RecordCreate(service="payments", environment="test", version=COMMIT)
    gatepost.record_deployment(in_test)  # production takes what succeeded there
    for token in (quinn, devin):
        with Gatepost(server.url, token=token) as reviewer:
            reviewer.approve_deployment(number, ApproveBody())
    with Gatepost(server.url, token=olga) as operator:
        operator.start_deployment(number)
        operator.succeed_deployment(number)

    code, out, _ = run.end()

    assert code == 0
    assert out.endswith(f"{number} succeeded.\n")
    deployment = gatepost.get_deployment(number)
    assert deployment.status is DeploymentStatus.SUCCEEDED
    assert (deployment.requester, deployment.version) == ("jenkins", COMMIT)
    assert deployment.artifact_digest == "sha256:" + "0" * 64
