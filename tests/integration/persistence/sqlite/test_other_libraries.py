"""The file can be read and written with the SQLite library that Python comes with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment

PROGRAM = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    print(connection.execute("SELECT status FROM deployments").fetchone()[0])
    connection.execute("UPDATE deployments SET status = 'queued'")
    connection.execute("UPDATE users SET disabled = 1")
"""


async def test_file_can_be_changed_with_the_standard_library(path: Path) -> None:
    """Every trigger of the file is understood by the library, also by one without Gatepost."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    await request_deployment(ledger)
    await ledger.close()

    assert run_without_gatepost(path) == ("pending_approval\n", "")


def run_without_gatepost(path: Path) -> tuple[str, str]:
    """Run `PROGRAM` and return what it printed, on standard output and standard error."""
    command = [sys.executable, "-I", "-c", PROGRAM, str(path)]
    program = subprocess.run(command, capture_output=True, text=True, check=False)
    return program.stdout, program.stderr
