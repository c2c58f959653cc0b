"""`gatepost version`."""

from __future__ import annotations

from typing import Final

import httpx2

from tests.support.cli import CliRunner, problem_response

VERSION: Final = {
    "service": "shop",
    "version": "1.4.2",
    "commit_sha": None,
    "committed_at": None,
    "artifact_digest": None,
    "notes": None,
    "created_at": "2026-11-20T09:30:00Z",
    "created_by": "ada",
}


def test_existing_version_is_accepted_only_with_known_is_fine(cli: CliRunner) -> None:
    """With the flag, only the refusal of an existing version is treated as a success."""
    cli.prepare("POST /services/shop/versions", problem_response(409, code="version_exists"))

    assert cli("version", "shop", "1.4.2").exit_code == 3
    assert cli("version", "shop", "1.4.2", "--known-is-fine").exit_code == 0

    cli.prepare("POST /services/shop/versions", problem_response(404, code="unknown_service"))
    assert cli("version", "shop", "1.4.2", "--known-is-fine").exit_code == 3


def test_version_is_registered(cli: CliRunner) -> None:
    """The request contains the details of the build."""
    cli.prepare("POST /services/shop/versions", httpx2.Response(201, json=VERSION))

    result = cli("version", "shop", "1.4.2", "--commit=f00d")

    assert result.stdout == "shop 1.4.2 has been registered.\n"
    body = {name: value for name, value in cli.last_body.items() if value is not None}
    assert body == {"version": "1.4.2", "commit_sha": "f00d"}
