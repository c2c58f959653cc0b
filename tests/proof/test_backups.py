"""A backup taken under load restores to a verified system; a copy of the file alone does not."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from gatepost_client import AsyncGatepost, Gatepost, every
from gatepost_client.models import Role
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.results import print_result
from tests.support.storage.ledgers import query_sqlite

WRITERS = 32
NUMBERS = "SELECT notes, number FROM deployments WHERE notes IS NOT NULL"


async def write(server: ServerProcess, token: str, writer: int, stored: dict[str, str]) -> None:
    """Create deployments until cancelled, and keep the number of each acknowledged one."""
    async with AsyncGatepost(server.url, token=token, retries=None) as client:
        for turn in range(100_000):
            request = shop_request("staging")
            request.notes = f"{writer}-{turn}"
            stored[request.notes] = (await client.create_deployment(request)).number


def back_up(server: ServerProcess, folder: Path) -> tuple[Path, int]:
    """Make a backup, and return its folder and the number of its events."""
    completed = run_program(
        "gatepost_api", "backup", str(folder), f"--data={server.data}", "--json"
    )
    assert completed.returncode == 0, completed.stderr
    result = json.loads(completed.stdout)
    return Path(result["path"]), result["events"]


def events_of_lone_copy(server: ServerProcess, folder: Path) -> int:
    """Copy only the main file, and return the number of its events: the wrong way."""
    folder.mkdir()
    shutil.copyfile(server.data / "gatepost.db", folder / "gatepost.db")
    verified = run_program("gatepost_api", "verify", f"--data={folder}", "--json")
    events: int = json.loads(verified.stdout)["events"] if verified.stdout else 0
    return events


async def write_and_back_up(
    server: ServerProcess, token: str, folder: Path, *, times: int
) -> tuple[list[tuple[Path, Mapping[str, str]]], int]:
    """Return each backup with what was acknowledged before it, and how many copies were stale."""
    stored: dict[str, str] = {}
    tasks = [asyncio.create_task(write(server, token, each, stored)) for each in range(WRITERS)]
    backups: list[tuple[Path, Mapping[str, str]]] = []
    stale = 0
    for number in range(times):
        await asyncio.sleep(0.1)
        acknowledged = dict(stored)
        copied = await asyncio.to_thread(events_of_lone_copy, server, folder / f"copy-{number}")
        stale += copied < len(acknowledged)
        acknowledged = dict(stored)
        backup, _ = await asyncio.to_thread(back_up, server, folder / "backups")
        backups.append((backup, acknowledged))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not [task for task in tasks if task.done() and not task.cancelled()]
    return backups, stale


async def test_backups_under_writers_restore_to_all_that_was_acknowledged(
    tmp_path: Path, counts: Counts
) -> None:
    """Each backup verifies elsewhere, and has every write acknowledged before it began.

    Copies of the main file, made at the same moments, lack acknowledged writes.
    """
    (tmp_path / "backups").mkdir()
    with ServerProcess(tmp_path / "data") as server:
        with Gatepost(server.url, token=server.token, retries=None) as gatepost:
            register_shop(gatepost, "1.4.2")
            no_limit = {"max_open_per_requester": None, "max_open_per_lane": None}
            change_policy(gatepost, "staging", **no_limit)
            token = create_user(gatepost, "ada", Role.REQUESTER)
        backups, stale = await write_and_back_up(
            server, token, tmp_path, times=counts.choose(5, 15)
        )

    acknowledged = backups[-1][1]
    folders = [tmp_path / f"restored-{number}" for number in range(len(backups))]
    restores_s: list[float] = []
    for folder, (backup, before) in zip(folders, backups, strict=True):
        began_s = time.monotonic()
        restored = run_program("gatepost_api", "restore", str(backup), f"--data={folder}")
        restores_s.append(time.monotonic() - began_s)
        assert restored.returncode == 0, restored.stderr
        stored = dict(query_sqlite(folder / "gatepost.db", NUMBERS))
        assert {note: f"DEP-{stored.get(note)}" for note in before} == before
    with (
        ServerProcess(folders[-1]) as server,
        Gatepost(server.url, token=token, retries=None) as gatepost,
    ):
        deployments = {each.notes: each.number for each in every(gatepost.list_deployments)}

    print_result(
        "P13",
        backups=len(backups),
        acknowledged=len(acknowledged),
        stale_copies=stale,
        slowest_restore_s=round(max(restores_s), 2),
    )
    assert acknowledged
    assert {notes: deployments.get(notes) for notes in acknowledged} == acknowledged
    assert stale > 0
