"""The stored results, from which the report is made."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import msgspec

from benchmarks.support.machine import Machine
from benchmarks.support.measurements import Summary

BARE, PRODUCT, PEER = "bare", "product", "peer"
"""The names of the compared servers."""


class ComparedCase(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one case."""

    name: str
    connections: int
    servers: dict[str, Summary]
    ratios: dict[str, float]
    """The product's rate as a multiple of each other server's: the median of the rounds' ratios."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The product beside a bare application and a hand-written peer."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    cases: list[ComparedCase]


Result = TypeVar("Result", bound=msgspec.Struct)

_FILES: Final = {Comparison: "comparison.json"}


def save(result: msgspec.Struct, folder: Path) -> None:
    """Store a result in place of the previous one of its type."""
    folder.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.format(msgspec.json.encode(result), indent=2)
    (folder / _FILES[type(result)]).write_bytes(content + b"\n")


def load(result_type: type[Result], folder: Path) -> Result | None:
    """Return the stored result of a type, or None if there is none."""
    file = folder / _FILES[result_type]
    return msgspec.json.decode(file.read_bytes(), type=result_type) if file.exists() else None
