"""Verification of a whole database as of one instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.verification.adopted import verify_adopted_digests
from gatepost_persistence.verification.deployments import DeploymentsVerifier
from gatepost_persistence.verification.event_log import EventLogVerifier
from gatepost_persistence.verification.log_contents import LogContents
from gatepost_persistence.verification.rows import find_faults_in_tables

MAX_FAULTS = 1000
"""The maximum number of faults that are reported; verification ends with the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """The result of verifying a database against its event log."""

    events: int
    """The number of events up to the first broken one; all events if there is none."""
    root: bytes
    """The root hash of the tree of these events."""
    faults: tuple[Fault, ...]


def verify_database(
    connection: Connection, checkpoints: Sequence[Checkpoint] = ()
) -> VerificationResult:
    """Verify the event log and everything stored against it.

    `checkpoints` are earlier tree heads of this log, kept elsewhere. Without them, a log that was
    recomputed or shortened as a whole looks like the original one.
    """
    with snapshot(connection):
        log = EventLogVerifier(connection, checkpoints)
        faults: list[Fault] = []
        for fault in _find_faults(connection, log):
            faults.append(fault)
            if len(faults) == MAX_FAULTS:
                break
        return VerificationResult(events=log.tree.size, root=log.tree.root, faults=tuple(faults))


def _find_faults(connection: Connection, log: EventLogVerifier) -> Iterator[Fault]:
    contents = LogContents.start(connection)
    for row in log.read():
        contents.add(row)
    yield from log.faults
    yield from contents.faults
    yield from log.find_tree_faults()
    deployments = DeploymentsVerifier(connection, contents)
    yield from deployments.find_faults()
    yield from deployments.live.find_faults(connection)
    yield from find_faults_in_tables(connection, contents)
    yield from verify_adopted_digests(connection, contents.adopted)
