"""Cells of a CSV file that no spreadsheet executes as formulas."""

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
"""How a cell begins that a spreadsheet would execute as a formula."""
_GUARD: Final = "'"


def guard_cell(text: str) -> str:
    """Return the text of a CSV cell that no spreadsheet executes as a formula.

    A text that begins like a formula, or with an apostrophe, gets an apostrophe in front.
    """
    return f"{_GUARD}{text}" if text.startswith((*FORMULA_STARTS, _GUARD)) else text


def unguard_cell(cell: str) -> str:
    """Return the text from which `guard_cell` made a cell."""
    return cell.removeprefix(_GUARD)
