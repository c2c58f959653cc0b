"""Measure the rate and peak memory of importing a history into a new SQLite file.

Run `python benchmarks/import_history.py [ROWS]` in the tests' environment. The rows resemble real
ones: versions are hashes, each is deployed to two environments, and many services alternate.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha1
from pathlib import Path

import uuid_utils.compat

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.tracking.import_history import import_history
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.tracking.history_files.file_reader import read_history
from gatepost_domain.tracking.import_result import ImportResult
from gatepost_persistence.sqlite.ledger import SqliteLedger

BEGIN = datetime(2022, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVICES, ENVIRONMENTS = 60, ("integration", "staging", "production")

PART_BYTES = 256 * 1024
"""The number of bytes of the file that are read at a time, as in the server."""
TIERS = {"integration": Tier.TEST}


def lines(count: int) -> Iterator[bytes]:
    """Yield the lines of a CSV file with `count` rows, oldest first."""
    yield b"service,environment,version,deployed_at,deployed_by,notes,external_id\n"
    interval = (NOW - BEGIN) / (count + 1)
    for number in range(count):
        service = f"service-{number // 2 * 7919 % SERVICES}"
        environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
        version = sha1(b"%d" % (number // 2), usedforsecurity=False).hexdigest()
        at = (BEGIN + interval * number).replace(microsecond=0)
        external_id = f"{number:x}:{service}:{environment}"
        row = (service, environment, version, f"{at:%Y-%m-%dT%H:%M:%SZ}", "ada", "", external_id)
        yield ",".join(row).encode() + b"\n"


async def measure(folder: Path, count: int) -> tuple[ImportResult, timedelta]:
    """Import `count` rows, and return the time from reading the file to the durable commit."""
    file = folder / "history.csv"
    with file.open("wb") as history:
        history.writelines(lines(count))
    ledger = await SqliteLedger.open(folder / "gatepost.db")
    command, new_id = Command(actor=SYSTEM, at=NOW), uuid_utils.compat.uuid7
    with file.open("rb") as history:
        start = time.perf_counter()
        result = await ledger.perform_long(
            lambda uow: import_history(
                uow,
                read_history(iter(partial(history.read, PART_BYTES), b"")),
                command,
                create_missing=True,
                tiers=TIERS,
                new_id=new_id,
            )
        )
        duration = timedelta(seconds=time.perf_counter() - start)
    await ledger.close()
    return result, duration


def main() -> None:
    """Measure once and print the result."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        result, duration = asyncio.run(measure(Path(folder), count))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = result.imported / duration.total_seconds()
    sys.stdout.write(f"{result}\n{rate:,.0f} rows/s, peak memory {peak_mb:.0f} MB\n")


if __name__ == "__main__":
    main()
