"""Request bodies for decisions on settings changes."""

from __future__ import annotations

from gatepost_api.schemas.base import RequestModel, Text


class SettingsChangeApproval(RequestModel):
    """An approval of a settings change, with an optional note."""

    example = {"note": "Discussed in the platform meeting."}

    note: Text | None = None
    """A note to record with the approval."""


class SettingsChangeRejection(RequestModel):
    """The reason for rejecting a settings change, or for withdrawing one's own."""

    example = {"note": "Production keeps two reviewers."}

    note: Text
    """Why the change is rejected or withdrawn."""
