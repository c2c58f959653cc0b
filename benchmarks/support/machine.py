"""Description of the machine and the software versions of a benchmark run."""

from __future__ import annotations

import importlib
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from gatepost_persistence.sqlite import library_choice

PACKAGES: Final = (
    "advanced-alchemy",
    "fastapi",
    "litestar",
    "msgspec",
    "pydantic",
    "sqlalchemy",
    "transitions",
    "uvicorn",
    "uvloop",
)


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The date, the machine and the versions of a run."""

    date: str
    cpus: int
    model: str
    load: float
    """The average number of running processes in the minute before the run."""
    python: str
    sqlite: str
    packages: dict[str, str]


def describe_machine() -> Machine:
    """Return the description. Call this before the run, because a run itself adds to the load."""
    return Machine(
        date=f"{datetime.now(UTC):%Y-%m-%d}",  # noqa: TID251  # the benchmarks have no clock
        cpus=os.cpu_count() or 0,
        model=_cpu_model(),
        load=os.getloadavg()[0],
        python=platform.python_version(),
        sqlite=_sqlite_version(),
        packages={name: version(name) for name in PACKAGES},
    )


def _sqlite_version() -> str:
    """Return the version of the SQLite library that the product uses."""
    library_choice.use_safe_sqlite()
    version_: str = importlib.import_module("sqlite3").sqlite_version
    return version_


def _cpu_model() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")
