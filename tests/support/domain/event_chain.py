"""A check of the event chain, as an auditor would write it from its description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gatepost_domain.event import GENESIS_HASH, LedgerEntry, entry_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBreak:
    """The first position at which a ledger was changed after it was written."""

    seq: int
    reason: str


def find_chain_break(entries: Iterable[LedgerEntry]) -> ChainBreak | None:
    """Check a whole ledger, oldest entry first, and return the first break in the chain.

    Memory use grows with the number of deployments, not of entries.
    """
    prev_hash = GENESIS_HASH
    last_hashes: dict[UUID, str] = {}
    for expected_seq, entry in enumerate(entries, start=1):
        deployment_id = entry.event.deployment_id
        if entry.seq != expected_seq:
            return ChainBreak(seq=expected_seq, reason="it is missing")
        if entry.prev_hash != prev_hash:
            return ChainBreak(
                seq=entry.seq, reason="its prev_hash is not the hash of the previous event"
            )
        if entry.deployment_prev_hash != (
            None if deployment_id is None else last_hashes.get(deployment_id, GENESIS_HASH)
        ):
            return ChainBreak(
                seq=entry.seq,
                reason="its deployment_prev_hash is not the hash of its deployment's previous "
                "event",
            )
        if entry.hash != entry_hash(
            entry.seq,
            entry.event,
            prev_hash=entry.prev_hash,
            deployment_prev_hash=entry.deployment_prev_hash,
        ):
            return ChainBreak(seq=entry.seq, reason="its hash does not match its contents")
        prev_hash = entry.hash
        if deployment_id is not None:
            last_hashes[deployment_id] = entry.hash
    return None
