"""The JSON output of commands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.cli import CliRunner, deployment_json, gates_json

REQUEST = ["request", "shop", "1.4.2", "--to=production", "--work=A", "--rollback-plan=B"]


@pytest.mark.parametrize(
    ("arguments", "route", "response"),
    [
        (REQUEST, "POST /deployments", deployment_json()),
        (["show", "DEP-42"], "GET /deployments/DEP-42", deployment_json()),
        (["list"], "GET /deployments", {"items": [deployment_json()], "next_cursor": "c"}),
        (["start", "DEP-42"], "POST /deployments/DEP-42/start", deployment_json("started")),
        (["gates", "DEP-42"], "GET /deployments/DEP-42/gates", gates_json("Waiting.")),
    ],
    ids=lambda case: case[0] if isinstance(case, list) else "",
)
def test_json_is_exactly_the_response_of_the_server(
    cli: CliRunner, arguments: list[str], route: str, response: dict[str, Any]
) -> None:
    """The JSON output includes every field, including fields that the client does not know."""
    cli.prepare(route, response)

    result = cli(*arguments, "--json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.json == response
