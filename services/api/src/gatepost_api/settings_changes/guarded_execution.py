"""Executing a change to settings, or requesting it if the settings are guarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar, cast
from uuid import UUID

from litestar import Response
from litestar.params import QueryParameter

from gatepost_api.http.action_execution import BoundAction, WriteResponse, execute
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import TEXT_PATTERN
from gatepost_api.settings_changes.responses import SettingsChange
from gatepost_domain.access.command import Command
from gatepost_domain.actions.settings_changes.propose import change_settings
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision
from gatepost_domain.settings_changes import settings_change as domain
from gatepost_domain.settings_changes.proposal import Proposal
from gatepost_domain.settings_changes.snapshot import Settings

S = TypeVar("S", bound=Settings)

SETTINGS_CHANGES_PATH: Final = "/api/v1/settings-changes"

ChangeReason = Annotated[
    str | None,
    QueryParameter(
        pattern=TEXT_PATTERN,
        min_length=1,
        max_length=2000,
        description="The reason for the change. Shown to the admin who has to approve the change.",
    ),
]


def build_settings_change_action(
    proposal: Proposal | Callable[[Command], Proposal],
    *,
    revision: ExpectedRevision,
    change_id: UUID,
) -> BoundAction[Settings | domain.SettingsChange]:
    """Return the action that makes a change or, if the settings are guarded, requests it.

    `change_id` is the id of the settings change.
    """

    def action(uow: UnitOfWork, *, command: Command) -> Settings | domain.SettingsChange:
        proposed = proposal(command) if callable(proposal) else proposal
        return change_settings(uow, proposed, command, revision=revision, id=change_id)

    return action


async def execute_settings_change(
    request: ApiRequest,
    proposal: Proposal | Callable[[Command], Proposal],
    respond: Callable[[S], WriteResponse],
    *,
    revision: ExpectedRevision,
    reason: str | None,
    idempotency_key: str | None = None,
) -> Response[Any]:
    """Change settings or, if they are guarded, request a settings change; then respond."""

    def respond_with_settings_or_proposal(
        _: UnitOfWork, result: Settings | domain.SettingsChange
    ) -> WriteResponse:
        if isinstance(result, domain.SettingsChange):
            return WriteResponse.from_output(
                SettingsChange.from_domain(result, request.auth),
                status=202,
                Location=f"{SETTINGS_CHANGES_PATH}/{result.id}",
            )
        return respond(cast("S", result))

    return await execute(
        request,
        build_settings_change_action(
            proposal, revision=revision, change_id=request.context.new_id()
        ),
        respond_with_settings_or_proposal,
        note=reason,
        idempotency_key=idempotency_key,
    )
