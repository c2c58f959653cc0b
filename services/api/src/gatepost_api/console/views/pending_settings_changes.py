"""Queries for pending settings changes."""

from __future__ import annotations

from typing import Final

from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.actor import is_same_name
from gatepost_domain.actions.settings_changes.decide import may_decide
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.proposal import SettingsKind
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState

MAX_CHANGES: Final = 200


async def load_pending_changes(
    request: ApiRequest, kind: SettingsKind, subject: str | None = None
) -> list[SettingsChange]:
    """Return the pending changes of a kind, limited to one subject if given, newest first."""
    return [
        change
        for change in await _load_pending(request)
        if change.proposal.kind is kind
        and (subject is None or is_same_name(change.proposal.subject, subject))
    ]


async def load_approvable_changes(request: ApiRequest) -> list[SettingsChange]:
    """Return the pending changes that the caller can approve, oldest first."""
    caller = request.auth
    changes = await _load_pending(request)
    return [change for change in changes[::-1] if may_decide(caller.user, caller.actor, change)]


async def _load_pending(request: ApiRequest) -> tuple[SettingsChange, ...]:
    page = PageRequest(limit=MAX_CHANGES)
    return (await request.context.reads.settings_changes(SettingsChangeState.PENDING, page)).items
