"""Errors of a run and their exit codes."""

from __future__ import annotations

import httpx2
import pytest

from gatepost_cli.core.exit_code import ExitCode
from tests.support.cli import CliRunner, Response, problem_response

SELF_REVIEW = "gatepost: 403 self_review: You cannot review your own request.\n"


@pytest.mark.parametrize(
    ("response", "exit_code"),
    [
        (problem_response(401), ExitCode.REFUSED),
        (problem_response(403), ExitCode.REFUSED),
        (problem_response(429), ExitCode.REFUSED),
        (problem_response(500), ExitCode.UNREACHABLE),
        (problem_response(503), ExitCode.UNREACHABLE),
        (httpx2.ConnectError("refused"), ExitCode.UNREACHABLE),
        (httpx2.ReadTimeout("timed out"), ExitCode.UNREACHABLE),
        (httpx2.Response(502, text="<html>Bad gateway</html>"), ExitCode.UNREACHABLE),
        (httpx2.Response(200, json=["another API"]), ExitCode.UNREACHABLE),
    ],
)
def test_exit_code_distinguishes_a_refusal_from_a_missing_response(
    cli: CliRunner, response: Response, exit_code: ExitCode
) -> None:
    """The exit code says whether the server refused the action or did not respond as expected."""
    cli.prepare("POST /deployments/DEP-42/approve", response)

    result = cli("approve", "DEP-42")

    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert result.stderr.startswith("gatepost: ")


def test_refusal_is_printed_as_the_server_words_it(cli: CliRunner) -> None:
    """The server's message is on standard error, and standard output is empty."""
    cli.prepare("POST /deployments/DEP-42/approve", problem_response(403))

    result = cli("approve", "DEP-42")

    assert (result.exit_code, result.stdout, result.stderr) == (3, "", SELF_REVIEW)


def test_every_invalid_field_is_reported(cli: CliRunner) -> None:
    """The error has one line with the pointer and the description of each invalid field."""
    errors = [
        {"pointer": "#/risk", "detail": "Required in production."},
        {"pointer": "#/version", "detail": "Unknown version."},
    ]
    problem = problem_response(422, code="invalid", detail="2 fields are invalid.", errors=errors)
    cli.prepare("POST /deployments", problem)

    request = ["request", "shop", "1.4.2", "--to=production", "--work=A", "--rollback-plan=B"]
    result = cli(*request)

    assert result.exit_code == 3
    assert result.stderr == (
        "gatepost: 422 invalid: 2 fields are invalid.\n"
        "  #/risk: Required in production.\n"
        "  #/version: Unknown version.\n"
    )


def test_json_of_a_refusal_is_the_problem(cli: CliRunner) -> None:
    """Standard output contains the problem with its code, and standard error the message."""
    problem = problem_response(403, new_field=True)
    cli.prepare("POST /deployments/DEP-42/approve", problem)

    result = cli("approve", "DEP-42", "--json")

    assert (result.exit_code, result.stderr) == (3, SELF_REVIEW)
    assert result.json == problem.json()
