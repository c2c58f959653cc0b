"""Tables and lists of fields."""

from __future__ import annotations

from gatepost_cli.terminal.layout import format_key_values, table


def test_empty_table_has_its_headings() -> None:
    """An empty list is printed with the same headings as any other list."""
    assert table(("number", "status"), []) == "NUMBER  STATUS"


def test_each_row_is_one_line() -> None:
    """Line breaks in a cell become spaces, and lines have no trailing spaces."""
    rows = [("a\nb", None, "c"), ("long enough", "", "")]

    assert table(("x", "y", "z"), rows) == (
        "X            Y  Z\n"
        "a b          -  c\n"
        "long enough  -  -"
    )  # fmt: skip


def test_entries_without_text_are_left_out() -> None:
    """An entry whose value is None is left out. An empty text is shown."""
    assert format_key_values({"name": "ada", "a long name": None, "risk": ""}) == "name  ada\nrisk"
