"""Tables of the events that a deployment can have in each status.

These tables repeat the rules in `gatepost_domain.status_transitions` and
`gatepost_domain.lifecycle` as data, so that they can be copied into evidence archives. A test
ensures that both agree.
"""

from __future__ import annotations

from typing import Final

FIRST_STATUSES: Final = {
    "requested": frozenset({"pending_approval"}),
    "recorded": frozenset({"succeeded", "failed"}),
    "history_imported": frozenset({None}),
}
"""Maps the kinds of first events to their possible values of `to_status`. An import's event has no
status."""

IMPORTED_STATUSES: Final = frozenset({"succeeded", "failed", "rolled_back"})
"""The statuses that an imported deployment can have. If not all deployments in an import succeeded,
its event does not record which status each one has."""

DEPLOYMENT_KINDS: Final = {
    "requested": frozenset({"request", "promotion", "rollback"}),
    "recorded": frozenset({"record"}),
}
"""Maps each kind of first event to the kinds of deployments that it can begin."""

MOVES: Final = frozenset(
    {
        ("pending_approval", "approved", "pending_approval"),
        ("pending_approval", "approved", "approved"),
        ("pending_approval", "rejected", "rejected"),
        ("pending_approval", "cancelled", "cancelled"),
        ("pending_approval", "broke_glass", "approved"),
        ("pending_approval", "approval_withdrawn", "pending_approval"),
        ("pending_approval", "approval_voided", "pending_approval"),
        ("pending_approval", "auto_start_cancelled", "pending_approval"),
        ("approved", "started", "started"),
        ("approved", "queued", "queued"),
        ("approved", "cancelled", "cancelled"),
        ("approved", "approval_withdrawn", "pending_approval"),
        ("approved", "approval_withdrawn", "approved"),
        ("approved", "approval_voided", "pending_approval"),
        ("approved", "approval_voided", "approved"),
        ("approved", "auto_start_cancelled", "approved"),
        ("queued", "started", "started"),
        ("queued", "cancelled", "cancelled"),
        ("queued", "approval_withdrawn", "pending_approval"),
        ("queued", "approval_withdrawn", "queued"),
        ("queued", "approval_voided", "pending_approval"),
        ("queued", "approval_voided", "queued"),
        ("queued", "auto_start_cancelled", "approved"),
        ("started", "succeeded", "succeeded"),
        ("started", "failed", "failed"),
        ("started", "rolled_back", "rolled_back"),
        ("succeeded", "rolled_back", "rolled_back"),
        ("failed", "rolled_back", "rolled_back"),
    }
)
"""All transitions: the status before, the kind of the event, and the status after."""

TERMINAL_STATUSES: Final = frozenset({"rejected", "cancelled", "rolled_back"})
"""The statuses that no event changes."""

WAITING_STATUSES: Final = frozenset({"pending_approval", "approved", "queued"})
"""The statuses in which a deployment is still waiting to start."""

_ALL_STATUSES: Final = frozenset(status for move in MOVES for status in (move[0], move[2]))

_AFTER_BREAK_GLASS: Final = _ALL_STATUSES - {"pending_approval", "rejected"}

STATUSES_KEPT_BY: Final = {
    "overridden": WAITING_STATUSES,
    "taken_over": frozenset({"started"}),
    "after_review_overdue": _AFTER_BREAK_GLASS,
    "after_reviewed": _AFTER_BREAK_GLASS,
    "promotion_blocked": frozenset({"succeeded"}),
    "rollback_retried": frozenset({"rolled_back"}),
    "hidden": frozenset({"succeeded", "failed", "rolled_back"}),
}
"""Maps the kinds of events that change a deployment but not its status to the statuses in which
they are possible."""

DENIALS: Final = frozenset({"review_denied", "break_glass_denied", "access_denied"})
"""The kinds of denied attempts, which are possible in every status and change nothing."""

SIDE_EFFECTS: Final = {
    "hold_set": frozenset({"succeeded"}),
    "version_blocked": frozenset({"rolled_back"}),
}
"""Maps the kinds of events that name a deployment but neither change it nor have a status to the
statuses in which they are possible."""

KINDS_OF_RECORDS: Final = frozenset({"hidden"}) | DENIALS
"""The kinds of events that a record or an imported deployment can have after its first event."""

NEVER_OVERRIDDEN: Final = frozenset({"approval", "lane"})
"""The gates that can never be overridden."""
