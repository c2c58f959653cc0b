"""`gatepost service`, `version`, `environment`, `policy`, `target`, `user` and `token`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.cli import CliRunner

AT = "2026-11-21T12:00:00Z"
SERVICE: dict[str, Any] = {
    "name": "shop",
    "display_name": "Shop",
    "description": None,
    "team": "checkout",
    "repo_url": "https://git.example/shop",
    "status": "registered",
    "created_at": AT,
    "created_by": "ada",
    "revision": 1,
}
CONTRACTS: dict[str, Any] = {
    "contracts": {"digest": "0" * 64, "template_version": "1", "files": []}
}
VERSION: dict[str, Any] = {
    "service": "shop",
    "version": "1.4.2",
    "commit_sha": "4f2a",
    "committed_at": None,
    "artifact_digest": None,
    "notes": None,
    "created_at": AT,
    "created_by": "ada",
}
ENVIRONMENT: dict[str, Any] = {
    "name": "staging",
    "tier": "staging",
    "display_name": "Staging",
    "rank": 30,
    "policy_version": 2,
    "archived": False,
    "was_production": False,
    "created_at": AT,
    "created_by": "owner",
    "revision": 1,
}
USER: dict[str, Any] = {
    "name": "ada",
    "kind": "human",
    "human": "ada",
    "display_name": None,
    "disabled": False,
    "grants": [
        {"role": "requester", "service": "shop", "environment": None},
        {"role": "auditor", "service": None, "environment": None},
    ],
    "groups": ["qa"],
    "logins": [],
    "former_logins": [],
    "former_name": None,
    "provenance": {},
    "created_at": AT,
    "created_by": "owner",
    "revision": 1,
}
TOKEN: dict[str, Any] = {
    "id": "01936f5e-0000-7000-8000-000000000042",
    "user": "ci",
    "kind": "personal",
    "label": "pipeline",
    "issuer": "owner",
    "created_at": AT,
    "expires_at": None,
    "last_used_at": None,
    "revoked_at": None,
    "scopes": None,
}
CHANGE: dict[str, Any] = {"id": "01936f5e-0000-7000-8000-000000000077"}


def page(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": [*items], "next_cursor": None}


@pytest.mark.parametrize(
    ("command", "route", "items", "line"),
    [
        ("service list", "GET /services", [SERVICE], "shop  checkout  registered"),
        ("version list shop", "GET /services/shop/versions", [VERSION], "1.4.2    2026-11-21"),
        ("environment list", "GET /environments", [ENVIRONMENT], "staging  staging  30"),
        ("token list ci", "GET /users/ci/tokens", [TOKEN], "pipeline"),
    ],
)
def test_list_has_a_line_for_each_item(
    cli: CliRunner, command: str, route: str, items: list[dict[str, Any]], line: str
) -> None:
    """All pages are listed; with `--json`, as one page."""
    cli.prepare(route, page(*items))

    assert line in cli(*command.split()).stdout
    assert cli(*command.split(), "--json").json == page(*items)


def test_service_is_added_and_changed(cli: CliRunner) -> None:
    """Only what is given is sent."""
    cli.prepare("POST /services", httpx2.Response(201, json=SERVICE | CONTRACTS))
    cli.prepare("PATCH /services/shop", SERVICE | CONTRACTS)

    added = cli("service", "add", "shop", "--team=checkout", "--repo-url=https://git.example/shop")
    assert cli.last_body == {
        "name": "shop",
        "team": "checkout",
        "repo_url": "https://git.example/shop",
    }
    cli("service", "change", "shop", "--archive")

    assert added.stdout == "shop has been registered.\n"
    assert cli.last_body == {"archived": True}


def test_service_is_shown_with_every_field(cli: CliRunner) -> None:
    """Fields that this version does not know are shown, too."""
    cli.prepare("GET /services/shop", SERVICE | {"criticality": "high"})

    text = cli("service", "show", "shop").stdout

    assert "team          checkout" in text
    assert "criticality   high" in text


@pytest.mark.parametrize("words", [["version"], ["version", "add"]])
def test_version_is_added_with_and_without_the_word_add(cli: CliRunner, words: list[str]) -> None:
    """`gatepost version SERVICE VERSION` keeps working."""
    cli.prepare("POST /services/shop/versions", httpx2.Response(201, json=VERSION))

    result = cli(*words, "shop", "1.4.2", "--commit=4f2a")

    assert result.stdout == "shop 1.4.2 has been registered.\n"
    assert cli.last_body.items() >= {"version": "1.4.2", "commit_sha": "4f2a"}.items()


def test_policy_is_set_from_a_file(cli: CliRunner, tmp_path: Path) -> None:
    """The edited output of `show --json` can be sent back: what cannot be set is left out."""
    file = tmp_path / "policy.json"
    shown = {"environment": "staging", "version": 2, "created_at": AT, "created_by": "owner"}
    file.write_text(json.dumps({**shown, "soak_s": 60}))
    cli.prepare("PUT /environments/staging/policy", httpx2.Response(202, json=CHANGE))

    result = cli("policy", "set", "staging", f"--file={file}", "--reason=Slower")

    assert cli.last_body == {"soak_s": 60}
    assert cli.requests[-1].url.params["reason"] == "Slower"
    assert result.exit_code in {0, 4}


@pytest.mark.parametrize(("text", "fault"), [("{", "is not JSON"), ("[]", "not contain a JSON")])
def test_file_that_is_no_json_object_is_refused(
    cli: CliRunner, tmp_path: Path, text: str, fault: str
) -> None:
    """Nothing is sent."""
    file = tmp_path / "target.json"
    file.write_text(text)

    result = cli("target", "set", "shop", "staging", f"--file={file}")

    assert (result.exit_code, cli.requests) == (2, [])
    assert fault in result.stderr


def test_missing_file_is_named(cli: CliRunner) -> None:
    """The error is that of a wrong argument."""
    result = cli("policy", "set", "staging", "--file=none.json")

    assert (result.exit_code, result.stderr) == (
        2,
        "gatepost: cannot read none.json: No such file or directory\n",
    )


def test_user_is_added_with_roles_for_places(cli: CliRunner) -> None:
    """A role is for everything, for a service, an environment, or a service there."""
    cli.prepare("POST /users", httpx2.Response(201, json=USER))

    cli(
        *("user", "add", "ada", "--group=qa"),
        *("--role=auditor", "--role=requester@shop", "--role=operator@*/test"),
        "--role=approver@shop/test",
    )

    assert cli.last_body == {
        "name": "ada",
        "groups": ["qa"],
        "grants": [
            {"role": "auditor"},
            {"role": "requester", "service": "shop"},
            {"role": "operator", "environment": "test"},
            {"role": "approver", "service": "shop", "environment": "test"},
        ],
    }


@pytest.mark.parametrize("role", ["", "@shop", "requester@a/b/c"])
def test_invalid_role_is_refused(cli: CliRunner, role: str) -> None:
    """The error says how a role is written."""
    result = cli("user", "add", "ada", f"--role={role}")

    assert (result.exit_code, cli.requests) == (2, [])
    assert "requester@shop/test" in result.stderr


def test_secret_of_a_new_token_is_the_output(cli: CliRunner) -> None:
    """A script can store the secret: it is the only output."""
    issued = {"secret": "gp_s_new", "token": TOKEN}
    cli.prepare("POST /users/ci/tokens", httpx2.Response(201, json=issued))

    result = cli("token", "add", "ci", "--label=pipeline", "--scope=requester@shop")

    assert result.stdout == "gp_s_new\n"
    assert cli.last_body == {
        "label": "pipeline",
        "scopes": [{"role": "requester", "service": "shop"}],
    }


def test_secret_that_was_lost_is_explained(cli: CliRunner) -> None:
    """A repeated response does not contain the secret."""
    issued = {"secret": None, "token": TOKEN}
    cli.prepare("POST /users/ci/tokens", httpx2.Response(201, json=issued))

    assert f"gatepost token revoke ci {TOKEN['id']}" in cli("token", "add", "ci").stdout


def test_token_is_revoked(cli: CliRunner) -> None:
    """The confirmation names the token."""
    cli.prepare(f"DELETE /users/ci/tokens/{TOKEN['id']}", TOKEN)

    assert "has been revoked" in cli("token", "revoke", "ci", TOKEN["id"]).stdout
