"""Verification of a whole database as of one instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.verification.adopted_rows import verify_adopted_digests
from gatepost_persistence.verification.deployments import DeploymentsVerifier
from gatepost_persistence.verification.event_log import EventLogVerifier
from gatepost_persistence.verification.expected_rows import LogContents
from gatepost_persistence.verification.external_accounts import find_account_faults
from gatepost_persistence.verification.fast_verification import verify_fast
from gatepost_persistence.verification.orphans import find_orphans
from gatepost_persistence.verification.recorded_rows import find_faults_in_tables
from gatepost_persistence.verification.search_terms import find_search_term_faults
from gatepost_persistence.verification.section_process import SectionFailed, SectionProcess
from gatepost_persistence.verification.section_processes import (
    NOTICE_CODES,
    SnapshotHead,
    read_snapshot_head,
)
from gatepost_persistence.verification.sqlite_file import (
    find_damage,
    find_foreign_key_faults,
    stop_at_damage,
)
from gatepost_persistence.verification.triggers import find_trigger_faults

MAX_FAULTS: Final = 1000
"""The maximum number of reported faults; verification ends when it is reached."""
_ATTEMPTS_AT_ONE_SNAPSHOT: Final = 20
VERIFICATION_DEADLINE_S: Final = 600.0
"""How long a verification in the server may take. The command has no limit."""


def verify_database(
    connection: Connection, checkpoints: Sequence[Checkpoint] = ()
) -> VerificationResult:
    """Verify the event log, and compare all stored data with it.

    `checkpoints` are earlier tree heads of this log, kept elsewhere. Without them, a log that was
    completely recomputed, or cut off at the end, would look genuine.
    """
    with snapshot(connection):
        return verify_in_transaction(connection, checkpoints)


def verify_file(
    connection: Connection, checkpoints: Sequence[Checkpoint], processes: Sequence[SectionProcess]
) -> VerificationResult:
    """Verify as `verify_database` does, with the help of other processes that read the same file.

    If the file changes too often for all processes to see the same state, this one verifies alone.
    """
    for _ in range(_ATTEMPTS_AT_ONE_SNAPSHOT if processes else 0):
        with snapshot(connection):
            head = read_snapshot_head(connection)
            if _begin_everywhere(processes) == {head}:
                return verify_in_transaction(connection, checkpoints, processes)
    return verify_database(connection, checkpoints)


def _begin_everywhere(processes: Sequence[SectionProcess]) -> set[SnapshotHead | None]:
    """Begin a snapshot in each process, and return their heads; None for one that has failed."""
    try:
        for process in processes:
            process.request("begin")
        return {process.receive_answer() for process in processes}
    except SectionFailed:
        return {None}


def verify_in_transaction(
    connection: Connection,
    checkpoints: Sequence[Checkpoint] = (),
    processes: Sequence[SectionProcess] = (),
) -> VerificationResult:
    """Verify as `verify_database` does, in a transaction that has already begun.

    `processes`, which share the work, must see the same snapshot as the connection.
    """
    verified = verify_fast(connection, checkpoints, processes)
    if verified is not None and len(verified.notices) < MAX_FAULTS:
        return verified
    return find_all_faults(connection, checkpoints)


def find_all_faults(
    connection: Connection, checkpoints: Sequence[Checkpoint]
) -> VerificationResult:
    """Verify everything in order, and name every fault, in a transaction that has already begun."""
    log = EventLogVerifier(connection, checkpoints)
    faults: list[Fault] = []
    notices: list[Fault] = []
    for fault in stop_at_damage(connection, _find_faults(connection, log, faults)):
        (notices if fault.code in NOTICE_CODES else faults).append(fault)
        if MAX_FAULTS in {len(faults), len(notices)}:
            break
    return VerificationResult(
        events=log.tree.size, root=log.tree.root, faults=tuple(faults), notices=tuple(notices)
    )


def _find_faults(
    connection: Connection, log: EventLogVerifier, found: Sequence[Fault]
) -> Iterator[Fault]:
    """Yield all faults; `found` contains those that were already yielded."""
    yield from find_damage(connection)
    contents = LogContents.empty(connection)
    for row in log.read():
        contents.add(row)
    yield from log.faults
    yield from contents.faults
    yield from log.find_tree_faults()
    deployments = DeploymentsVerifier(connection, contents)
    yield from deployments.find_faults()
    yield from find_orphans(connection)
    yield from deployments.live.find_faults(connection)
    yield from find_faults_in_tables(connection, contents)
    yield from find_account_faults(connection)
    yield from verify_adopted_digests(connection, contents.adopted)
    yield from find_foreign_key_faults(connection)
    yield from find_search_term_faults(connection, found)
    yield from find_trigger_faults(connection)
