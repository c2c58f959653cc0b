"""The chain of all events, in which each contains the hash of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatepost_domain.verification.event_hash import event_hash
from gatepost_domain.verification.faults import Fault

GENESIS_HASH = "0" * 64
"""The `prev_hash` of the first event."""

_TABLE = "deployment_events"


class EventChain:
    """Follows the chain event by event, up to the first broken link."""

    def __init__(self) -> None:
        self.size = 0
        """The number of events so far."""
        self._prev_hash = GENESIS_HASH

    def find_fault(self, event: Mapping[str, Any]) -> Fault | None:
        """Return the fault of the next event, or add the event to the chain and return None.

        `event` has the columns of the table, with `data` as the text that is stored.
        """
        seq, expected_seq = event["seq"], self.size + 1
        subject = f"event {expected_seq}"
        if seq != expected_seq:
            detail = f"Event {expected_seq} is missing."
            return Fault("event_missing", _TABLE, subject, None, detail)
        if event["prev_hash"] != self._prev_hash:
            detail = f"The prev_hash of event {seq} is not the hash of the previous event."
            return Fault("chain_broken", _TABLE, subject, "prev_hash", detail)
        if not has_own_hash(event):
            detail = f"The hash of event {seq} does not match its contents."
            return Fault("event_changed", _TABLE, subject, "hash", detail)
        self.size, self._prev_hash = seq, event["hash"]
        return None


def has_own_hash(event: Mapping[str, Any]) -> bool:
    """Return whether an event has the hash of its contents; False if a value is of a wrong type."""
    contents = dict(event)
    own_hash = contents.pop("hash")
    try:
        return bool(event_hash(**contents) == own_hash)
    except (TypeError, UnicodeEncodeError):
        return False
