"""Adding and removing passkeys, and signing in with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import CredentialOfAnother, FreshProofRequired
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import Token, TokenKind, User, UserKind, to_actor
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.revocation import find_descendants
from gatepost_domain.actions.access.sign_in import (
    SESSION_LIFETIME,
    NewToken,
    build_token,
    sign_in_denied,
)
from gatepost_domain.actions.access.user_events import passkey_event, token_event
from gatepost_domain.actions.access.users import has_fresh_proof, origin_of_new_credential
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_PASSKEYS: Final = 20
"""The maximum number of passkeys a person can have at a time."""


def add_passkey(uow: UnitOfWork, passkey: Passkey, command: Command) -> Passkey:
    """Add a passkey for the actor, who must have recently proved who they are.

    Everybody who could have acted as the actor is recorded as able to use the passkey.

    Raises:
        NotFound: there is no such user.
        CredentialOfAnother: the passkey is for another user.
        FreshProofRequired: the actor has not recently proved who they are.
        Forbidden: the token used is limited to scopes, and the actor may not manage people.
        ValidationFailed: the user is a service account, or has too many passkeys.
        AlreadyExists: the passkey was already added, for this or another user.
    """
    user = uow.users.get(passkey.user)
    with resolve_actor_and_audit_denials(command) as resolved:
        actor = resolved.actor
        if actor.name != user.name or resolved.on_behalf_of is not None:
            raise CredentialOfAnother(actor.name, user.name)
        if actor.is_scoped:
            authorize(actor, Right.MANAGE_PEOPLE)
        if not has_fresh_proof(actor, command.at):
            raise FreshProofRequired(actor.name, "adding a passkey")
    if user.kind is not UserKind.HUMAN:
        raise _passkey_error("passkey_of_a_service", "Service accounts have no passkeys.")
    if len(uow.passkeys.list_unrevoked(user.name)) >= MAX_PASSKEYS:
        raise _passkey_error(
            "too_many_passkeys", f"{user.name} already has {MAX_PASSKEYS} passkeys."
        )
    passkey = replace(passkey, parent=actor.token, origin=origin_of_new_credential(actor, user))
    uow.passkeys.add(passkey, passkey_event(EventKind.PASSKEY_ADDED, command, user, passkey))
    return passkey


def remove_passkey(uow: UnitOfWork, name: str, passkey: UUID, command: Command) -> Passkey:
    """Remove a passkey and everything created with it, effective from the next request.

    Raises:
        NotFound: the user has no such passkey.
        Forbidden: the passkey belongs to another user, and the actor may not manage people.
    """
    user, stored = uow.users.get(name), uow.passkeys.get(name, passkey)
    with resolve_actor_and_audit_denials(command) as resolved:
        if resolved.actor.name != user.name or resolved.actor.is_scoped:
            authorize(resolved.actor, Right.MANAGE_PEOPLE)
    if not stored.is_valid():
        return stored
    removed = replace(stored, revoked_at=command.at)
    others = find_descendants(uow, passkey).revoked(command.at)
    event = passkey_event(
        EventKind.PASSKEY_REMOVED, command, user, removed, **others.to_event_data()
    )
    uow.users.save_tokens(others.tokens, event, passkeys=(removed, *others.passkeys))
    return removed


def open_passkey_session(
    uow: UnitOfWork,
    name: str,
    passkey: UUID,
    new_token: NewToken,
    at: datetime,
    *,
    sign_count: int,
) -> Token:
    """Open a browser session for a person whose passkey has signed the challenge.

    `sign_count` is the signature's counter value. The session ends when the passkey is removed.

    Raises:
        NotFound: the user has no such passkey.
        SignInDenied: the passkey was removed, another device seems to have a copy of it, or the
            user is disabled.
        AlreadyExists: the signature was already used to sign in.
    """
    user, stored = uow.users.get(name), uow.passkeys.get(name, passkey)
    reason = _find_reason_to_deny(user, stored, sign_count)
    if reason is not None:
        raise sign_in_denied(reason, at, user=user.name, passkey=str(stored.id))
    session = replace(
        build_token(user, new_token, at, kind=TokenKind.SESSION, expires_at=at + SESSION_LIFETIME),
        label="signed in by passkey",
        parent=stored.id,
        origin=stored.origin,
        proved_at=at,
    )
    command = Command(actor=to_actor(user, session), at=at)
    event = token_event(EventKind.SIGNED_IN, command, user, session, passkey=str(stored.id))
    uow.users.add_token(session, event)
    uow.passkeys.record_use(stored.id, at, sign_count=sign_count)
    return session


def _find_reason_to_deny(user: User, passkey: Passkey, sign_count: int) -> str | None:
    if not passkey.is_valid():
        return "This passkey was removed; sign in another way."
    if user.disabled:
        return f"The user {user.name} is disabled; an admin can enable them."
    if passkey.is_copied(sign_count):
        return (
            "The signature counter of this passkey has not increased since its latest use, so "
            "somebody may have copied the passkey. Sign in another way and remove it."
        )
    return None


def _passkey_error(code: str, detail: str) -> ValidationFailed:
    return ValidationFailed(FieldError(field="passkey", code=code, detail=detail))
