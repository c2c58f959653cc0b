"""Large files are verified in sections by several processes, with the same result as in one."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection

from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.verification import section_process, section_processes
from gatepost_persistence.verification.database import find_all_faults, verify_database, verify_file
from gatepost_persistence.verification.deployments import EVERY_NUMBER
from gatepost_persistence.verification.fast_log_verification import IntactLog, LogSection
from gatepost_persistence.verification.fast_verification import verify_fast
from gatepost_persistence.verification.section_process import (
    SectionFailed,
    SectionProcess,
    count_available_processors,
    count_further_processes,
    start_section_processes,
)
from gatepost_persistence.verification.section_processes import (
    SectionVerifier,
    divide_deployments,
)
from tests.support.builders import a_command, a_version
from tests.support.storage.postgres_cluster import run_in_thread
from tests.support.storage.tampered_databases import CompleteFile, tamper_with_file

SECTIONS_OF_THE_LOG = (LogSection(0, 256), LogSection(256, 512), LogSection(512, None))
TAMPERED = {
    "nothing": "UPDATE claims SET leased_until = leased_until",
    "a deployment": "UPDATE deployments SET requester = 'mallory' WHERE number = 19",
    "a missing deployment": "DELETE FROM deployments WHERE number = 7",
    "an imported deployment": "UPDATE deployments SET version = '9' WHERE import_seq IS NOT NULL",
    "a first event": "UPDATE deployment_events SET actor = 'mallory' WHERE seq = 1",
    "a last event": "DELETE FROM deployment_events WHERE seq = (SELECT max(seq) - 1 "
    "FROM deployment_events)",
    "a subtree": "UPDATE event_tree SET hash = upper(hash)",
    "a time": "UPDATE deployments SET deployed_at = NULL WHERE number = 1",
    "unreadable JSON": "UPDATE deployments SET work_references = '[' WHERE number = 2",
    "a cell": "DELETE FROM current_cells",
    "a term": "DELETE FROM deployment_search_terms WHERE number = 1",
    "a user": "UPDATE users SET human = 'mallory'",
}


@pytest.fixture(scope="module")
def long_file(complete_file: CompleteFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file whose log has two complete subtrees of 256 events."""
    file = tmp_path_factory.mktemp("long") / "long.db"
    shutil.copyfile(complete_file.copy(), file)
    run_in_thread(register_versions(file, 400))
    return file


@pytest.fixture
def small_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide even a short history into many sections."""
    monkeypatch.setattr(section_processes, "DEPLOYMENTS_PER_SECTION", 3)


@pytest.fixture
def forked_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork further processes from one that has imported everything, which takes them most time."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([section_process.__name__])
    monkeypatch.setattr(section_process, "_spawning", forking)


@pytest.fixture
def connection(long_file: Path) -> Iterator[Connection]:
    """Return a connection to an unchanged file."""
    with closing(open_read_connection(long_file)) as connection:
        yield connection


@pytest.mark.usefixtures("small_sections", "forked_processes")
def test_several_processes_find_what_one_finds(long_file: Path, tmp_path: Path) -> None:
    """The faults, their order and the root are the same, whatever was changed."""
    for what, statement in TAMPERED.items():
        file = tmp_path / "tampered.db"
        for former in tmp_path.iterdir():
            former.unlink()
        shutil.copyfile(long_file, file)
        tamper_with_file(file, [statement])

        alone, together = verify_alone(file), verify_together(file)

        assert together == alone, what
        assert bool(together.faults) == (what != "nothing"), what


@pytest.mark.usefixtures("small_sections", "forked_processes")
def test_unchanged_file_is_verified_without_a_second_pass(complete_file: CompleteFile) -> None:
    """Fast verification gives the same result as verification in order."""
    file = complete_file.copy()
    with (
        start_further_processes(file, 2) as processes,
        closing(open_read_connection(file)) as connection,
        snapshot(connection),
    ):
        for process in processes:
            process.request("begin")
            process.receive_answer()
        fast, in_order = verify_fast(connection, (), processes), find_all_faults(connection, ())

    assert fast == in_order


@pytest.mark.usefixtures("forked_processes")
def test_file_in_use_is_verified_as_of_one_instant(
    complete_file: CompleteFile, tmp_path: Path
) -> None:
    """If the processes do not see the same last event, the first one verifies alone."""
    file, other = complete_file.copy(), tmp_path / "other.db"
    shutil.copyfile(file, other)
    with (
        start_further_processes(
            complete_file.copy("DELETE FROM deployment_events"), 1
        ) as processes,
        closing(open_read_connection(other)) as connection,
    ):
        result = verify_file(connection, (), processes)

    assert result.faults == ()


def test_process_that_ends_leaves_the_rest_to_the_first_one(complete_file: CompleteFile) -> None:
    """Verification does not depend on the further processes."""
    file = complete_file.copy()
    with (
        start_further_processes(file, 1) as processes,
        closing(open_read_connection(file)) as connection,
    ):
        os.kill(pid_of(processes), signal.SIGKILL)

        result = verify_file(connection, (), processes)

    assert result.faults == ()


def test_interrupt_from_the_keyboard_does_not_reach_the_further_processes(
    complete_file: CompleteFile,
) -> None:
    """Ctrl-C is sent to all processes; the first one ends the others."""
    file = complete_file.copy()
    with start_further_processes(file, 1) as processes:
        os.kill(pid_of(processes), signal.SIGINT)
        processes[0].request("begin")

        assert processes[0].receive_answer().seq > 100


@pytest.mark.usefixtures("forked_processes")
def test_process_reports_that_it_could_not_verify(complete_file: CompleteFile) -> None:
    """An exception in a further process never counts as verified."""
    with start_further_processes(complete_file.copy(), 1) as processes:
        processes[0].request("find_notices", EVERY_NUMBER)

        with pytest.raises(SectionFailed, match="not known yet"):
            processes[0].receive_answer()


@pytest.mark.usefixtures("small_sections")
def test_sections_cover_every_deployment_once_and_never_divide_an_import(
    connection: Connection,
) -> None:
    """A section begins where the previous one ended."""
    intact = SectionVerifier(connection).verify_log_section(LogSection(0, None), ())
    assert intact is not None
    imports = intact.contents.imports

    sections = list(divide_deployments(connection, imports))

    assert len(sections) > 3
    assert sections[0].after == EVERY_NUMBER.after
    assert sections[-1].last == EVERY_NUMBER.last
    for one, next_one in pairwise(sections):
        assert one.last == next_one.after
        for event in imports.values():
            assert not event.first_number <= one.last < event.last_number


def test_sections_of_the_log_join_into_one(connection: Connection) -> None:
    """Wherever the log is divided, the root and the contents are the same."""
    verifier = SectionVerifier(connection)
    whole = IntactLog.join([verifier.verify_log_section(LogSection(0, None), (100,))])
    parts = IntactLog.join(
        [verifier.verify_log_section(each, (100,)) for each in SECTIONS_OF_THE_LOG]
    )
    swapped = IntactLog.join([verifier.verify_log_section(LogSection(256, 512), ())] * 2)

    assert whole is not None
    assert parts is not None
    assert (parts.size, parts.root, parts.root_at(100)) == (
        whole.size,
        whole.root,
        whole.root_at(100),
    )
    assert parts.contents == whole.contents
    assert swapped is None


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [("deployment_events", "actor", "dora"), ("deployment_steps", "kind", "executor")],
)
def test_blob_that_encodes_like_the_text_is_found(
    complete_file: CompleteFile, table: str, column: str, text: str
) -> None:
    """In JSON, msgspec writes the blob whose Base64 is `dora` like the text `dora`."""
    blob = b64decode(text).hex()

    faults = complete_file.verify_copy(
        f"UPDATE {table} SET {column} = x'{blob}' WHERE {column} = '{text}'"
    ).faults

    assert table in {fault.table for fault in faults}


def test_only_large_files_and_several_processors_need_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A container's limit counts as well, and one processor means one process."""
    limit = tmp_path / "cpu.max"
    monkeypatch.setattr(section_process, "CGROUP_LIMIT", limit)
    limit.write_text("max 100000\n", "ascii")
    unlimited = count_available_processors()
    limit.write_text("100000 100000\n", "ascii")

    assert unlimited >= 1
    assert count_available_processors() == 1
    assert count_further_processes(10**9) == 0
    assert count_further_processes(1_000_000) == 0


async def register_versions(file: Path, count: int) -> None:
    """Register many versions in one transaction."""
    ledger = await SqliteLedger.open(file)

    def register(uow: UnitOfWork) -> None:
        for number in range(count):
            register_version(uow, a_version(version=f"9.{number}"), a_command("root"))

    await ledger.perform_long(register)
    await ledger.close()


def verify_alone(file: Path) -> VerificationResult:
    """Verify a file in this process."""
    with closing(open_read_connection(file)) as connection:
        return verify_database(connection)


def verify_together(file: Path) -> VerificationResult:
    """Verify a file with a further process."""
    with (
        start_further_processes(file, 1) as processes,
        closing(open_read_connection(file)) as connection,
    ):
        assert processes
        return verify_file(connection, (), processes)


def start_further_processes(
    file: Path, count: int
) -> AbstractContextManager[Sequence[SectionProcess]]:
    """Start further processes for a file."""
    return start_section_processes(partial(open_read_connection, file), count)


def pid_of(processes: Sequence[SectionProcess]) -> int:
    """Return the process id of the only further process."""
    (process,) = processes
    assert process.pid is not None
    return process.pid
