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
    """The change is waiting for another admin's decision."""
    APPLIED = "applied"
    """Another admin approved the change, which was applied in the same transaction."""
    REJECTED = "rejected"
    """Another admin rejected the change, or its proposer withdrew it."""
    STALE = "stale"
    """The change could not be applied when it was approved, because of other changes since it was
    proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChange:
    """A proposed change to guarded settings, and the decision on it."""

    id: UUID
    state: SettingsChangeState
    proposal: Proposal
    base_revision: int | None
    """The subject's revision, or the policy's version, for which the change was proposed."""
    environments: tuple[str, ...]
    """The environments whose policies require approval."""
    gives: tuple[str, ...]
    """The roles and groups that the change newly gives in these environments, such as `reviewer`
    and `group:qa`."""
    before: Mapping[str, object] | None
    """The settings when the change was proposed; None if there were none."""
    after: Mapping[str, object]
    """The settings once the change is applied."""
    reason: str | None
    requested_by: str
    identity: Identity
    """The people responsible for the proposal."""
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str | None = None
    """The note on the decision or, if the change is stale, the reason."""
