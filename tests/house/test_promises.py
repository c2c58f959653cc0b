"""docs/promises.md lists all fifteen promises, and every test that it names exists."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.support.named_tests import is_test

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/promises.md").read_text("utf-8")
ROWS: Final = re.findall(r"^\| (P\d+) \| (.*) \|$", PAGE, re.MULTILINE)
CELLS: Final = {number: re.split(r" \| ", rest) for number, rest in ROWS}
PROMISE, PROVED_BY, CONTROL, NOT_PROVED = range(4)
NO_PROOF: Final = "Not proved yet."
NO_CONTROL: Final = "none yet"


def names_in(cell: str) -> list[str]:
    """Return the names that a cell contains."""
    return re.findall("`([^`]+)`", cell)


def test_all_fifteen_promises_are_listed() -> None:
    """The promises are numbered from P1 to P15, in order, and each row has every cell."""
    assert [number for number, _ in ROWS] == [f"P{number}" for number in range(1, 16)]
    assert {len(cells) for cells in CELLS.values()} == {NOT_PROVED + 1}
    assert all(cell.strip() for cells in CELLS.values() for cell in cells)


@pytest.mark.parametrize("number", CELLS)
def test_promise_is_one_sentence(number: str) -> None:
    """A promise ends with its only full stop."""
    assert CELLS[number][PROMISE].index(".") == len(CELLS[number][PROMISE]) - 1


@pytest.mark.parametrize("column", [PROVED_BY, CONTROL], ids=["proof", "control"])
def test_every_named_test_exists(column: int) -> None:
    """Each name in the columns of proofs and controls is `path::function` of a test."""
    missing = [
        (number, name)
        for number, cells in CELLS.items()
        for name in names_in(cells[column])
        if not is_test(name)
    ]

    assert missing == []


@pytest.mark.parametrize("number", CELLS)
def test_missing_proof_or_control_is_admitted(number: str) -> None:
    """A promise has a proof and a control, or the row says that there is none."""
    cells = CELLS[number]

    assert names_in(cells[PROVED_BY]) or cells[PROVED_BY].startswith(NO_PROOF)
    assert names_in(cells[CONTROL]) or cells[CONTROL] == NO_CONTROL
