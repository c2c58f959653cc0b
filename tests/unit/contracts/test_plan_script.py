"""The Terraform plan of a pull request, with a real git repository and a simulated terraform."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from tests.support.contracts import PAYMENTS

FILES = generate_contract_files(PAYMENTS).files
STEPS = yaml.safe_load(FILES[".github/workflows/payments.yml"])["jobs"]["preview"]["steps"]
PLAN = next(step["run"] for step in STEPS if step.get("name", "").startswith("Plan"))

TERRAFORM = """#!/bin/sh
echo "$@" >> "$OLDPWD_OF_TEST/calls"
case "$*" in
    *" init "*) echo "initialized" ;;
    *) echo "Plan: 1 to add."; exit "${PLAN_EXIT:-0}" ;;
esac
"""


class PullRequest:
    """A checkout of the merge commit of a pull request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.calls = folder / "calls"
        self.programs = folder / "programs"
        self.programs.mkdir()
        terraform = self.programs / "terraform"
        terraform.write_text(TERRAFORM)
        terraform.chmod(0o755)
        self.folder.mkdir()
        self.git("init", "--quiet")
        for path, text in FILES.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.commit()

    def git(self, *arguments: str) -> None:
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=self.folder, check=True)

    def commit(self, *changed: str) -> None:
        """Append a line to files and commit everything."""
        for path in changed:
            with (self.folder / path).open("a") as file:
                file.write("# changed\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=change")

    def plan(self, **env: str) -> tuple[int, str]:
        """Run the script, and return the exit code and the preview."""
        completed = subprocess.run(
            ["bash", "-e", "-c", PLAN],
            cwd=self.folder,
            env={
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "OLDPWD_OF_TEST": str(self.folder.parent),
                "GATEPOST_SERVICE": "payments",
                "GATEPOST_PREVIEW": "preview.md",
                "BASE_COMMIT": "HEAD^1",
                **env,
            },
            check=False,
        )
        return completed.returncode, (self.folder / "preview.md").read_text()


@pytest.fixture
def pull_request(tmp_path: Path) -> PullRequest:
    return PullRequest(tmp_path)


def test_only_the_changed_environments_are_planned(pull_request: PullRequest) -> None:
    """The preview has a section only for the environment whose files changed."""
    pull_request.commit("terraform/envs/test/payments/main.tf")

    exit_code, preview = pull_request.plan()

    assert exit_code == 0
    assert preview == ("### Terraform plan for `test`\n\n```\nPlan: 1 to add.\n```\n\n")
    assert pull_request.calls.read_text().splitlines() == [
        "-chdir=terraform/envs/test/payments init -input=false -no-color",
        "-chdir=terraform/envs/test/payments plan -input=false -lock=false -no-color",
    ]


def test_change_without_infrastructure_needs_no_plan(pull_request: PullRequest) -> None:
    """If no Terraform file changed, the preview says so and Terraform is not started."""
    pull_request.commit("kubernetes/envs/test/payments-deployment.yaml")

    exit_code, preview = pull_request.plan()

    assert (exit_code, preview) == (0, "No change of the infrastructure.\n\n")
    assert not pull_request.calls.exists()


def test_failed_plan_fails_the_preview_and_shows_the_output(pull_request: PullRequest) -> None:
    """The exit code is 1, and the preview contains the plan of every changed environment."""
    environments = ("test", "production")
    pull_request.commit(*(f"terraform/envs/{name}/payments/main.tf" for name in environments))

    exit_code, preview = pull_request.plan(PLAN_EXIT="1")

    assert exit_code == 1
    assert preview.count("Plan: 1 to add.") == 2
