"""Inviting people, accepting invitations, and resetting a user's credentials."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import (
    Identity,
    Means,
    added_provenance,
    merge_provenance,
)
from gatepost_domain.access.errors import AlreadyEnrolled, Unauthenticated
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import CREDENTIAL_KINDS, Token, TokenKind, User, UserKind
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.guarded_powers import require_unguarded_invitation
from gatepost_domain.actions.access.last_admin import require_another_admin
from gatepost_domain.actions.access.revocation import (
    Credentials,
    find_created_by,
    find_descendants,
    revoke_all,
)
from gatepost_domain.actions.access.sign_in import SESSION_LIFETIME, NewToken, build_token
from gatepost_domain.actions.access.unattributed_pipeline_restrictions import (
    require_known_trigger_to_give_access,
)
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.actions.access.users import authenticate, extend_origin
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

INVITATION_LIFETIME: Final = timedelta(days=7)
"""How long an invitation is valid."""


def invite_user(uow: UnitOfWork, name: str, command: Command, *, new_token: NewToken) -> Token:
    """Create a single-use invitation with which a person enrols. Earlier ones become invalid.

    Raises:
        NotFound: there is no such user.
        Forbidden: the actor may not manage people.
        ValidationFailed: the user is a service account, or disabled.
        AlreadyEnrolled: the person has a credential.
        GuardedPowers: the person has had a credential, and has powers in an environment whose
            settings are guarded.
    """
    user = uow.users.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_PEOPLE)
        require_known_trigger_to_give_access(resolved.actor)
    _require_enabled_human(user)
    tokens = uow.users.list_unrevoked_tokens(name)
    has_passkey = bool(uow.passkeys.list_unrevoked(name))
    if has_passkey or has_credential(user, tokens, command.at):
        raise AlreadyEnrolled(user.name)
    require_unguarded_invitation(uow, user, command.actor)
    actor = command.actor
    invitation = replace(
        build_token(
            user,
            new_token,
            command.at,
            kind=TokenKind.INVITATION,
            expires_at=command.at + INVITATION_LIFETIME,
        ),
        issuer=actor.identity.humans[0],
        origin=None if actor is SYSTEM else actor.identity,
        parent=actor.token,
    )
    earlier = [token for token in tokens if token.kind is TokenKind.INVITATION]
    event = token_event(
        EventKind.USER_INVITED,
        command,
        user,
        invitation,
        revoked=[str(token.id) for token in earlier],
    )
    uow.users.add_token(invitation, event, changed=revoke_all(earlier, command.at))
    return invitation


def has_credential(user: User, tokens: tuple[Token, ...], at: datetime) -> bool:
    """Return whether a user who has these unrevoked tokens can act without an invitation."""
    return user.can_sign_in_with_provider or any(
        token.kind in CREDENTIAL_KINDS and token.is_valid(at) for token in tokens
    )


def accept_invitation(
    uow: UnitOfWork, presented_token_id: UUID, new_token: NewToken, at: datetime
) -> Token:
    """Open a browser session for an invitation, which cannot be used again.

    The sender and everybody who could have acted as the sender are recorded as people who could
    have used the account.

    Raises:
        Unauthenticated: the invitation is not valid.
    """
    actor = authenticate(uow, presented_token_id, at)
    invitation = uow.users.find_token(presented_token_id)
    if invitation is None or invitation.kind is not TokenKind.INVITATION:
        raise Unauthenticated("This is not an invitation; use the link that you were sent.")
    user, command = uow.users.get(invitation.user), Command(actor=actor, at=at)
    spent = replace(invitation, revoked_at=at, last_used_at=at)
    accepted = replace(
        user, origin=_origin_after_invitation(user, invitation), revision=user.revision + 1
    )
    event = user_event(EventKind.INVITATION_ACCEPTED, command, accepted, token=str(invitation.id))
    uow.users.save(accepted, event, tokens=(spent,))
    session = replace(
        build_token(
            accepted, new_token, at, kind=TokenKind.SESSION, expires_at=at + SESSION_LIFETIME
        ),
        label="signed in by invitation",
        proved_at=at,
    )
    signed_in = token_event(EventKind.SIGNED_IN, command, accepted, session, by=str(invitation.id))
    uow.users.add_token(session, signed_in)
    return session


def reset_user(uow: UnitOfWork, name: str, command: Command) -> User:
    """Revoke all credentials of a user and everything created with them; the note is the reason.

    The actor and everybody who could have acted as the actor are recorded as people who could have
    used the user's later credentials. A reset in the server's terminal instead clears that record,
    because no earlier credential can be used any more.

    Raises:
        NotFound: there is no such user.
        Forbidden: the actor may not manage people.
        ValidationFailed: the reason is missing.
        LastAdmin: the user is the last admin; only the server's terminal can reset them.
    """
    user, actor = uow.users.get(name), command.actor
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_PEOPLE)
        require_known_trigger_to_give_access(resolved.actor)
    if actor is not SYSTEM and not (command.note or "").strip():
        detail = "A reset requires a reason, which is recorded."
        raise ValidationFailed(FieldError(field="reason", code="reason_required", detail=detail))
    if actor is not SYSTEM:
        require_another_admin(uow, user, None)
    tokens = uow.users.list_unrevoked_tokens(name)
    own = Credentials(tokens, uow.passkeys.list_unrevoked(name))
    descendants = find_descendants(uow, *own.ids).with_others(find_created_by(uow, name))
    revoked = own.with_others(descendants).revoked(command.at)
    updated = replace(
        user.with_logins(()),
        origin=_origin_after_reset(user, command),
        revision=user.revision + 1,
    )
    event = user_event(EventKind.USER_RESET, command, updated, **revoked.to_event_data())
    uow.users.save(updated, event, tokens=revoked.tokens, passkeys=revoked.passkeys)
    return updated


def _require_enabled_human(user: User) -> None:
    if user.kind is not UserKind.HUMAN:
        code, detail = "invitation_of_a_service", "Only people can be invited."
    elif user.disabled:
        code, detail = "user_disabled", f"{user.name} is disabled; enable the user first."
    else:
        return
    raise ValidationFailed(FieldError(field="user", code=code, detail=detail))


def _origin_after_invitation(user: User, invitation: Token) -> Identity | None:
    if invitation.origin is None:
        return user.origin
    origin = user.origin or Identity()
    added = added_provenance(invitation.origin, Means.INVITATION)
    added.pop(user.human, None)
    return replace(origin, provenance=merge_provenance(origin.provenance, added))


def _origin_after_reset(user: User, command: Command) -> Identity | None:
    if command.actor is not SYSTEM:
        return extend_origin(user, command.actor, Means.RESET)
    return None if user.kind is UserKind.HUMAN else user.origin
