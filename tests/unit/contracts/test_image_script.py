"""The image stage of both pipelines, with simulated aws and docker commands."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from tests.support.contract_files import scripts_of
from tests.support.contracts import PAYMENTS

FILES = generate_contract_files(PAYMENTS).files
JENKINS = next(
    script
    for script in scripts_of(FILES["jenkins/payments.Jenkinsfile"])
    if "docker push" in script
)
GITHUB = next(
    step["run"]
    for step in yaml.safe_load(FILES[".github/workflows/payments.yml"])["jobs"]["image"]["steps"]
    if step.get("id") == "push"
)
COMMIT = "f" * 40
DIGEST = "sha256:" + "a" * 64

AWS = """#!/bin/sh
echo "aws $*" >> "$CALLS"
case "$*" in
    *get-login-password*) echo secret ;;
    *describe-images*) [ -n "$PUSHED" ] || exit 254; echo "$PUSHED" ;;
esac
"""
DOCKER = """#!/bin/sh
echo "docker $*" >> "$CALLS"
[ "$1" != login ] || cat > /dev/null
[ "$1" != inspect ] || echo "registry.example/payments@$BUILT"
"""


def run_image_stage(shell: list[str], script: str, folder: Path, *, pushed: str) -> list[str]:
    """Run the script; return the docker commands, without their options."""
    programs = folder / "programs"
    programs.mkdir()
    for name, text in (("aws", AWS), ("docker", DOCKER)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    subprocess.run(
        [*shell, "-c", script],
        cwd=folder,
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "CALLS": str(folder / "calls"),
            "PUSHED": pushed,
            "BUILT": DIGEST,
            "AWS_REGION": "eu-central-1",
            "REGISTRY": "registry.example",
            "GATEPOST_SERVICE": "payments",
            "SERVICE": "payments",
            "IMAGE": f"registry.example/payments:{COMMIT}",
            "GIT_COMMIT": COMMIT,
            "GITHUB_SHA": COMMIT,
            "GITHUB_OUTPUT": str(folder / "output"),
        },
        check=True,
    )
    calls = (folder / "calls").read_text().splitlines()
    return [call.split()[1] for call in calls if call.startswith("docker ")]


@pytest.mark.parametrize(
    ("pushed", "digest", "commands"),
    [("", DIGEST, ["build", "push", "inspect"]), ("sha256:" + "b" * 64, "sha256:" + "b" * 64, [])],
)
def test_image_is_built_and_pushed_unless_its_commit_was(
    tmp_path: Path, pushed: str, digest: str, commands: list[str]
) -> None:
    """Tags are immutable, so a second run for a commit uses the image of the first."""
    github, jenkins = tmp_path / "github", tmp_path / "jenkins"
    github.mkdir()
    jenkins.mkdir()

    assert run_image_stage(["bash", "-e"], GITHUB, github, pushed=pushed) == commands
    assert run_image_stage(["sh", "-xe"], JENKINS, jenkins, pushed=pushed) == ["login", *commands]
    assert (github / "output").read_text() == f"digest={digest}\n"
    assert (jenkins / ".artifact-digest").read_text() == f"{digest}\n"
