"""`gatepost whoami`."""

from __future__ import annotations

from typing import Any, Final

from tests.support.cli import CliRunner

ME: Final[dict[str, Any]] = {
    "user": {
        "name": "quinn",
        "kind": "human",
        "human": "quinn",
        "provenance": {"owner": "invitation"},
        "grants": [],
        "groups": ["qa", "devops"],
        "disabled": False,
        "logins": [],
        "former_logins": [],
        "display_name": None,
        "former_name": None,
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
        "revision": 1,
    },
    "grants": [
        {"role": "reviewer", "service": None, "environment": None},
        {"role": "operator", "service": "shop", "environment": "production"},
    ],
    "token": {
        "id": "01936f5e-0000-7000-8000-000000000001",
        "user": "quinn",
        "kind": "personal",
        "label": "laptop",
        "issuer": "owner",
        "scopes": None,
        "created_at": "2026-11-21T12:00:00Z",
        "expires_at": "2026-12-21T12:00:00Z",
        "last_used_at": None,
        "revoked_at": None,
    },
}


def test_whoami_shows_roles_with_their_scope_and_not_the_token(cli: CliRunner) -> None:
    """The output shows each role with its limits, but never the token's secret."""
    cli.prepare("GET /me", ME)

    assert cli("whoami").stdout == (
        "name     quinn\n"
        "kind     human\n"
        "roles    reviewer\n"
        "         operator for shop in production\n"
        "groups   qa, devops\n"
        "token    laptop\n"
        "issuer   owner\n"
        "expires  2026-12-21 12:00:00Z\n"
    )


def test_json_is_the_response_of_the_server(cli: CliRunner) -> None:
    """The JSON output contains the user, the grants and the token's metadata unchanged."""
    cli.prepare("GET /me", ME)

    result = cli("whoami", "--json")

    assert (result.exit_code, result.stderr, result.json) == (0, "", ME)
