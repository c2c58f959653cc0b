"""The stored results, from which the report is made."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import msgspec

from benchmarks.support.machine import Machine
from benchmarks.support.measurements import Summary
from benchmarks.support.prober import ResponseTimes

BARE, PRODUCT, PEER = "bare", "product", "peer"
"""The names of the compared servers."""
STREAMS: Final = 400
"""How many clients follow the events while the response times are measured."""


class ComparedCase(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one case."""

    name: str
    connections: int
    servers: dict[str, Summary]
    ratios: dict[str, float]
    """The product's rate as a multiple of each other server's: the median of the rounds' ratios."""
    cpu_ratios: dict[str, float]
    """The other servers' CPU time as a multiple of the product's. It depends less on what else the
    machine does than the rates."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The product beside a bare application and a hand-written peer."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    cases: list[ComparedCase]


class DurableWrites(msgspec.Struct, frozen=True, kw_only=True):
    """The writers under one latency, by their names."""

    sync_us: int
    """The time that each synchronization of a file takes."""
    rates: dict[str, float]
    """Deployments created per second."""
    cpu_us: dict[str, float]
    """The CPU time of the writing process for each."""
    ratios: dict[str, float]
    """The rates as multiples of the loop with a commit for each."""


class Durability(msgspec.Struct, frozen=True, kw_only=True):
    """The product beside loops that write to SQLite directly."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    writes: list[DurableWrites]


class GrowthRow(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one request on each size."""

    name: str
    cpu_us: dict[str, float]
    """The CPU time per request, by the number of deployments."""
    p50_ms: dict[str, float]
    growth: float
    """The CPU time on the largest history as a multiple of that on the smallest."""


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """The product on histories of several sizes."""

    machine: Machine
    sizes: list[int]
    rounds: int
    seconds: float
    rows: list[GrowthRow]


class Responsiveness(msgspec.Struct, frozen=True, kw_only=True):
    """The response times of the health check while the server does the longest work."""

    machine: Machine
    deployments: int
    rows: int
    """The number of imported rows."""
    quiet: ResponseTimes
    reads: ResponseTimes
    """During reads of the past, reports of the whole history, and idle event streams."""
    everything: ResponseTimes
    """During the reads and an import: the part of it with the highest 99th percentile."""
    slowest_read_s: float
    slowest_renewal_s: float
    """The longest time that the renewal of a claim took."""
    import_s: float
    is_claim_kept: bool
    """Whether the claim was never lost."""


Result = TypeVar("Result", bound=msgspec.Struct)

_FILES: Final[dict[type[msgspec.Struct], str]] = {
    Comparison: "comparison.json",
    Durability: "durability.json",
    Growth: "growth.json",
    Responsiveness: "responsiveness.json",
}


def save(result: msgspec.Struct, folder: Path) -> None:
    """Store a result in place of the previous one of its type."""
    folder.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.format(msgspec.json.encode(result), indent=2)
    (folder / _FILES[type(result)]).write_bytes(content + b"\n")


def load(result_type: type[Result], folder: Path) -> Result | None:
    """Return the stored result of a type, or None if there is none."""
    file = folder / _FILES[result_type]
    return msgspec.json.decode(file.read_bytes(), type=result_type) if file.exists() else None
