"""What reaches the terminal: text that steers nothing, on terminals of every kind."""

from __future__ import annotations

import io
import os
import sys

import pytest

from gatepost_cli.layout import sheet, table
from tests.support.command import Command, a_deployment


def test_what_others_wrote_cannot_steer_the_terminal(gatepost: Command) -> None:
    """No note hides, colours or retitles anything where somebody reads it."""
    notes = "Harmless\x1b]0;owned\x07\x1b[8m\r\n\x9b31m\u202e\tüß"
    gatepost.says("GET /deployments/DEP-42", a_deployment(notes=notes))

    out = gatepost("show", "DEP-42").out

    assert "notes          Harmless\ufffd]0;owned\ufffd\ufffd[8m\n" in out
    assert "               \ufffd31m\ufffd üß\n" in out
    assert all(char.isprintable() or char == "\n" for char in out)


def test_json_is_safe_on_every_terminal(gatepost: Command) -> None:
    """It is plain ASCII, and says the same."""
    deployment = a_deployment(notes="\x1b[8m\x9b31m\u202eüß")
    gatepost.says("GET /deployments/DEP-42", deployment)

    ran = gatepost("show", "DEP-42", "--json")

    assert ran.out.isascii()
    assert ran.document == deployment


def test_a_terminal_with_few_characters_is_enough(
    gatepost: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it cannot show is spelled, and nothing fails."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    gatepost.says("POST /deployments", a_deployment(number="DEP-ü"))

    request = ["request", "shop", "1", "--to=test", "--work=A", "--rollback-plan=B"]

    assert gatepost(*request).code == 0
    assert written.getvalue() == b"DEP-\\xfc\n"


def test_a_reader_that_stops_early_is_no_mishap(
    gatepost: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`gatepost list | head -1` ends as every program of a pipe does, without a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    gatepost.says("GET /deployments/DEP-42", a_deployment())

    with os.fdopen(writer, "w") as nobody_reads:
        monkeypatch.setattr(sys, "stdout", nobody_reads)
        ran = gatepost("show", "DEP-42")

    assert (ran.code, ran.err) == (141, "")


def test_a_table_of_nothing_is_its_headings() -> None:
    """An empty list is seen to be empty, in the same shape as any other."""
    assert table(("number", "status"), []) == "NUMBER  STATUS"


def test_a_row_keeps_to_its_line() -> None:
    """Columns stay aligned whatever somebody wrote; nothing trails."""
    rows = [("a\nb", None, "c"), ("long enough", "", "")]

    assert table(("x", "y", "z"), rows) == (
        "X            Y  Z\n"
        "a b          -  c\n"
        "long enough  -  -"
    )  # fmt: skip


def test_a_sheet_leaves_out_what_is_not_there() -> None:
    """None is no entry; an empty text is one."""
    assert sheet({"name": "ada", "notes": None, "risk": ""}) == "name   ada\nrisk"
