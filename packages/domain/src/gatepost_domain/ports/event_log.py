"""The event log inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.event import Event, LedgerEntry


class LogHead(NamedTuple):
    """The tree head of the log: its number of events and the root hash of their Merkle tree."""

    size: int
    root: bytes


class EventLog(Protocol):
    """The entries of the ledger."""

    def attribute_to(self, request_id: str | None) -> None:
        """Add `request_id` to the data of every event of this action, unless it is None."""
        ...

    def append(self, event: Event) -> None:
        """Append an event that records no change; changes append their events themselves."""
        ...

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """Return the entries of a deployment, oldest first, including the entry of its import."""
        ...

    def last_entry(self) -> LedgerEntry | None:
        """Return the last entry, or None if there is none yet."""
        ...

    def entry(self, seq: int) -> LedgerEntry:
        """Return the entry at a position; there must be one."""
        ...

    def entries_after(self, seq: int, *, limit: int) -> tuple[LedgerEntry, ...]:
        """Return the entries after a position, oldest first, up to `limit`."""
        ...

    def last_seq(self) -> int:
        """Return the position of the last entry; 0 if there is none."""
        ...

    def policy_entry(self, policy: PolicyVersion) -> LedgerEntry | None:
        """Return the entry that set a version of a policy; None if there is no such entry."""
        ...

    def hash_of(self, seq: int) -> str:
        """Return the hash of an event; there must be one with this `seq`."""
        ...

    def head(self, *, size: int | None = None) -> LogHead:
        """Return the tree head of the log, or the one that it had with `size` events."""
        ...

    def inclusion_proof(self, seq: int, *, size: int) -> Sequence[bytes]:
        """Return the proof (RFC 6962) that an event is one of the first `size` events.

        Raises `ImpossibleTreeSize` if it is not.
        """
        ...

    def consistency_proof(self, old_size: int, *, size: int) -> Sequence[bytes]:
        """Return the proof (RFC 6962) that the first `old_size` events begin the first `size`.

        Raises `ImpossibleTreeSize` if there are fewer.
        """
        ...
