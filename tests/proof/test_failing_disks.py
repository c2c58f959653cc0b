"""A full or failing disk under a running server: nothing is confirmed that may be missing.

The faults are injected below SQLite, in the functions of the C library that it calls.
"""

from __future__ import annotations

import time
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

import httpx2

from gatepost_client import Gatepost, GatepostProblem, every
from tests.support.faults.library import Faults
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.killed_writers import (
    Acknowledged,
    Violations,
    build_request,
    find_violations,
    prepare_writers,
    retry_unanswered,
    run_until_killed,
)
from tests.support.proof.results import print_result

EXIT_STORAGE_FAILED = 74
LIFE_S = 0.3
PATIENCE_S = 20.0
MAX_WRITES = 400


def fail_sync_and_await_exit(server: ServerProcess, faults: Faults) -> int:
    """Let the sync of a commit fail, and return the exit code of the server, which must end."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not server.has_exited():
        if faults.has_failed_sync():  # not yet, or in a transfer of the log, which loses nothing
            faults.fail_next_sync()
        assert time.monotonic() < deadline_s, server.log()
        time.sleep(0.02)
    return server.exit_code()


def fail_sync_and_kill(server: ServerProcess, faults: Faults) -> None:
    """Let two syncs fail, of which at least one is of a commit, and kill the server after that.

    The other can be of a transfer of the log, which loses nothing and is not tried again.
    """
    deadline_s = time.monotonic() + PATIENCE_S
    for _ in range(2):
        faults.fail_next_sync()
        while not faults.has_failed_sync():
            assert time.monotonic() < deadline_s, server.log()
            time.sleep(0.02)
    time.sleep(LIFE_S)
    server.kill()


def prepare(folder: Path) -> tuple[Faults, ServerProcess, Acknowledged]:
    """Return a server with people, which is stopped, and its faults."""
    faults = Faults(folder / "faults", folder / "data")
    server = ServerProcess(folder / "data", faults=faults)
    with server:
        acknowledged = prepare_writers(server)
        server.stop()
    return faults, server, acknowledged


async def test_failed_sync_ends_the_server_and_loses_nothing(
    tmp_path: Path, counts: Counts
) -> None:
    """A server exits when a sync fails; after a power cut, retries have exactly one effect."""
    rounds = counts.choose(2, 8)
    faults, server, acknowledged = prepare(tmp_path)
    exit_codes: list[int] = []
    for number in range(rounds):
        server.start()
        await run_until_killed(
            server,
            acknowledged,
            f"{number}",
            LIFE_S,
            lambda: exit_codes.append(fail_sync_and_await_exit(server, faults)),
        )
        faults.cut_power()
    unanswered = len(acknowledged.attempted - acknowledged.requested)
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        await retry_unanswered(server, acknowledged)
        violations = find_violations(owner, acknowledged)
        verified = server.verify()

    print_result(
        "P9",
        fault="EIO",
        rounds=rounds,
        acknowledged=acknowledged.count,
        unanswered=unanswered,
        violations=vars(violations),
    )
    assert exit_codes == [EXIT_STORAGE_FAILED] * rounds
    assert unanswered > 0
    assert violations == Violations()
    assert verified.returncode == 0, verified.stdout


async def test_ignored_failure_of_a_sync_is_noticed(tmp_path: Path) -> None:
    """The control: a server that goes on after a failed commit has confirmed what is missing."""
    faults, server, acknowledged = prepare(tmp_path)
    mutant = ServerProcess(tmp_path / "data", faults=faults, mutant="ignore_failed_commits")
    mutant.start()
    await run_until_killed(
        mutant, acknowledged, "0", LIFE_S, lambda: fail_sync_and_kill(mutant, faults)
    )
    faults.cut_power()
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        violations = find_violations(owner, acknowledged)

    assert violations.lost > 0


def test_full_disk_refuses_writes_until_there_is_space(tmp_path: Path) -> None:
    """Writes are refused, reads and the probes answer, and writes resume without a restart."""
    faults, server, acknowledged = prepare(tmp_path)
    refused: list[str] = []

    def write(owner: Gatepost, name: str, writes: int) -> None:
        for turn in range(writes):
            key = f"{name}-{turn}"
            try:
                owner.create_deployment(build_request(key), idempotency_key=key)
            except GatepostProblem as problem:
                refused.append(problem.code)
                return
            acknowledged.requested.add(key)

    with (
        server,
        Gatepost(server.url, token=server.token, retries=None) as owner,
        closing(httpx2.Client(base_url=server.url)) as http,
    ):
        write(owner, "before", 20)
        faults.fill_disk()
        write(owner, "full", MAX_WRITES)
        write(owner, "still-full", 1)
        ready_when_full = http.get("/health/ready").status_code
        readable = len(list(every(owner.list_deployments, limit=200)))
        faults.free_disk()
        write(owner, "after", 20)
        ready_after = http.get("/health/ready").status_code
        violations = find_violations(owner, acknowledged)
        stored = len(list(every(owner.list_deployments, limit=200)))
        verified = server.verify()

    print_result("P9", fault="ENOSPC", acknowledged=acknowledged.count, refused=refused)
    assert refused == ["storage_full", "storage_full"]
    assert (ready_when_full, ready_after) == (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.OK)
    assert readable >= 20
    assert stored == acknowledged.count + 1  # and the record that register_shop makes
    assert violations == Violations()
    assert verified.returncode == 0, verified.stdout
