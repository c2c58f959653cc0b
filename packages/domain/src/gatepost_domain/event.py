"""What happened, and the chain that makes a change of history visible.

An event is the append-only fact; an entry is that event at its place in the ledger. Every entry
hashes the one before it, and the one before it of the same deployment, so that an auditor can
recompute the whole history with a JSON encoder and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from gatepost_domain.status import Status

GENESIS_HASH: Final = "0" * 64
"""What the first entry of a chain has for its predecessor's hash."""


class EventKind(StrEnum):
    """What was done, in the past tense."""

    REQUESTED = "requested"
    APPROVED = "approved"
    """One approval was given; `to_status` tells whether it was the last one needed."""
    REJECTED = "rejected"
    QUEUED = "queued"
    STARTED = "started"
    """`data.gates` tells how each gate stood at that instant."""
    TAKEN_OVER = "taken_over"
    """A worker was lost, and another one goes on; `data.attempt` counts them."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    CANCELLED = "cancelled"
    OVERRIDDEN = "overridden"
    """One gate was passed with a reason; `data.gate` names it."""
    BROKE_GLASS = "broke_glass"
    """It was approved without its reviewers, in an emergency; `data.incident` names it."""
    AFTER_REVIEW_OVERDUE = "after_review_overdue"
    """Nobody judged a break-glass in time."""
    AFTER_REVIEWED = "after_reviewed"
    """A reviewer judged a break-glass afterwards; `data.verdict` tells how."""
    PROMOTION_BLOCKED = "promotion_blocked"
    """What should have been promoted by itself was not; `data.code` and the note tell why."""
    HOLD_SET = "hold_set"
    """A person deployed another version by hand, so nothing is promoted there by itself."""
    HOLD_RELEASED = "hold_released"
    VERSION_BLOCKED = "version_blocked"
    """A version was rolled back, and may not be deployed there again."""
    VERSION_UNBLOCKED = "version_unblocked"
    RECORDED = "recorded"
    """What happened elsewhere was told, one deployment at a time."""
    HISTORY_IMPORTED = "history_imported"
    """What happened elsewhere was told, much at once; `data` has its extent and its digest."""
    HIDDEN = "hidden"
    """A record was found to be wrong; it is still told, but it never stood."""
    TARGET_RETIRED = "target_retired"
    """What was deployed to a lane until `data.retired_at` stands no more."""
    FREEZE_IMPOSED = "freeze_imposed"
    """For a while a scope takes no new starts, or only in certain windows."""
    FREEZE_LIFTED = "freeze_lifted"
    REVIEW_DENIED = "review_denied"
    """Somebody tried a review that may not count; `data.code` says why."""
    BREAK_GLASS_DENIED = "break_glass_denied"
    """Somebody tried to do without the reviewers and may not; `data.code` says why."""
    ACCESS_DENIED = "access_denied"
    """Somebody tried what they have no right to; `data.code` says why."""
    SERVICE_REGISTERED = "service_registered"
    SERVICE_CHANGED = "service_changed"
    VERSION_REGISTERED = "version_registered"
    ENVIRONMENT_CREATED = "environment_created"
    ENVIRONMENT_CHANGED = "environment_changed"
    POLICY_CHANGED = "policy_changed"
    TARGET_CHANGED = "target_changed"
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    TOKEN_ISSUED = "token_issued"  # noqa: S105  # names a fact
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # names a fact
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The fact that an actor did something, before it has its place in the ledger."""

    kind: EventKind
    actor: str
    at: datetime
    deployment_id: UUID | None = None
    on_behalf_of: str | None = None
    from_status: Status | None = None
    to_status: Status | None = None
    stage: str | None = None
    note: str | None = None
    data: Mapping[str, object] = field(default_factory=dict[str, object])
    """What else an auditor needs; JSON values only, no number with a fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """An event at its place in the ledger."""

    seq: int
    """Counts all events from 1, without a gap."""
    event: Event
    prev_hash: str
    """The hash of entry `seq - 1`."""
    deployment_prev_hash: str | None
    """The hash of the same deployment's entry before; none where no deployment is concerned."""
    hash: str
    """SHA-256, in lower-case hexadecimal, of `canonical_json` of everything else here."""


@lru_cache(maxsize=1024)  # what is stored is then hashed
def to_rfc3339(at: datetime) -> str:
    """An instant as RFC 3339 in UTC with six decimals, the form that is stored and hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def format_instant(at: datetime) -> str:
    """An instant in a sentence, in UTC and to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys, no white space and no escapes beyond the necessary, in UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def entry_hash(seq: int, event: Event, *, prev_hash: str, deployment_prev_hash: str | None) -> str:
    """The hash of an event at a place in the ledger."""
    return hashlib.sha256(
        canonical_json(
            {
                "seq": seq,
                "deployment_id": None if event.deployment_id is None else str(event.deployment_id),
                "kind": event.kind,
                "actor": event.actor,
                "on_behalf_of": event.on_behalf_of,
                "at": to_rfc3339(event.at),
                "from_status": event.from_status,
                "to_status": event.to_status,
                "stage": event.stage,
                "note": event.note,
                "data": event.data,
                "prev_hash": prev_hash,
                "deployment_prev_hash": deployment_prev_hash,
            }
        )
    ).hexdigest()


def next_entry(
    event: Event, *, after: LedgerEntry | None, deployment_prev_hash: str | None
) -> LedgerEntry:
    """Give an event the next place behind `after`, the last entry there is."""
    seq = 1 if after is None else after.seq + 1
    prev_hash = GENESIS_HASH if after is None else after.hash
    return LedgerEntry(
        seq=seq,
        event=event,
        prev_hash=prev_hash,
        deployment_prev_hash=deployment_prev_hash,
        hash=entry_hash(seq, event, prev_hash=prev_hash, deployment_prev_hash=deployment_prev_hash),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBreak:
    """The first place where a ledger is not what was written."""

    seq: int
    reason: str


def find_chain_break(entries: Iterable[LedgerEntry]) -> ChainBreak | None:
    """Walk a whole ledger, oldest first, and name the first place that does not hold.

    Memory grows with the number of deployments, not of entries.
    """
    prev_hash = GENESIS_HASH
    last_of: dict[UUID, str] = {}
    for expected_seq, entry in enumerate(entries, start=1):
        of = entry.event.deployment_id
        if entry.seq != expected_seq:
            return ChainBreak(seq=expected_seq, reason=f"entry {expected_seq} is missing")
        if entry.prev_hash != prev_hash:
            return ChainBreak(seq=entry.seq, reason="it does not follow the entry before it")
        if entry.deployment_prev_hash != (None if of is None else last_of.get(of, GENESIS_HASH)):
            return ChainBreak(
                seq=entry.seq, reason="it does not follow its deployment's last entry"
            )
        if entry.hash != entry_hash(
            entry.seq,
            entry.event,
            prev_hash=entry.prev_hash,
            deployment_prev_hash=entry.deployment_prev_hash,
        ):
            return ChainBreak(seq=entry.seq, reason="its contents do not match its hash")
        prev_hash = entry.hash
        if of is not None:
            last_of[of] = entry.hash
    return None
