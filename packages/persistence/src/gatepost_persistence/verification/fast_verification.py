"""Fast verification of a database, possibly in several processes: whether it has no fault.

If the check finds anything unexpected, `database` verifies everything in order, to name every
fault. Fast verification accepts nothing that verification in order would reject.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.verification.adopted_rows import verify_adopted_digests
from gatepost_persistence.verification.deployments import EVERY_NUMBER, NumberSection
from gatepost_persistence.verification.event_log import read_stored_tree
from gatepost_persistence.verification.external_accounts import find_account_faults
from gatepost_persistence.verification.fast_log_verification import (
    IntactLog,
    divide_log,
)
from gatepost_persistence.verification.orphans import find_orphans
from gatepost_persistence.verification.recorded_rows import find_faults_in_tables
from gatepost_persistence.verification.search_terms import find_search_term_faults
from gatepost_persistence.verification.section_process import SectionFailed, SectionProcess
from gatepost_persistence.verification.section_processes import (
    SectionVerifier,
    divide_deployments,
)
from gatepost_persistence.verification.sqlite_file import find_damage, find_foreign_key_faults
from gatepost_persistence.verification.triggers import find_trigger_faults

_REQUESTS_IN_ADVANCE = 2
"""How many sections a process has at a time, so that it never waits for the next one."""


def verify_fast(
    connection: Connection, checkpoints: Sequence[Checkpoint], processes: Sequence[SectionProcess]
) -> VerificationResult | None:
    """Return the result if the database has no fault, and None if it has one or may have one.

    `processes`, which share the work, must see the same snapshot as the connection.
    """
    try:
        return _verify_fast(connection, checkpoints, processes)
    except SectionFailed:
        return None
    except DBAPIError:
        if connection.dialect.name != "sqlite":
            raise  # the transaction has failed
        return None


def _verify_fast(
    connection: Connection, checkpoints: Sequence[Checkpoint], processes: Sequence[SectionProcess]
) -> VerificationResult | None:
    local = SectionVerifier(connection)
    log = _verify_log(connection, checkpoints, local, processes)
    if log is None:
        return None
    contents = log.contents.without_rows()
    for process in processes:
        process.request("set_contents", contents)
    local.set_contents(contents)
    sections = (
        list(divide_deployments(connection, contents.imports)) if processes else [EVERY_NUMBER]
    )
    others: Sequence[Callable[[], Iterator[Fault]]] = (
        lambda: find_search_term_faults(connection, ()),
        lambda: find_damage(connection),
        lambda: find_foreign_key_faults(connection),
        lambda: find_orphans(connection),
        lambda: find_faults_in_tables(connection, log.contents),
        lambda: find_account_faults(connection),
        lambda: verify_adopted_digests(connection, contents.adopted),
        lambda: find_trigger_faults(connection),
    )
    notices = _SectionScheduler(local, processes, sections).find_notices(others)
    if notices is None:
        return None
    live = local.get_live_deployments()
    for process in processes:
        process.request("get_live_deployments")
        live.extend(process.receive_answer())
    if any(True for _ in live.find_faults(connection)):
        return None
    return VerificationResult(events=log.size, root=log.root, faults=(), notices=tuple(notices))


def _verify_log(
    connection: Connection,
    checkpoints: Sequence[Checkpoint],
    local: SectionVerifier,
    processes: Sequence[SectionProcess],
) -> IntactLog | None:
    sizes = [checkpoint.size for checkpoint in checkpoints]
    first, *others = divide_log(connection, len(processes) + 1)
    busy = list(zip(processes, others, strict=False))
    for process, section in busy:
        process.request("verify_log_section", section, sizes)
    own = local.verify_log_section(first, sizes)
    log = IntactLog.join([own, *(process.receive_answer() for process, _ in busy)])
    if log is None or log.expected_nodes() != read_stored_tree(connection):
        return None
    is_genuine = all(log.root_at(each.size) == each.root for each in checkpoints)
    return log if is_genuine else None


class _SectionScheduler:
    """Distributes sections of the deployments; each process gets the next one when it is free."""

    def __init__(
        self,
        local: SectionVerifier,
        processes: Sequence[SectionProcess],
        sections: Sequence[NumberSection],
    ) -> None:
        self._local = local
        self._processes = processes
        self._waiting = deque(enumerate(sections))
        self._notices: dict[int, list[Fault]] = {}
        self._requested = {id(process): deque[int]() for process in processes}
        self._has_fault = False

    def find_notices(self, others: Sequence[Callable[[], Iterator[Fault]]]) -> list[Fault] | None:
        """Return the notices in order, or None if there is a fault.

        While other processes verify sections, this process first runs the other checks.
        """
        for process in self._processes:
            process.receive_answer()  # it has the contents of the log
        self._feed()
        if self._processes:
            self._run_other_checks(others)
        while self._waiting and not self._has_fault:
            index, section = self._waiting.popleft()
            self._add_section_result(index, self._local.find_notices(section))
            self._feed()
        for process in self._processes:
            while process.pending and not self._has_fault:
                self._receive(process)
        if not self._processes:
            self._run_other_checks(others)
        if self._has_fault:
            return None
        return list(chain.from_iterable(self._notices[index] for index in sorted(self._notices)))

    def _run_other_checks(self, others: Sequence[Callable[[], Iterator[Fault]]]) -> None:
        for find_faults in others:
            if not self._has_fault:
                self._has_fault = any(True for _ in find_faults())
                self._feed()

    def _feed(self) -> None:
        for process in self._processes:
            while process.pending and process.has_answer():
                self._receive(process)
            while self._waiting and process.pending < _REQUESTS_IN_ADVANCE:
                index, section = self._waiting.popleft()
                process.request("find_notices", section)
                self._requested[id(process)].append(index)

    def _receive(self, process: SectionProcess) -> None:
        self._add_section_result(self._requested[id(process)].popleft(), process.receive_answer())

    def _add_section_result(self, index: int, notices: list[Fault] | None) -> None:
        if notices is None:
            self._has_fault = True
        else:
            self._notices[index] = notices
