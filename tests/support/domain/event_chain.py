"""Verification of ledger entries by the rules of `gatepost-server verify`."""

from __future__ import annotations

from collections.abc import Iterable

from gatepost_domain.event import LedgerEntry
from gatepost_domain.verification.event_chain import EventChain
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.events import entry_to_row


def find_chain_fault(entries: Iterable[LedgerEntry]) -> Fault | None:
    """Return the first fault of a whole ledger, oldest entry first."""
    chain = EventChain()
    faults = (fault for entry in entries for fault in chain.find_faults(entry_to_row(entry)))
    return next(faults, None)
