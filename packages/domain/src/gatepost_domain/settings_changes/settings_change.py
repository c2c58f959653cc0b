"""Settings changes and their states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.settings_changes.proposal import Proposal


class SettingsChangeState(StrEnum):
    """Whether a settings change was decided, and how."""

    PENDING = "pending"
    """It waits for the decision of another admin."""
    APPLIED = "applied"
    """Another admin approved it, and it was applied in the same transaction."""
    REJECTED = "rejected"
    """Another admin rejected it, or its proposer withdrew it."""
    STALE = "stale"
    """It could not be applied when it was approved, because something else had changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChange:
    """A change of guarded settings that somebody proposed, and the decision on it."""

    id: UUID
    state: SettingsChangeState
    proposal: Proposal
    base_revision: int | None
    """The revision of the subject, or the version of the policy, that it was proposed for."""
    environments: tuple[str, ...]
    """The environments whose policies require the approval."""
    gives: tuple[str, ...]
    """The roles and groups that it newly gives there, such as `reviewer` and `group:qa`."""
    before: Mapping[str, object] | None
    """The settings when it was proposed; None if there were none."""
    after: Mapping[str, object]
    """The settings once it is applied."""
    reason: str | None
    requested_by: str
    identity: Identity
    """The humans responsible for the proposal."""
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str | None = None
    """The note of the decision or, if the change is stale, why."""
