"""The `gatepost-server` command line, without its commands."""

import io
import sys

import pytest

from gatepost_api.main import main


def test_characters_that_the_terminal_cannot_show_are_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A command that has done its work does not fail because the locale lacks Unicode."""
    terminal = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(terminal, encoding="latin-1"))

    with pytest.raises(SystemExit):
        main(["--version"])
    print("1 …", flush=True)  # noqa: T201  # what a command prints

    assert terminal.getvalue().endswith(b"1 \\u2026\n")
