"""Changing settings, or proposing the change where the settings are guarded."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.guarded_powers import Guards
from gatepost_domain.actions.settings_changes.dry_run import (
    find_revision_in_force,
    plan_settings_write,
)
from gatepost_domain.actions.settings_changes.events import settings_change_event
from gatepost_domain.actions.settings_changes.guarding_environments import find_guards
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision
from gatepost_domain.settings_changes.errors import ProposerUnknown
from gatepost_domain.settings_changes.proposal import Proposal
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from gatepost_domain.settings_changes.snapshot import Settings, settings_snapshot


def change_settings(
    uow: UnitOfWork,
    proposal: Proposal,
    command: Command,
    *,
    revision: ExpectedRevision,
    id: UUID,  # noqa: A002  # the field's own name
) -> Settings | SettingsChange:
    """Change settings and return them, or return a pending settings change if they are guarded.

    `id` is the id for the settings change, and the command's note is its reason. Gatepost itself
    and the server's command line, both of which act as `system`, need no approval.

    Raises: the same errors as the action that makes the change, and
        ProposerUnknown: the settings are guarded, and the change is proposed by a pipeline that an
            unknown person triggered.
    """
    write = plan_settings_write(uow, proposal, command, revision=revision)
    guards = Guards() if command.actor is SYSTEM else find_guards(uow, write)
    if not guards.environments:
        write.store()
        return write.after
    trigger = command.actor.trigger
    if trigger is not None and trigger.unmapped_issuer is not None:
        raise ProposerUnknown(trigger.name)
    change = SettingsChange(
        id=id,
        state=SettingsChangeState.PENDING,
        proposal=proposal,
        base_revision=find_revision_in_force(uow, proposal),
        environments=guards.environments,
        gives=guards.gives,
        before=None if write.before is None else settings_snapshot(write.before),
        after=settings_snapshot(write.after),
        reason=command.note,
        requested_by=command.actor.name,
        identity=command.actor.identity,
        requested_at=command.at,
    )
    event = settings_change_event(
        EventKind.SETTINGS_CHANGE_REQUESTED,
        command,
        change,
        note=command.note,
        environments=list(change.environments),
        gives=list(change.gives),
        before=change.before,
        after=change.after,
        identity=change.identity.to_event_data(),
    )
    uow.settings_changes.add(change, event)
    return change
