"""Responses for settings changes."""

from __future__ import annotations

from typing import Any, Final, Self
from uuid import UUID

from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.http.caller import Caller
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.actions.settings_changes.decide import may_decide
from gatepost_domain.settings_changes import settings_change as domain
from gatepost_domain.settings_changes.proposal import SettingsKind, SettingsOperation
from gatepost_domain.settings_changes.settings_change import SettingsChangeState


class SettingsChangeDetails(ResponseModel):
    """What a settings change would change: the operation, and the settings before and after it."""

    operation: SettingsOperation
    """The operation that was requested."""
    environments: list[str]
    """The environments whose policies require the approval."""
    gives: list[str]
    """The roles and groups that the change newly gives a user in these environments, such as
    `reviewer` and `group:qa`."""
    before: dict[str, Any] | None
    """The settings when the change was requested. Null if there were none."""
    after: dict[str, Any]
    """The settings once the change is applied."""


class SettingsChange(ResponseModel):
    """A change to guarded settings, which is applied when another admin approves it."""

    id: UUID
    """The id of the settings change."""
    state: SettingsChangeState
    kind: SettingsKind
    subject: str
    """What the change concerns: the environment, the user, or the service and environment, such as
    `shop in production`."""
    change: SettingsChangeDetails
    reason: str | None
    """Why the change was requested."""
    requested_by: str
    """Who requested the change."""
    requested_at: Instant
    """When the change was requested."""
    decided_by: str | None
    """Who decided on the change. Null while it is pending."""
    decided_at: Instant | None
    """When the change was decided on. Null while it is pending."""
    note: str | None
    """The note of the decision or, if the change is stale, why it could not be applied."""
    can_approve: bool
    """Whether the caller can approve the change: it is pending, and the caller may make such
    changes and is independent of the person who requested it."""

    @classmethod
    def from_domain(cls, change: domain.SettingsChange, caller: Caller) -> Self:
        """Map a domain settings change to its response for a caller."""
        proposal = change.proposal
        return cls(
            id=change.id,
            state=change.state,
            kind=proposal.kind,
            subject=proposal.subject,
            change=SettingsChangeDetails(
                operation=proposal.operation,
                environments=list(change.environments),
                gives=list(change.gives),
                before=None if change.before is None else dict(change.before),
                after=dict(change.after),
            ),
            reason=change.reason,
            requested_by=change.requested_by,
            requested_at=change.requested_at,
            decided_by=change.decided_by,
            decided_at=change.decided_at,
            note=change.note,
            can_approve=may_decide(caller.user, caller.actor, change),
        )


class SettingsChangePage(ResponseModel):
    """A page of settings changes, newest first."""

    items: list[SettingsChange]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


ACCEPTED_RESPONSE: Final = {
    202: ResponseSpec(
        SettingsChange,
        description="The settings are guarded: nothing has changed yet, and another admin has to "
        "approve the change. `Location` is the path of the settings change.",
        generate_examples=False,
    )
}
