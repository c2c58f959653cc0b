"""`gatepost api` and `completion`, retries, colours and output errors."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from gatepost_cli.terminal.colors import color_statuses, has_colors
from gatepost_cli.terminal.layout import table
from tests.support.cli import CliRunner, deployment_json, problem_response


@pytest.mark.parametrize("path", ["/services", "services", "/api/v1/services"])
def test_get_sends_fields_as_a_query(cli: CliRunner, path: str) -> None:
    """The response is printed as the server sent it."""
    cli.prepare("GET /services", {"items": [], "new": 1})

    result = cli("api", "get", path, "-f", "limit=5", "-f", "cursor=ZA")

    assert result.json == {"items": [], "new": 1}
    assert dict(cli.requests[0].url.params) == {"limit": "5", "cursor": "ZA"}


def test_post_sends_fields_as_json_with_a_key(cli: CliRunner, tmp_path: Path) -> None:
    """A value that is JSON is sent as such; the key makes a retry safe."""
    file = tmp_path / "body.json"
    file.write_text('{"note": "from the file", "ttl": null}')
    cli.prepare("POST /freezes", httpx2.Response(201, json={}))

    cli(
        *("api", "POST", "/freezes", f"--file={file}", "-f", "reason=Sale"),
        *("-f", 'scope={"service": "shop"}', "-f", "days=3", "-f", 'label="3"'),
    )

    assert cli.last_body == {
        "note": "from the file",
        "ttl": None,
        "reason": "Sale",
        "scope": {"service": "shop"},
        "days": 3,
        "label": "3",
    }
    assert cli.requests[0].headers["Idempotency-Key"]


def test_text_is_printed_as_it_is(cli: CliRunner) -> None:
    """Not every response is JSON."""
    cli.prepare("GET /audit/checkpoint", httpx2.Response(200, text="gatepost\n7\n"))

    assert cli("api", "GET", "/audit/checkpoint").stdout.startswith("gatepost\n7\n")


def test_refusal_of_a_call_has_the_usual_exit_code(cli: CliRunner) -> None:
    """The problem is on standard error, and with `--json` on standard output."""
    cli.prepare("GET /services", problem_response(403))

    assert cli("api", "GET", "/services").exit_code == 3
    assert cli("api", "GET", "/services", "--json").json["code"] == "self_review"


@pytest.mark.parametrize("arguments", [["FETCH", "/x"], ["GET", "/x", "-f", "name"]])
def test_invalid_call_is_refused(cli: CliRunner, arguments: list[str]) -> None:
    """Nothing is sent."""
    assert (cli("api", *arguments).exit_code, cli.requests) == (2, [])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_all_words(cli: CliRunner, shell: str) -> None:
    """The script contains the commands, those of groups, and the options."""
    script = cli.run("completion", shell).stdout

    for word in ("request", "settings-changes", "revoke", "rollback-plan"):
        assert word in script


def test_request_is_sent_again_with_the_same_key(cli: CliRunner) -> None:
    """A message says once that the command waits."""
    lost = httpx2.RemoteProtocolError("disconnected")
    cli.prepare(
        "POST /deployments/DEP-42/approve", lost, lost, httpx2.Response(200, json=deployment_json())
    )

    result = cli("approve", "DEP-42")

    assert result.exit_code == 0
    assert len({request.headers["Idempotency-Key"] for request in cli.requests}) == 1
    assert len(cli.requests) == 3
    assert result.stderr.count("Retrying for up to 30 s.") == 1


def test_retries_can_be_turned_off(cli: CliRunner) -> None:
    """Then the first error is the result."""
    cli.prepare("GET /deployments/DEP-42", httpx2.ConnectError("refused"))

    assert cli("show", "DEP-42", "--retry-for=0").exit_code == 4
    assert len(cli.requests) == 1


def test_all_pages_can_be_listed(cli: CliRunner) -> None:
    """With `--all`, the list has no cursor."""
    pages: list[dict[str, object]] = [
        {"items": [deployment_json()], "next_cursor": "ZA"},
        {"items": [deployment_json(number="DEP-41")], "next_cursor": None},
    ]
    cli.prepare("GET /deployments", *pages)
    assert "DEP-41" in cli("list", "--all").stdout
    cli.prepare("GET /deployments", *pages)

    document = cli("list", "--all", "-o", "json").json

    assert [each["number"] for each in document["items"]] == ["DEP-42", "DEP-41"]


def test_statuses_have_colours_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in files, and not if NO_COLOR is set or the terminal has none."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert (has_colors(Terminal()), has_colors(io.StringIO())) == (True, False)
    monkeypatch.setenv("TERM", "dumb")
    assert not has_colors(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_colors(Terminal())
    assert color_statuses("DEP-1  succeeded") == "DEP-1  \x1b[32msucceeded\x1b[0m"
    assert color_statuses("reopened not-failed") == "reopened not-failed"


def test_table_is_fitted_to_the_terminal() -> None:
    """A line that is too long ends with an ellipsis; without a width, nothing is cut."""
    rows = [("DEP-1", "Checkout may be slow")]

    assert table(("number", "risk"), rows, width=16).splitlines()[1] == "DEP-1   Checkou…"
    assert table(("number", "risk"), rows).splitlines()[1] == "DEP-1   Checkout may be slow"


def test_full_disk_is_an_error(tmp_path: Path) -> None:
    """The exit code is not that of a failed deployment."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    command = [sys.executable, "-m", "gatepost_cli", "profile", "list"]
    env = {**os.environ, "XDG_CONFIG_HOME": f"{tmp_path}"}

    with full.open("wb") as stdout:
        done = subprocess.run(
            command, stdout=stdout, stderr=subprocess.PIPE, text=True, env=env, check=False
        )

    message = "gatepost: cannot write the output: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, message)
