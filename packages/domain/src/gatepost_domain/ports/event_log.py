"""The event log, as read and written inside a transaction."""

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
    """The append-only log of events."""

    def attribute_to(self, request_id: str | None) -> None:
        """Add `request_id`, if not None, to the data of all events that this action appends."""
        ...

    def append(self, event: Event) -> None:
        """Append an event that records no change; repositories append the events of changes."""
        ...

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """Return a deployment's entries, oldest first, including its import's entry."""
        ...

    def last_entry(self) -> LedgerEntry | None:
        """Return the last entry, or None if there are no entries yet."""
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
        """Return the log's current tree head, or the one it had with `size` events."""
        ...

    def inclusion_proof(self, seq: int, *, size: int) -> Sequence[bytes]:
        """Return the proof (RFC 6962) that an event is one of the first `size` events.

        Raises `ImpossibleTreeSize` if the event is not among them.
        """
        ...

    def consistency_proof(self, old_size: int, *, size: int) -> Sequence[bytes]:
        """Return the proof (RFC 6962) that the first `size` events extend the first `old_size`.

        Raises `ImpossibleTreeSize` if `old_size` is greater than `size`.
        """
        ...
