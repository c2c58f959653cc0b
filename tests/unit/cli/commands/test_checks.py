"""`gatepost checks`."""

from __future__ import annotations

from typing import Any, Final

import httpx2
import pytest

from tests.support.cli import CliRunner, problem_response

RUN_ID: Final = "01936f5e-0000-7000-8000-000000000007"
PATH: Final = "/services/shop/targets/production/check-runs"


def run_json(**changes: Any) -> dict[str, Any]:
    """Return a check run that waits for a worker."""
    run: dict[str, Any] = {
        "id": RUN_ID,
        "service": "shop",
        "environment": "production",
        "state": "queued",
        "outcome": None,
        "requested_by": "olga",
        "requested_at": "2026-11-21T12:00:00Z",
        "target_version": 3,
        "version": "1.4.2",
        "worker": None,
        "attempt": 0,
        "claimed_at": None,
        "ended_at": None,
        "results": [],
        "note": None,
    }
    return run | changes


def finished_json(outcome: str) -> dict[str, Any]:
    """Return a check run with one result."""
    result = {
        "name": "health",
        "state": outcome,
        "required": True,
        "attempts": 1,
        "detail": "GET /health returned 200 in 12 ms.",
        "at": "2026-11-21T12:00:02Z",
        "took_ms": 12,
    }
    return run_json(state="finished", outcome=outcome, results=[result])


def created(**changes: Any) -> httpx2.Response:
    return httpx2.Response(201, json=run_json(**changes))


def test_requested_run_is_printed(cli: CliRunner) -> None:
    """Without `--wait`, the command ends at once."""
    cli.prepare(f"POST {PATH}", created())

    result = cli("checks", "run", "shop", "production")

    assert (result.exit_code, result.stdout) == (0, f"{RUN_ID}\n")


@pytest.mark.parametrize(
    ("outcome", "exit_code", "words"),
    [("passed", 0, "passed."), ("failed", 1, "failed."), ("errored", 1, "could not be evaluated.")],
)
def test_exit_code_is_that_of_the_checks(
    cli: CliRunner, outcome: str, exit_code: int, words: str
) -> None:
    """A pipeline can stop if the environment does not work."""
    cli.prepare(f"POST {PATH}", created())
    cli.prepare(f"GET {PATH}/{RUN_ID}", run_json(state="running"), finished_json(outcome))

    result = cli("checks", "run", "shop", "production", "--wait")

    assert result.exit_code == exit_code
    assert f"The checks of shop in production {words}" in result.stdout
    assert "GET /health returned 200 in 12 ms." in result.stdout
    assert cli.clock.sleeps == [1, 1]


def test_lost_run_says_why(cli: CliRunner) -> None:
    """The exit code is that of checks that did not pass."""
    cli.prepare(f"POST {PATH}", created())
    cli.prepare(f"GET {PATH}/{RUN_ID}", run_json(state="lost", note="No worker took the checks."))

    result = cli("checks", "run", "shop", "production", "--wait")

    assert (result.exit_code, result.stdout) == (1, "No worker took the checks.\n")


def test_wait_ends_after_the_timeout(cli: CliRunner) -> None:
    """The run continues on the server."""
    cli.prepare(f"POST {PATH}", created())
    cli.prepare(f"GET {PATH}/{RUN_ID}", run_json())

    result = cli("checks", "run", "shop", "production", "--wait", "--timeout", "3")

    assert result.exit_code == 5
    assert "Timed out after 3 s. The checks continue." in result.stderr


def test_timeout_requires_waiting(cli: CliRunner) -> None:
    """Nothing is sent."""
    result = cli("checks", "run", "shop", "production", "--timeout", "3")

    assert (result.exit_code, cli.requests) == (2, [])


def test_refusal_is_shown(cli: CliRunner) -> None:
    """The message says which checks are open."""
    cli.prepare(f"POST {PATH}", problem_response(code="check_run_open"))

    assert cli("checks", "run", "shop", "production").exit_code == 3


def test_runs_are_listed(cli: CliRunner) -> None:
    """There is one line per run."""
    cli.prepare(
        f"GET {PATH}", {"items": [finished_json("passed"), run_json()], "next_cursor": None}
    )

    lines = cli("checks", "list", "shop", "production").stdout.splitlines()

    assert [line.split()[1:3] for line in lines[1:]] == [["finished", "passed"], ["queued", "-"]]
