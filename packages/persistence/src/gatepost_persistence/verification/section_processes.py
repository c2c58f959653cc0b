"""Verification of sections of a database, in this process or in another one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.statements.prepared_statement import PreparedStatement, run_sql
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.verification.current_state import LiveDeployments
from gatepost_persistence.verification.deployments import (
    EVERY_NUMBER,
    DeploymentsVerifier,
    NumberSection,
)
from gatepost_persistence.verification.expected_rows import ImportEvent, LogContents
from gatepost_persistence.verification.fast_log_verification import (
    IntactSection,
    LogSection,
    verify_section,
)

NOTICE_CODES: Final = frozenset({"time_went_back"})
"""Codes of faults that can have a harmless cause, such as a clock that was set back."""

DEPLOYMENTS_PER_SECTION: Final = 1000

_deployments = DeploymentRow.table()
_events = EventRow.table()

LAST_NUMBER = PreparedStatement(select(func.max(_deployments.c.number)))
NEXT_NUMBER = PreparedStatement(
    select(func.min(_deployments.c.number)).where(_deployments.c.number >= bindparam("at_least"))
)
LAST_EVENT = PreparedStatement(
    select(_events.c.seq, _events.c.hash).order_by(_events.c.seq.desc()).limit(1)
)


class SnapshotHead(NamedTuple):
    """The last event in a snapshot; every recorded change adds an event."""

    seq: int
    hash: str


def read_snapshot_head(connection: Connection) -> SnapshotHead:
    """Return the last event that a connection sees."""
    row = LAST_EVENT.one_or_none(connection)
    return SnapshotHead(0, GENESIS_HASH) if row is None else SnapshotHead(row.seq, row.hash)


class SectionVerifier:
    """Verifies sections of the log and then of the deployments, all as of one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._has_begun = False
        self._deployments: DeploymentsVerifier | None = None

    def begin(self) -> SnapshotHead:
        """Begin a snapshot, and return its head. The previous snapshot, if any, is ended."""
        if self._has_begun:
            run_sql(self._connection, "ROLLBACK")
        run_sql(self._connection, "BEGIN")
        self._has_begun = True
        return read_snapshot_head(self._connection)

    def verify_log_section(self, section: LogSection, sizes: Sequence[int]) -> IntactSection | None:
        """Verify a section of the log, and return its part of the hash chain and of the tree.

        Return None if the section may have a fault. `sizes` are those of the checkpoints.
        """
        return verify_section(self._connection, section, sizes)

    def set_contents(self, contents: LogContents) -> None:
        """Set the contents of the whole log, with which the deployments are compared."""
        self._deployments = DeploymentsVerifier(self._connection, contents)

    def find_notices(self, section: NumberSection) -> list[Fault] | None:
        """Return the notices for the deployments in a section, or None if there is a fault."""
        notices: list[Fault] = []
        for fault in self._verifier.find_faults(section):
            if fault.code not in NOTICE_CODES:
                return None
            notices.append(fault)
        return notices

    def get_live_deployments(self) -> LiveDeployments:
        """Return the live deployments in the sections verified so far."""
        return self._verifier.live

    @property
    def _verifier(self) -> DeploymentsVerifier:
        if self._deployments is None:
            raise AssertionError("the contents of the log are not known yet")
        return self._deployments


def divide_deployments(
    connection: Connection, imports: Mapping[int, ImportEvent]
) -> Iterator[NumberSection]:
    """Yield sections of about a thousand deployments.

    An import is never divided. A section begins after the number of a stored deployment.
    """
    ranges = sorted((event.first_number, event.last_number) for event in imports.values())
    last, after = LAST_NUMBER.scalar(connection) or 0, EVERY_NUMBER.after
    while True:
        at_least = max(after, 0) + DEPLOYMENTS_PER_SECTION
        index = bisect_right(ranges, (at_least, EVERY_NUMBER.last)) - 1
        if index >= 0:
            at_least = max(at_least, ranges[index][1])
        boundary = NEXT_NUMBER.scalar(connection, {"at_least": at_least})
        if boundary is None or boundary >= last:
            yield NumberSection(after, EVERY_NUMBER.last)
            return
        yield NumberSection(after, boundary)
        after = boundary
