"""The `gatepost-server` command line, without its commands."""

import io
import sys

import pytest

from gatepost_api.main import main


def test_characters_that_the_terminal_cannot_show_are_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Output containing such characters does not fail, so a completed command reports success."""
    terminal = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(terminal, encoding="latin-1"))

    with pytest.raises(SystemExit):
        main(["--version"])
    print("1 …", flush=True)  # noqa: T201  # output of a command

    assert terminal.getvalue().endswith(b"1 \\u2026\n")
