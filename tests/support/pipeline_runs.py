"""The stages of a generated Jenkins pipeline, run against a server."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from gatepost_contracts.contract_file_generation import generate_contract_files
from tests.support.contract_files import scripts_of
from tests.support.contracts import PAYMENTS
from tests.support.processes.server import ServerProcess

JENKINSFILE = generate_contract_files(PAYMENTS).files["jenkins/payments.Jenkinsfile"]
PREVIEW, *_, DEPLOY = scripts_of(JENKINSFILE)
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


def preview_env(server: ServerProcess, token: str) -> dict[str, str]:
    """Return the environment of the preview stage of a pull request."""
    return {
        "PATH": os.environ["PATH"],
        "GATEPOST_URL": server.url,
        "GATEPOST_TOKEN": token,
        "GATEPOST_SERVICE": "payments",
        "GIT_COMMIT": COMMIT,
        "CHANGE_TARGET": "main",
        "CHANGE_URL": "https://example.com/payments/pull/7",
    }
