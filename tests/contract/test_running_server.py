"""The contract tests can test a running server, and notice when a response lacks a field."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http.field_remover import field_removed
from tests.support.processes.server import ServerProcess

CONFORMANCE = "test_openapi_conformance.py"
ROUND_TRIPS = "test_client_round_trips.py"


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, server_url: str | None
) -> Iterator[ServerProcess]:
    if server_url is not None:
        pytest.skip("it tests the contract tests, not the server")
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", worker=True) as process:
        yield process


def check_statistics(url: str, token: str, *files: str) -> subprocess.CompletedProcess[str]:
    """Run the contract tests of one operation against a running server."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-k", "get_stats"]
    return subprocess.run(
        [*command, f"--url={url}", f"--token={token}", *files],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_contract_tests_pass_on_a_running_server(server: ServerProcess) -> None:
    """With `--url` and `--token`, the conformance and round-trip tests of one operation pass."""
    completed = check_statistics(server.url, server.token, CONFORMANCE, ROUND_TRIPS)

    assert completed.returncode == 0, completed.stdout
    assert "2 passed" in completed.stdout


@pytest.mark.parametrize("file", [CONFORMANCE, ROUND_TRIPS])
def test_removed_response_field_is_a_failure(server: ServerProcess, file: str) -> None:
    """The conformance and round-trip tests fail if a response lacks a required field."""
    with field_removed(server.url, "deployments_this_week") as url:
        completed = check_statistics(url, server.token, file)

    assert completed.returncode == 1, completed.stdout
    assert "1 failed" in completed.stdout
    assert "deployments_this_week" in completed.stdout
