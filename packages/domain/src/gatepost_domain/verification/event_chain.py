"""Checking the chain of all events, in which each contains the hash of the previous one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gatepost_domain.verification.event_hash import event_hash
from gatepost_domain.verification.faults import Fault

GENESIS_HASH = "0" * 64
"""The `prev_hash` of the first event."""

_TABLE = "deployment_events"


class EventChain:
    """Follows the chain event by event, oldest first, even past broken links."""

    def __init__(self) -> None:
        self.expected_seq = 1
        """The `seq` of the next event."""
        self.is_intact = True
        """Whether every event so far has the correct position and hash."""
        self._prev_hash: str | None = GENESIS_HASH
        """The hash of the previous event; None if it is wrong and was already reported as a
        fault."""

    def find_faults(self, event: Mapping[str, Any]) -> list[Fault]:
        """Return the faults of the next event.

        `event` contains the table's columns, with `data` as the stored text.
        """
        if (
            event["seq"] == self.expected_seq
            and event["prev_hash"] == self._prev_hash
            and has_correct_hash(event)
        ):
            self.expected_seq, self._prev_hash = self.expected_seq + 1, event["hash"]
            return []
        faults = list(self._find_faults(event))
        self.expected_seq, self._prev_hash = max(event["seq"], 0) + 1, event["hash"]
        if any(fault.code == "event_changed" for fault in faults):
            self._prev_hash = None
        self.is_intact = self.is_intact and not faults
        return faults

    def _find_faults(self, event: Mapping[str, Any]) -> Iterator[Fault]:
        seq = event["seq"]
        if seq != self.expected_seq:
            yield self._position_fault(seq)
        elif self._prev_hash is not None and event["prev_hash"] != self._prev_hash:
            detail = f"The prev_hash of event {seq} is not the hash of the previous event."
            yield Fault("chain_broken", _TABLE, f"event {seq}", "prev_hash", detail)
        if not has_correct_hash(event):
            detail = f"The hash of event {seq} does not match its contents."
            yield Fault("event_changed", _TABLE, f"event {seq}", "hash", detail)

    def _position_fault(self, seq: int) -> Fault:
        expected = self.expected_seq
        if seq < expected:
            detail = f"Event {seq} is stored, but the next event must have the number {expected}."
            return Fault("event_added", _TABLE, f"event {seq}", "seq", detail)
        if seq == expected + 1:
            detail = f"Event {expected} is missing."
            return Fault("event_missing", _TABLE, f"event {expected}", None, detail)
        subject = f"events {expected} to {seq - 1}"
        detail = f"The {seq - expected} {subject} are missing."
        return Fault("event_missing", _TABLE, subject, None, detail)


def has_correct_hash(event: Mapping[str, Any]) -> bool:
    """Return whether an event's hash matches its contents; False if a value has the wrong type."""
    contents = dict(event)
    own_hash = contents.pop("hash")
    try:
        return bool(event_hash(**contents) == own_hash)
    except (TypeError, UnicodeEncodeError):
        return False
