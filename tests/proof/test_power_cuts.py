"""What was acknowledged survives a power cut, which loses all bytes that were not synchronized.

Killing a process does not show this, because the operating system still writes its bytes. Here a
preloaded library (`tests/support/faults`) keeps the content of each file of the database as it was
at its last fsync, and only that is left after a cut. Torn and reordered sectors are not simulated.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from tests.support.faults.library import Faults
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.killed_writers import (
    Acknowledged,
    Violations,
    find_violations,
    prepare_writers,
    run_until_killed,
)
from tests.support.proof.results import print_result
from tests.support.storage.ledgers import query_sqlite

SEED = 20261129
CUTS_OF_MUTANT = 2
LONGEST_LIFE_S = 0.8


async def cut_repeatedly(
    folder: Path, cuts: int, mutant: str | None = None
) -> tuple[ServerProcess, Acknowledged]:
    """Cut the power several times while clients write; return a server to read what is left."""
    rng = random.Random(SEED)
    faults = Faults(folder / "faults", folder / "data")
    server = ServerProcess(folder / "data", faults=faults)
    with server:
        acknowledged = prepare_writers(server)
        server.stop()
    written_to = ServerProcess(folder / "data", faults=faults, mutant=mutant)
    for number in range(cuts):
        written_to.start()
        life_s = rng.uniform(0.1, LONGEST_LIFE_S)
        await run_until_killed(written_to, acknowledged, f"{number}", life_s)
        faults.cut_power()
    return server, acknowledged


async def test_power_cuts_lose_no_acknowledged_write(tmp_path: Path, counts: Counts) -> None:
    """After each of several cuts the server starts, and nothing acknowledged is missing."""
    cuts = counts.choose(3, 20)

    server, acknowledged = await cut_repeatedly(tmp_path, cuts)
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        violations = find_violations(owner, acknowledged)
        verified = server.verify()
        server.stop()

    print_result(
        "P2", seed=SEED, cuts=cuts, acknowledged=acknowledged.count, violations=vars(violations)
    )
    assert len(acknowledged.approved) > cuts
    assert violations == Violations()
    assert verified.returncode == 0, verified.stdout
    assert query_sqlite(server.data / "gatepost.db", "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("mutant", ["synchronize_never", "synchronize_rarely"])
async def test_power_cuts_are_noticed_without_synchronous_commits(
    tmp_path: Path, mutant: str
) -> None:
    """The control: with `synchronous=OFF` or `NORMAL`, the same cuts lose acknowledged writes."""
    server, acknowledged = await cut_repeatedly(tmp_path, CUTS_OF_MUTANT, mutant)
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        violations = find_violations(owner, acknowledged)

    print_result("P2 control", mutant=mutant, violations=vars(violations))
    assert violations.lost > 0


async def test_killed_process_alone_loses_nothing_without_synchronous_commits(
    tmp_path: Path,
) -> None:
    """The simulated cut makes the difference: with the same setting, a mere kill loses nothing."""
    server = ServerProcess(tmp_path / "data", mutant="synchronize_never")
    server.start()
    acknowledged = prepare_writers(server)
    await run_until_killed(server, acknowledged, "0", LONGEST_LIFE_S)

    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        assert find_violations(owner, acknowledged) == Violations()
