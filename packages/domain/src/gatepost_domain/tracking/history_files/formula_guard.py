"""Guarding CSV cells so that spreadsheets do not execute them as formulas."""

from __future__ import annotations

from typing import Final

FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
"""The beginnings of cells that a spreadsheet would execute as formulas."""
_GUARD: Final = "'"


def guard_cell(text: str) -> str:
    """Return the text as a CSV cell that no spreadsheet executes as a formula.

    A text that begins like a formula, or with an apostrophe, is prefixed with an apostrophe.
    """
    return f"{_GUARD}{text}" if text.startswith((*FORMULA_STARTS, _GUARD)) else text


def unguard_cell(cell: str) -> str:
    """Return the original text of a cell created by `guard_cell`."""
    return cell.removeprefix(_GUARD)
