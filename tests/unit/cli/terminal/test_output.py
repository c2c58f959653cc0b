"""Writing text and JSON to the terminal."""

from __future__ import annotations

import io
import os
import sys

import httpx2
import pytest

from tests.support.cli import TOKEN, CliRunner, deployment_json

ERROR_PAGE = f"<pre>Authorization: Bearer {TOKEN}\nX: Bearer eyJhbGciOi.eyJpc3Mi.c2ln</pre>"


def test_text_from_other_users_cannot_control_the_terminal(cli: CliRunner) -> None:
    """Escape sequences in a note are replaced, but its line breaks are kept."""
    notes = "Harmless\x1b]0;owned\x07\x1b[8m\r\n\x9b31m\u202e\tüß"
    cli.prepare("GET /deployments/DEP-42", deployment_json(notes=notes))

    stdout = cli("show", "DEP-42").stdout

    assert "notes            Harmless\ufffd]0;owned\ufffd\ufffd[8m\n" in stdout
    assert "                 \ufffd31m\ufffd üß\n" in stdout
    assert all(char.isprintable() or char == "\n" for char in stdout)


def test_json_is_plain_ascii(cli: CliRunner) -> None:
    """Control characters are escaped, and parsing the JSON returns the original document."""
    deployment = deployment_json(notes="\x1b[8m\x9b31m\u202eüß")
    cli.prepare("GET /deployments/DEP-42", deployment)

    result = cli("show", "DEP-42", "--json")

    assert result.stdout.isascii()
    assert result.json == deployment


def test_characters_that_the_terminal_lacks_are_escaped(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Characters that an ASCII terminal cannot show are escaped, so the command succeeds."""
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="ascii"))
    cli.prepare("POST /deployments", deployment_json(number="DEP-ü"))

    request = ["request", "shop", "1", "--to=test", "--work=A", "--rollback-plan=B"]

    assert cli(*request).exit_code == 0
    assert buffer.getvalue() == b"DEP-\\xfc\n"


def test_closed_pipe_ends_the_command_without_a_traceback(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline such as `gatepost list | head -1` ends without a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    cli.prepare("GET /deployments/DEP-42", deployment_json())

    with os.fdopen(writer, "w") as closed_pipe:
        monkeypatch.setattr(sys, "stdout", closed_pipe)
        result = cli("show", "DEP-42")

    assert (result.exit_code, result.stderr) == (141, "")


def test_tokens_in_an_error_page_are_redacted(cli: CliRunner) -> None:
    """A proxy's error page may repeat the request, so its text is redacted before it is printed."""
    cli.prepare("GET /me", httpx2.Response(502, text=ERROR_PAGE))

    result = cli("whoami")

    assert result.exit_code == 4
    assert "Authorization: Bearer ***" in result.stderr
    assert not any(secret in result.stderr for secret in (TOKEN, TOKEN[5:], "eyJpc3Mi"))


def test_token_in_a_mistyped_option_is_redacted(cli: CliRunner) -> None:
    """An error message that quotes an argument does not reveal the token."""
    result = cli.run("whoami", f"--tokn={TOKEN}")

    assert result.exit_code == 2
    assert "--tokn=gp_u_***" in result.stderr
    assert TOKEN not in result.stderr
