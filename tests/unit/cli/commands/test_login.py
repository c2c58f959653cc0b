"""`gatepost login`, `logout` and `profile`, and which settings a command uses."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from gatepost_cli.core import profiles
from tests.support.cli import CliRunner, Result, deployment_json, problem_response

ME: dict[str, Any] = {
    "user": {
        "name": "ada",
        "kind": "human",
        "human": "ada",
        "display_name": None,
        "disabled": False,
        "grants": [],
        "groups": [],
        "logins": [],
        "former_logins": [],
        "former_name": None,
        "provenance": {},
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
        "revision": 1,
    },
    "grants": [],
    "token": {
        "id": "01936f5e-0000-7000-8000-000000000042",
        "user": "ada",
        "kind": "personal",
        "label": None,
        "issuer": "ada",
        "created_at": "2026-11-21T12:00:00Z",
        "expires_at": None,
        "last_used_at": None,
        "revoked_at": None,
        "scopes": None,
    },
}
URL = "https://gatepost.example"


@pytest.fixture
def log_in(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Log in with a token on standard input."""

    def run(token: str, *options: str, url: str = URL) -> Result:
        cli.prepare("GET /me", ME)
        cli.prepare("GET /deployments/DEP-42", deployment_json())
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{token}\n"))
        return cli.run("login", f"--url={url}", *options)

    return run


def used(cli: CliRunner) -> tuple[str, str]:
    """Return the host and the token of the last request."""
    request = cli.requests[-1]
    return request.url.host, request.headers["Authorization"].removeprefix("Bearer ")


def test_login_stores_what_later_commands_use(cli: CliRunner, log_in: Any, tmp_path: Path) -> None:
    """The file is readable only for the user, and the token is not shown."""
    result = log_in("gp_u_ada")

    assert result.exit_code == 0
    assert "You are ada at https://gatepost.example" in result.stdout
    assert "gp_u_ada" not in result.stdout + result.stderr
    (file,) = tmp_path.rglob("profiles.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert cli.run("show", "DEP-42").exit_code == 0
    assert used(cli) == ("gatepost.example", "gp_u_ada")


def test_token_that_the_server_refuses_is_not_stored(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A mistyped token does not replace a good one."""
    cli.prepare("GET /me", problem_response(401, code="unauthenticated"))
    monkeypatch.setattr("sys.stdin", io.StringIO("gp_u_wrong\n"))

    assert cli.run("login", f"--url={URL}").exit_code == 3
    assert [*tmp_path.rglob("profiles.json")] == []


def test_empty_token_is_refused(cli: CliRunner, log_in: Any) -> None:
    """The error says how the token is passed."""
    result = log_in("")

    assert (result.exit_code, cli.requests) == (2, [])
    assert "standard input" in result.stderr


def test_profiles_are_chosen_by_option_variable_and_default(
    cli: CliRunner, log_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option comes first, then the variable, then the profile used last."""
    log_in("gp_u_one", "--profile=one", url="https://one.example")
    log_in("gp_u_two", "--profile=two", url="https://two.example")

    cli.run("show", "DEP-42")
    assert used(cli) == ("two.example", "gp_u_two")
    cli.run("show", "DEP-42", "--profile=one")
    assert used(cli) == ("one.example", "gp_u_one")
    monkeypatch.setenv("GATEPOST_PROFILE", "one")
    cli.run("show", "DEP-42")
    assert used(cli) == ("one.example", "gp_u_one")
    monkeypatch.delenv("GATEPOST_PROFILE")
    cli.run("profile", "use", "one")
    cli.run("show", "DEP-42")
    assert used(cli) == ("one.example", "gp_u_one")
    assert "*        one   https://one.example" in cli.run("profile", "list").stdout


def test_variables_come_before_a_profile_that_is_not_named(
    cli: CliRunner, log_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline sets its own token; `--profile` is the explicit choice."""
    log_in("gp_u_ada")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_s_ci")

    cli.run("show", "DEP-42", f"--url={URL}")
    assert used(cli) == ("gatepost.example", "gp_s_ci")
    cli.run("show", "DEP-42", "--profile=default")
    assert used(cli) == ("gatepost.example", "gp_u_ada")


def test_token_of_a_profile_is_only_for_its_server(
    cli: CliRunner, log_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server does not receive it."""
    log_in("gp_u_ada")
    sent = len(cli.requests)

    result = cli.run("show", "DEP-42", "--url=https://other.example")
    monkeypatch.setenv("GATEPOST_URL", "https://another.example")
    other = cli.run("show", "DEP-42")

    assert (result.exit_code, other.exit_code, len(cli.requests)) == (2, 2, sent)


def test_unknown_profile_is_named_with_the_known_ones(cli: CliRunner, log_in: Any) -> None:
    """The error says how to create it."""
    log_in("gp_u_ada")

    result = cli.run("show", "DEP-42", "--profile=work")

    assert result.exit_code == 2
    assert "profiles: default" in result.stderr
    assert "gatepost login --profile work" in result.stderr


def test_logout_removes_the_profile(cli: CliRunner, log_in: Any) -> None:
    """Nothing of it is left."""
    log_in("gp_u_ada")

    assert cli.run("logout").exit_code == 0
    assert "set GATEPOST_TOKEN" in cli.run("show", "DEP-42", f"--url={URL}").stderr
    assert cli.run("logout").exit_code == 2


def test_damaged_file_is_named(cli: CliRunner, log_in: Any, tmp_path: Path) -> None:
    """The error says what to do."""
    log_in("gp_u_ada")
    (file,) = tmp_path.rglob("profiles.json")
    file.write_text("{")

    result = cli.run("show", "DEP-42")

    assert (result.exit_code, "is damaged" in result.stderr) == (2, True)


def test_keyring_is_used_if_it_is_installed(
    cli: CliRunner, log_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file then does not contain the token."""
    tokens: dict[tuple[str, str], str] = {}
    keyring = SimpleNamespace(
        set_password=lambda service, name, token: tokens.update({(service, name): token}),
        get_password=lambda service, name: tokens.get((service, name)),
        delete_password=lambda service, name: tokens.pop((service, name)),
        errors=SimpleNamespace(KeyringError=OSError),
    )
    monkeypatch.setattr(profiles, "_find_keyring", lambda: keyring)

    assert "in the keyring" in log_in("gp_u_ada").stdout
    (file,) = tmp_path.rglob("profiles.json")
    assert "gp_u_ada" not in file.read_text()
    cli.run("show", "DEP-42")
    assert used(cli) == ("gatepost.example", "gp_u_ada")
    cli.run("logout")
    assert tokens == {}


@pytest.mark.parametrize("arguments", [["whoami"], ["show", "DEP-42"]])
def test_empty_token_variable_is_an_error(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    """A missing secret of a pipeline does not make it act as the owner."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/owner.token").write_text("gp_u_owner")
    monkeypatch.setenv("GATEPOST_TOKEN", "")

    result = cli.run(*arguments)

    assert (result.exit_code, cli.requests) == (2, [])
    assert "GATEPOST_TOKEN is set but empty" in result.stderr


def test_use_of_the_owners_token_is_said(cli: CliRunner, tmp_path: Path) -> None:
    """The message is on standard error, so that scripts can read the result."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/owner.token").write_text("gp_u_owner")
    cli.prepare("GET /deployments/DEP-42", httpx2.Response(200, json=deployment_json()))

    result = cli.run("show", "DEP-42")

    assert result.exit_code == 0
    assert result.stderr.startswith("Using the owner's token")
    assert "owner's" not in result.stdout
