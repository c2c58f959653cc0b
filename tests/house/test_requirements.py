"""Everything that docs/requirements.md names exists, and its rows are numbered without gaps."""

import importlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from gatepost_api.console.routes import console_routes
from gatepost_cli.commands.all_commands import COMMANDS
from tests.support.named_tests import is_test

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs/requirements.md").read_text("utf-8")
ROWS: Final = re.findall(r"^\| ([A-Z]-\d+) \|(.*)\|$", PAGE, re.MULTILINE)
CELLS: Final = {number: re.split(r"(?<!\\)\|", rest) for number, rest in ROWS}
REQUIREMENT, WHERE, SHOWN_BY, PROVED_BY = range(4)
INTERNAL: Final = "none: it "
"""The beginning of a cell that explains why a requirement has no operation, page or command."""
DOCUMENTATION_PAGES: Final = {"/docs", "/openapi.yaml"}


def names(column: int) -> Iterator[tuple[str, str]]:
    """Yield the row number and the name for each name in a column."""
    for number, cells in CELLS.items():
        for name in re.findall("`([^`]+)`", cells[column]):
            yield number, name


@cache
def can_be_imported(name: str) -> bool:
    """Return whether a dotted name is a module or a symbol of a module."""
    module, _, symbol = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return bool(module) and hasattr(importlib.import_module(module), symbol)
    return True


@cache
def operations() -> set[str]:
    """Return the ids of all operations of the API contract."""
    paths = json.loads((ROOT / "openapi/openapi.json").read_text("utf-8"))["paths"]
    return {
        operation["operationId"] for methods in paths.values() for operation in methods.values()
    }


@cache
def pages() -> set[str]:
    """Return the paths of the console's and the documentation's pages."""
    return DOCUMENTATION_PAGES | {
        route.path.replace(":str", "") for route in console_routes().routes
    }


def is_command(name: str) -> bool:
    """Return whether one of our programs has this command."""
    program, _, command = name.partition(" ")
    match program:
        case "gatepost":
            return command in {known.name for known in COMMANDS}
        case "gatepost-server":
            main = ROOT / "services/api/src/gatepost_api/main.py"
            return f'"{command}"' in main.read_text("utf-8")
        case "python3":
            session = f"\ndef {command.removeprefix('dev.py ')}(session: "
            return session in (ROOT / "noxfile.py").read_text("utf-8")
        case _:
            return name == "gatepost-worker"


def test_rows_are_numbered_consecutively() -> None:
    """The rows of each document have its letter and are numbered from 1."""
    letters = [number[0] for number, _ in ROWS]

    assert sorted(set(letters)) == list("ABCDEF")
    assert [number for number, _ in ROWS] == [
        f"{letter}-{row}" for letter in "ABCDEF" for row in range(1, letters.count(letter) + 1)
    ]


def test_every_user_story_has_a_row() -> None:
    """Each of the 38 user stories in document B has its own row, in order."""
    stories = re.findall(r"^\| B-\d+ \| Story (\d+): ", PAGE, re.MULTILINE)

    assert stories == [f"{story}" for story in range(1, 39)]


def test_every_row_is_complete() -> None:
    """A row has a requirement, code, something to call or open, and a test."""
    incomplete = [
        number
        for number, cells in CELLS.items()
        if len(cells) != PROVED_BY + 1
        or not cells[REQUIREMENT].strip()
        or "`" not in cells[WHERE]
        or not ("`" in cells[SHOWN_BY] or cells[SHOWN_BY].strip().startswith(INTERNAL))
        or "`tests/" not in cells[PROVED_BY]
    ]

    assert incomplete == []


def test_every_named_test_exists() -> None:
    """Each name is that of a test function; a parametrized test is named without parameters."""
    missing = [(number, name) for number, name in names(PROVED_BY) if not is_test(name)]

    assert missing == []


def test_all_named_code_exists() -> None:
    """Each entry is a file, a folder, or a module or symbol that can be imported."""
    missing = [
        (number, name)
        for number, name in names(WHERE)
        if not (ROOT / name).exists() and not can_be_imported(name)
    ]

    assert missing == []


def test_everything_shown_exists() -> None:
    """Each entry is the id of an operation, the path of a page, or a command."""
    missing = [
        (number, name)
        for number, name in names(SHOWN_BY)
        if name not in operations() | pages() and not is_command(name)
    ]

    assert missing == []
