"""The columns of a deployment that responses, exports and evidence contain unchanged."""

from __future__ import annotations

from typing import Final

COPIED: Final = (
    "id",
    "kind",
    "service",
    "environment",
    "tier",
    "version",
    "artifact_digest",
    "requester",
    "on_behalf_of",
    "triggered_by",
    "work_references",
    "risk",
    "rollback_plan",
    "notes",
    "target_version",
    "target_digest",
    "status",
    "cancel_reason",
    "superseded_by",
    "promoted_from",
    "rolls_back",
    "rolled_back_by",
    "reviewed_by",
    "reviewed_at",
    "expires_at",
    "build_id",
    "created_at",
    "approved_at",
    "queued_at",
    "started_at",
    "finished_at",
    "deployed_at",
    "deployed_by",
    "rolled_back_at",
    "external_id",
    "unreviewed",
    "revision",
)
"""The fields whose values equal those of the columns with the same names."""
