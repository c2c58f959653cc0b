"""A ledger that records a denied attempt once, and the number of its repetitions later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from gatepost_api.auth.denial_counter import DeniedAttempts
from gatepost_api.observability.request_ids import current_request
from gatepost_domain.errors import Denied
from gatepost_domain.event import Event
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from gatepost_domain.storage_errors import StorageError

T = TypeVar("T")

CHECK_INTERVAL_S: Final = 10.0
"""How often, in seconds, to check whether repetitions are due to be recorded."""

_log = logging.getLogger("gatepost")


class DenialAggregatingLedger:
    """A ledger for callers' actions that counts repeated denials instead of recording each one."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._denied_attempts = DeniedAttempts()

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action in a transaction; a repeated denial is only counted."""
        return await self._ledger.perform(self._counting_repetitions(action))

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action that takes seconds; a repeated denial is only counted."""
        return await self._ledger.perform_long(self._counting_repetitions(action))

    async def record_repetitions(self, at: datetime, *, all_windows: bool = False) -> None:
        """Record how often denied attempts were repeated in windows that have ended.

        With `all_windows`, also record those in windows that have not ended.
        """
        events = self._denied_attempts.take_repetition_events(at, all_windows=all_windows)
        if not events:
            return
        try:
            await self._ledger.perform(lambda uow: _append_all(uow, events))
        except StorageError as error:
            _log.warning("counts of denied attempts not recorded: %d (%s)", len(events), error)

    async def record_repetitions_periodically(self, now: Callable[[], datetime]) -> None:
        """Record repetitions periodically, until cancelled."""
        while True:
            await asyncio.sleep(CHECK_INTERVAL_S)
            await self.record_repetitions(now())

    def _counting_repetitions(self, action: Callable[[UnitOfWork], T]) -> Callable[[UnitOfWork], T]:
        request = current_request()
        request_id = request.id if request is not None and request.is_from_client else None

        def action_counting_repetitions(uow: UnitOfWork) -> T:
            uow.event_log.attribute_to(request_id)
            try:
                return action(uow)
            except Denied as denied:
                if denied.audit_event is not None:
                    denied.audit_event = self._denied_attempts.count_attempt(denied.audit_event)
                raise

        return action_counting_repetitions


def _append_all(uow: UnitOfWork, events: list[Event]) -> None:
    for event in events:
        uow.event_log.append(event)
