"""Events, and the hash chain that makes tampering with the history detectable.

An event is an append-only fact; a ledger entry is an event at its position in the ledger. Every
entry contains the hash of the previous entry and of the previous entry of the same deployment, so
an auditor can recompute the whole history with a JSON encoder and SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from gatepost_domain.status import Status
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_text, event_hash

REQUEST_ID: Final = "request_id"
"""The name, in the data of an event, of the id of the request that caused it, if the client chose
the id. An id that the server made is only in its log."""


class EventKind(StrEnum):
    """What happened, in the past tense."""

    REQUESTED = "requested"
    """A deployment was requested; `data.identities` are the humans behind the request."""
    APPROVED = "approved"
    """A reviewer approved; `to_status` is `approved` if no other approval was needed.

    `data.rules` are the positions of the stage's rules that accepted the reviewer, `data.groups`
    the reviewer's groups that these rules name, `data.identity` the humans behind the reviewer, and
    `data.independence` the people whom the reviewer depends on.
    """
    REJECTED = "rejected"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    """A reviewer withdrew their approval; `data.stages` are the stages for which they gave it. If
    the review is not complete without it, `to_status` is `pending_approval`."""
    APPROVAL_VOIDED = "approval_voided"
    """The approval of `data.reviewer` ended, with the same effect as a withdrawal, because that
    user was disabled, or because a new login says that they triggered the pipeline or are not
    independent of the person who did; the note says which."""
    AUTO_START_CANCELLED = "auto_start_cancelled"
    """The deployment will not start automatically, because `data.user`, who requested it, was
    disabled. A queued deployment leaves the queue."""
    QUEUED = "queued"
    STARTED = "started"
    """The rollout started; `data.gates` contains the state of each gate at that instant."""
    TAKEN_OVER = "taken_over"
    """Another worker took over after the previous one was lost; `data.attempt` counts attempts."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    ROLLBACK_RETRIED = "rollback_retried"
    """The deployment in the place of this one, `data.instead_of`, did not succeed, and
    `data.rolled_back_by` was requested instead."""
    CANCELLED = "cancelled"
    OVERRIDDEN = "overridden"
    """One gate was overridden with a reason; `data.gate` names it."""
    BROKE_GLASS = "broke_glass"
    """The reviewers were bypassed in an emergency; `data.incident` is the incident reference, and
    `data.identity` the humans behind the action."""
    AFTER_REVIEW_OVERDUE = "after_review_overdue"
    """The after-review of a break-glass was not closed in time."""
    AFTER_REVIEWED = "after_reviewed"
    """A reviewer closed the after-review of a break-glass; `data.verdict` is the verdict,
    `data.identity` the humans behind the reviewer, and `data.independence` the people whom
    the reviewer depends on."""
    PROMOTION_BLOCKED = "promotion_blocked"
    """An automatic promotion was not possible; `data.code` and the note say why."""
    HOLD_SET = "hold_set"
    """A person deployed another version manually, so automatic promotion to the lane is on hold."""
    HOLD_RELEASED = "hold_released"
    VERSION_BLOCKED = "version_blocked"
    """A version was rolled back and cannot be deployed to the environment until it is unblocked."""
    VERSION_UNBLOCKED = "version_unblocked"
    RECORDED = "recorded"
    """A deployment made elsewhere was recorded."""
    HISTORY_IMPORTED = "history_imported"
    """Deployments made elsewhere were imported; `data` contains their numbers and digest."""
    HIDDEN = "hidden"
    """A record was marked as wrong; it stays in the history but never counts as live."""
    TARGET_RETIRED = "target_retired"
    """Nothing deployed to the target until `data.retired_at` is live any more."""
    FREEZE_IMPOSED = "freeze_imposed"
    """Starts in a scope were blocked for certain periods, or allowed only during them."""
    FREEZE_LIFTED = "freeze_lifted"
    FREEZES_IMPORTED = "freezes_imported"
    """The freezes of a calendar were added, replaced or lifted; `data` has the counts and the
    digest of the file."""
    INCIDENT_OPENED = "incident_opened"
    """An incident was reported; `data.deployment` is the deployment that caused it, if known."""
    INCIDENT_RESOLVED = "incident_resolved"
    INCIDENT_LINKED = "incident_linked"
    """The deployment that caused an incident was named, or that none did; `data.linked_before` is
    the one that was named before."""
    REVIEW_DENIED = "review_denied"
    """A review was attempted and denied; `data.code` says why.

    If the same attempt is repeated, one more event says how often: `data.count` repetitions
    from `data.first_at` to `data.last_at`. The same holds for the two other kinds of denial.
    """
    BREAK_GLASS_DENIED = "break_glass_denied"
    """Break-glass was attempted and denied; `data.code` says why."""
    ACCESS_DENIED = "access_denied"
    """An operation was attempted and denied; `data.code` says why, and `data.right` which right was
    missing."""
    SERVICE_REGISTERED = "service_registered"
    SERVICE_CHANGED = "service_changed"
    VERSION_REGISTERED = "version_registered"
    ENVIRONMENT_CREATED = "environment_created"
    ENVIRONMENT_CHANGED = "environment_changed"
    POLICY_CHANGED = "policy_changed"
    TARGET_CHANGED = "target_changed"
    CHECK_RUN_REQUESTED = "check_run_requested"
    """The checks of a target were requested outside of a deployment; `data.check_run` is the id of
    the run, here and in the three events that follow."""
    CHECK_RUN_CLAIMED = "check_run_claimed"
    """A worker claimed a check run; `data.attempt` counts the claims."""
    CHECK_RUN_FINISHED = "check_run_finished"
    """A worker reported the results of a check run; `data.outcome` is the worst result of a
    required check, and `data.results` has the result of each check."""
    CHECK_RUN_LOST = "check_run_lost"
    """No worker took or finished a check run in time; the note says which."""
    WEBHOOK_ADDED = "webhook_added"
    """A webhook was added; `data.webhook` is its id, here and in the events that follow, and
    `data.host` the host of its URL."""
    WEBHOOK_CHANGED = "webhook_changed"
    """An admin changed which events are sent to a webhook, or enabled or disabled it."""
    WEBHOOK_SECRET_ROTATED = "webhook_secret_rotated"  # noqa: S105  # the name of an event
    """A webhook has a new secret; the previous one also signs for 24 hours."""
    WEBHOOK_DISABLED = "webhook_disabled"
    """The server disabled a webhook; `data.reason` is `gone` or `failing`."""
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_TESTED = "webhook_tested"
    """An admin had this event sent to a webhook as a test."""
    WEBHOOK_REDELIVERED = "webhook_redelivered"
    """An admin had an event sent again; `data.delivery` is the delivery and `data.seq` the
    event."""
    NOTIFICATION_CHANNEL_ADDED = "notification_channel_added"
    """A notification channel was added; `data.channel` is its id, also in the events that follow,
    and `data.scheme` the scheme of its URL."""
    NOTIFICATION_CHANNEL_CHANGED = "notification_channel_changed"
    """An admin changed a notification channel; `data.url_changed` says whether it has another
    URL."""
    NOTIFICATION_CHANNEL_REMOVED = "notification_channel_removed"
    NOTIFICATION_CHANNEL_TESTED = "notification_channel_tested"
    """An admin had a test sent to a notification channel."""
    SETTINGS_CHANGE_REQUESTED = "settings_change_requested"
    """A change of guarded settings was proposed; `data.before` and `data.after` are the settings,
    and `data.environments` the environments whose policies require the approval."""
    SETTINGS_CHANGE_APPLIED = "settings_change_applied"
    """Another admin approved a settings change; the event before this one records the change."""
    SETTINGS_CHANGE_REJECTED = "settings_change_rejected"
    """Another admin rejected a settings change, or its proposer withdrew it."""
    SETTINGS_CHANGE_STALE = "settings_change_stale"
    """A settings change was approved, but could not be applied any more; the note says why."""
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    USER_INVITED = "user_invited"
    """An invitation was created, by which the user can enrol once."""
    INVITATION_ACCEPTED = "invitation_accepted"
    """The user accepted an invitation; `data.origin` says who could have used the account."""
    USER_RESET = "user_reset"
    """All credentials of the user were revoked; the note is the reason."""
    TOKEN_ISSUED = "token_issued"  # noqa: S105  # the name of an event, not a secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # the name of an event, not a secret
    PASSKEY_ADDED = "passkey_added"  # the name of an event, not a secret
    PASSKEY_REMOVED = "passkey_removed"  # the name of an event, not a secret
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    INGEST_SOURCE_CHANGED = "ingest_source_changed"
    """A source of deliveries was set up or changed; `data.settings` are its settings, without the
    secret."""
    INGEST_SOURCE_REMOVED = "ingest_source_removed"
    """A source was removed; its deliveries are refused."""
    INGEST_RECEIVED = "ingest_received"
    """A delivery was received that recorded nothing; the note says why. The event of a record that
    a delivery made names the delivery in `data.ingest`."""
    INGEST_REPLAYED = "ingest_replayed"
    """A delivery was read again and recorded nothing; the note says why."""
    RESPONSE_STORED = "response_stored"
    """A response was stored for an idempotency key, by a request that changed nothing else."""
    STATE_ADOPTED = "state_adopted"
    """A migration recorded the state of all rows as it found them; only the event chain proves how
    they came about. `data.tables` has the number of rows of each table and their digest."""
    DATABASE_UPGRADED = "database_upgraded"
    """A migration changed rows; `data.state` has the changes. `data.renamed_users` are the users
    whose names were not allowed, with the former and the new name."""
    GUARDS_RESTORED = "guards_restored"
    """At its start, the server found that triggers which refuse changes of recorded data were
    missing or altered, and restored them; `data.guards` names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An action of an actor, before it has its position in the ledger."""

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
    """Further facts for auditors, as JSON values without fractional numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """An event at its position in the ledger."""

    seq: int
    """The position in the ledger, counted from 1 without gaps."""
    event: Event
    prev_hash: str
    """The hash of entry `seq - 1`."""
    deployment_prev_hash: str | None
    """The hash of the deployment's previous entry; None if the event concerns no deployment."""
    hash: str
    """SHA-256, in lowercase hexadecimal, of `canonical_json` of all other fields."""


MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=1024)  # each instant is formatted for storage and again for hashing
def to_rfc3339(at: datetime) -> str:
    """Return an instant as RFC 3339 in UTC with six decimals, as it is stored and hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def format_instant(at: datetime) -> str:
    """Return an instant for use in a sentence, such as "1 January 2027, 09:30 UTC".

    Seconds are left out if there are none.
    """
    in_utc = at.astimezone(UTC)
    time = f"{in_utc:%H:%M:%S}" if in_utc.second else f"{in_utc:%H:%M}"
    return f"{in_utc.day} {MONTHS[in_utc.month - 1]} {in_utc.year}, {time} UTC"


def entry_hash(seq: int, event: Event, *, prev_hash: str, deployment_prev_hash: str | None) -> str:
    """Return the hash of an event at a position in the ledger."""
    return event_hash(
        seq=seq,
        deployment_id=None if event.deployment_id is None else str(event.deployment_id),
        kind=event.kind,
        actor=event.actor,
        on_behalf_of=event.on_behalf_of,
        at=to_rfc3339(event.at),
        from_status=event.from_status,
        to_status=event.to_status,
        stage=event.stage,
        note=event.note,
        data=canonical_text(event.data),
        prev_hash=prev_hash,
        deployment_prev_hash=deployment_prev_hash,
    )


def next_entry(
    event: Event, *, after: LedgerEntry | None, deployment_prev_hash: str | None
) -> LedgerEntry:
    """Return the ledger entry for an event that follows `after`, the last entry so far."""
    seq = 1 if after is None else after.seq + 1
    prev_hash = GENESIS_HASH if after is None else after.hash
    return LedgerEntry(
        seq=seq,
        event=event,
        prev_hash=prev_hash,
        deployment_prev_hash=deployment_prev_hash,
        hash=entry_hash(seq, event, prev_hash=prev_hash, deployment_prev_hash=deployment_prev_hash),
    )
