"""The stored benchmark results, from which the report is generated."""

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
    """The results of one case."""

    name: str
    connections: int
    servers: dict[str, Summary]
    ratios: dict[str, float]
    """The product's rate as a multiple of each other server's: the median of the rounds' ratios."""
    cpu_ratios: dict[str, float]
    """The other servers' CPU time as a multiple of the product's. It depends less than the rates on
    the machine's other load."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison of the product with a bare application and a hand-written peer."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    cases: list[ComparedCase]


class DurableWrites(msgspec.Struct, frozen=True, kw_only=True):
    """The results of the writers under one fsync latency, by writer name."""

    sync_us: int
    """The time that each fsync takes."""
    rates: dict[str, float]
    """Deployments created per second."""
    cpu_us: dict[str, float]
    """The writing process's CPU time per deployment."""
    ratios: dict[str, float]
    """The rates as multiples of the rate of the loop that commits each deployment separately."""


class Durability(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison of the product with loops that write to SQLite directly."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    writes: list[DurableWrites]


class GrowthRow(msgspec.Struct, frozen=True, kw_only=True):
    """The results of one request on a history of each size."""

    name: str
    cpu_us: dict[str, float]
    """The CPU time per request, by the number of deployments in the history."""
    p50_ms: dict[str, float]
    growth: float
    """The CPU time on the largest history as a multiple of that on the smallest."""
    response_growth: float | None = None
    """The size of the response body, likewise; None for a write."""


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """The results of the product on histories of several sizes."""

    machine: Machine
    sizes: list[int]
    rounds: int
    seconds: float
    rows: list[GrowthRow]


class Databases(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison of the product on SQLite with the product on PostgreSQL."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    rates: dict[str, float]
    """Deployments created per second over 32 connections, by database and number of processes."""
    postgres_to_sqlite: float
    two_processes_to_one: float


class Responsiveness(msgspec.Struct, frozen=True, kw_only=True):
    """The response times of the health check while the server performs its longest operations."""

    machine: Machine
    deployments: int
    rows: int
    """The number of imported rows."""
    quiet: ResponseTimes
    reads: ResponseTimes
    """The response times during reads of past states, reports of a year, and idle event streams."""
    everything: ResponseTimes
    """The response times during the reads and an import, for the part with the highest p99."""
    slowest_read_s: float
    slowest_renewal_s: float
    """The time that the slowest renewal of the claim took."""
    import_s: float
    is_claim_kept: bool
    """Whether the worker kept its claim throughout."""


class SilentlyFilled(msgspec.Struct, frozen=True, kw_only=True):
    """The responses of a server to which silent connections are opened."""

    connections: int
    """The number of silent connections."""
    open_files: int
    """The number of file descriptors that the server may have."""
    alone_p99_ms: float
    p99_ms: float
    answered: int
    """The number of requests that were answered meanwhile; none failed."""
    closed_after_s: float
    """After how many seconds the server had closed all silent connections."""


class FloodedCallers(msgspec.Struct, frozen=True, kw_only=True):
    """The response times of callers during a flood of requests that are refused."""

    name: str
    alone_p99_ms: float
    p99_ms: float
    refused: int
    """The number of refused requests."""
    spooled_bytes: int
    """The largest total size of the server's temporary files."""
    events: int
    """The number of events that the flood added to the log."""


class Overload(msgspec.Struct, frozen=True, kw_only=True):
    """Response times while many deployments wait, and while others misuse the server."""

    machine: Machine
    deployments: int
    rounds: int
    seconds: float
    waiting: int
    """The number of waiting deployments, on the servers that have any."""
    waiting_p99_ms: dict[str, dict[str, float]]
    """By request, and by what the deployments wait for."""
    silence: SilentlyFilled
    floods: list[FloodedCallers]


Result = TypeVar("Result", bound=msgspec.Struct)

_FILES: Final[dict[type[msgspec.Struct], str]] = {
    Comparison: "comparison.json",
    Durability: "durability.json",
    Growth: "growth.json",
    Databases: "databases.json",
    Responsiveness: "responsiveness.json",
    Overload: "overload.json",
}


def save(result: msgspec.Struct, folder: Path) -> None:
    """Store a result, replacing the previous one of its type."""
    folder.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.format(msgspec.json.encode(result), indent=2)
    (folder / _FILES[type(result)]).write_bytes(content + b"\n")


def load(result_type: type[Result], folder: Path) -> Result | None:
    """Return the stored result of a type, or None if there is none."""
    file = folder / _FILES[result_type]
    return msgspec.json.decode(file.read_bytes(), type=result_type) if file.exists() else None
