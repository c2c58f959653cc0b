"""Approving and rejecting settings changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import User, UserKind
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.settings_changes.dry_run import SettingsWrite, plan_settings_write
from gatepost_domain.actions.settings_changes.events import settings_change_event
from gatepost_domain.errors import Refusal
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.settings_changes.errors import (
    DecisionByServiceAccount,
    DecisionNotIndependent,
    ProposerDisabled,
    SettingsChangeDecided,
)
from gatepost_domain.settings_changes.independence import is_independent
from gatepost_domain.settings_changes.proposal import Proposal, UserAddition, UserUpdate
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState


def approve_settings_change(uow: UnitOfWork, change: UUID, command: Command) -> SettingsChange:
    """Approve a pending settings change, and apply it on behalf of its proposer.

    If the change can no longer be applied, its state becomes `stale`.

    Raises:
        NotFound: there is no such settings change.
        Forbidden: the actor may not make such changes.
        DecisionByServiceAccount: the actor is not a person.
        DecisionNotIndependent: the actor is not independent of the proposer.
        SettingsChangeDecided: the settings change is not pending.
    """
    pending = uow.settings_changes.get(change)
    with resolve_actor_and_audit_denials(command):
        _authorize_decision(uow, pending, command.actor)
    _require_pending(pending)
    try:
        write = _plan_as_proposer(uow, pending, command)
    except Refusal as refusal:
        return _save_decision(uow, pending, command, SettingsChangeState.STALE, note=str(refusal))
    write.store(_attribute_to_both(write.event, pending, command))
    return _save_decision(uow, pending, command, SettingsChangeState.APPLIED, note=command.note)


def reject_settings_change(uow: UnitOfWork, change: UUID, command: Command) -> SettingsChange:
    """Reject a pending settings change, or withdraw it if the actor is its proposer.

    Raises:
        NotFound: there is no such settings change.
        Forbidden: the actor may not make such changes.
        DecisionByServiceAccount: the actor is not a person.
        DecisionNotIndependent: the actor is not independent of the proposer.
        SettingsChangeDecided: the settings change is not pending.
    """
    pending = uow.settings_changes.get(change)
    if not command.actor.has_name(pending.requested_by):
        with resolve_actor_and_audit_denials(command):
            _authorize_decision(uow, pending, command.actor)
    _require_pending(pending)
    return _save_decision(uow, pending, command, SettingsChangeState.REJECTED, note=command.note)


def may_decide(user: User, actor: Actor, change: SettingsChange) -> bool:
    """Return whether an actor can approve or reject a change that somebody else proposed."""
    return (
        change.state is SettingsChangeState.PENDING
        and _may_change(actor, change.proposal)
        and user.kind is UserKind.HUMAN
        and not actor.has_name(change.requested_by)
        and is_independent(actor.identity, change.identity)
    )


def _may_change(actor: Actor, proposal: Proposal) -> bool:
    return actor.may(_required_right(proposal), environment=_environment(proposal))


def _required_right(proposal: Proposal) -> Right:
    is_user = isinstance(proposal, UserAddition | UserUpdate)
    return Right.MANAGE_PEOPLE if is_user else Right.CONFIGURE


def _environment(proposal: Proposal) -> str | None:
    return None if isinstance(proposal, UserAddition | UserUpdate) else proposal.environment


def _authorize_decision(uow: UnitOfWork, change: SettingsChange, actor: Actor) -> None:
    authorize(actor, _required_right(change.proposal), environment=_environment(change.proposal))
    if uow.users.get(actor.name).kind is not UserKind.HUMAN:
        raise DecisionByServiceAccount(actor.name)
    if actor.has_name(change.requested_by) or not is_independent(actor.identity, change.identity):
        raise DecisionNotIndependent(actor.name, change.requested_by)


def _require_pending(change: SettingsChange) -> None:
    if change.state is not SettingsChangeState.PENDING:
        raise SettingsChangeDecided(change.id, change.state, change.decided_by)


def _plan_as_proposer(uow: UnitOfWork, change: SettingsChange, command: Command) -> SettingsWrite:
    """Dry-run the change as its proposer, who must still be allowed to make it."""
    proposer = uow.users.find_by_recorded_name(change.requested_by)
    if proposer is None or proposer.disabled:
        raise ProposerDisabled(change.requested_by)
    actor = Actor(
        name=proposer.name,
        identity=change.identity,
        groups=frozenset(proposer.groups),
        grants=proposer.grants,
    )
    proposal = change.proposal
    if isinstance(proposal, UserAddition):
        proposal = replace(proposal, user=replace(proposal.user, created_at=command.at))
    if isinstance(proposal, UserUpdate):
        proposal = replace(proposal, name=_current_name(uow, proposal.name))
    return plan_settings_write(
        uow,
        proposal,
        Command(actor=actor, at=command.at, note=change.reason),
        revision=change.base_revision,
    )


def _current_name(uow: UnitOfWork, name: str) -> str:
    """Return the current name of a user; `name` may be the one from an older release."""
    user = uow.users.find_by_recorded_name(name)
    return name if user is None else user.name


def _attribute_to_both(event: Event, change: SettingsChange, command: Command) -> Event:
    """Return the event of the change, whose actor is the proposer, with the approver added."""
    data = {
        **event.data,
        "settings_change": str(change.id),
        "approved_by": command.actor.name,
        "approved_by_identity": command.actor.identity.to_event_data(),
    }
    return replace(event, data=data)


_EVENT_KINDS: Final = {
    SettingsChangeState.APPLIED: EventKind.SETTINGS_CHANGE_APPLIED,
    SettingsChangeState.REJECTED: EventKind.SETTINGS_CHANGE_REJECTED,
    SettingsChangeState.STALE: EventKind.SETTINGS_CHANGE_STALE,
}


def _save_decision(
    uow: UnitOfWork,
    change: SettingsChange,
    command: Command,
    state: SettingsChangeState,
    *,
    note: str | None,
) -> SettingsChange:
    decided = replace(
        change, state=state, decided_by=command.actor.name, decided_at=command.at, note=note
    )
    event = settings_change_event(
        _EVENT_KINDS[state],
        command,
        decided,
        note=note,
        identity=command.actor.identity.to_event_data(),
    )
    uow.settings_changes.save_decision(decided, event)
    return decided
