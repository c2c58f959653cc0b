"""Adding and changing users, and issuing and revoking their tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, Actor, is_reserved_name
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import (
    Identity,
    Means,
    added_provenance,
    merge_provenance,
)
from gatepost_domain.access.errors import (
    CredentialOfAnother,
    FreshProofRequired,
    Unauthenticated,
)
from gatepost_domain.access.handles import HANDLE_RULE, is_handle
from gatepost_domain.access.roles import Grant, Right
from gatepost_domain.access.users import (
    Account,
    Token,
    User,
    UserKind,
    to_actor,
)
from gatepost_domain.actions.access.account_linking import build_logins, extend_origin_for_logins
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.approval_invalidation import (
    invalidate_approvals_after_user_change,
)
from gatepost_domain.actions.access.guarded_powers import require_unguarded_token
from gatepost_domain.actions.access.last_admin import require_another_admin
from gatepost_domain.actions.access.revocation import find_descendants, revoke_all
from gatepost_domain.actions.access.unattributed_pipeline_restrictions import (
    require_known_trigger_to_give_access,
)
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision

MAX_TOKEN_LIFETIME: Final = timedelta(days=366)
"""The longest lifetime that can be requested for a token."""
DEFAULT_TOKEN_LIFETIME: Final = timedelta(days=90)
"""The lifetime of a token if none is requested."""
SHORT_LIFETIME: Final = timedelta(hours=24)
"""The longest lifetime of a token that a session can create without fresh proof."""
FRESH_PROOF: Final = timedelta(minutes=10)
"""How long a proof of the session holder's identity stays fresh."""


def authenticate(uow: UnitOfWork, token: UUID, at: datetime) -> Actor:
    """Return the actor that a token represents, with its grants as of this transaction.

    Raises:
        Unauthenticated: the token is revoked or expired, or its user is disabled.
    """
    stored = uow.users.find_token(token)
    user = None if stored is None else uow.users.find(stored.user)
    if stored is None or user is None or user.disabled or not stored.is_valid(at):
        raise Unauthenticated("This token has expired or was revoked, or its user is disabled.")
    return to_actor(user, stored)


def add_user(
    uow: UnitOfWork, user: User, command: Command, *, accounts: tuple[Account, ...] = ()
) -> User:
    """Add a user, with these accounts as logins.

    The actor, everybody who could have acted as the actor, and all former holders of the accounts
    are recorded in the provenance. If a login now identifies who triggered a pipeline, approvals of
    what the pipeline requested are voided if they come from that person or from anyone who is not
    independent of that person.

    Raises:
        Forbidden: the actor may not manage people.
        ValidationFailed: the name is not a handle or is reserved, or a service account has a login.
        AlreadyExists: another user has the name, or one of the accounts.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_PEOPLE)
        require_known_trigger_to_give_access(resolved.actor)
    if not is_handle(user.name):
        raise ValidationFailed(FieldError(field="name", code="invalid_name", detail=HANDLE_RULE))
    if is_reserved_name(user.name):
        raise ValidationFailed(
            FieldError(
                field="name", code="reserved_name", detail=f"The name {user.name} is reserved."
            )
        )
    user = replace(user, origin=_origin_of_new_user(user, command.actor))
    if accounts:
        user = user.with_logins(build_logins(uow, user, accounts, command.actor))
        user = replace(user, origin=extend_origin_for_logins(uow, None, user))
    uow.users.add(user, user_event(EventKind.USER_ADDED, command, user))
    invalidate_approvals_after_user_change(uow, None, user, command.at)
    return user


def change_user(
    uow: UnitOfWork,
    name: str,
    command: Command,
    *,
    grants: tuple[Grant, ...] | None,
    groups: tuple[str, ...] | None,
    disabled: bool | None,
    revision: ExpectedRevision,
    accounts: tuple[Account, ...] | None = None,
    display_name: str | None = None,
    force: bool = False,
) -> User:
    """Change a user, effective from the next request; fields that are None stay unchanged.

    Disabling a user also voids their approvals of deployments that have not started. If a new login
    identifies who triggered a pipeline, that person's approvals of what the pipeline requested are
    voided, and so are those of anyone who is not independent of that person.

    `accounts` are all of the user's external accounts; a login with another account becomes a
    former login. The actor and all former holders of a new account are recorded as people who could
    have used that account.

    `force` allows the last admin to be disabled or demoted. An empty `display_name` removes it.

    Raises:
        NotFound: there is no such user.
        Forbidden: the actor may not manage people.
        ValidationFailed: a service account cannot have a login.
        AlreadyExists: another user has one of the accounts.
        StaleRevision: `revision` is not the current one.
        LastAdmin: no other enabled person would have the admin role everywhere.
    """
    user = uow.users.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_PEOPLE)
        if disabled is False or any(given is not None for given in (grants, groups, accounts)):
            require_known_trigger_to_give_access(resolved.actor)
    require_revision(revision, user.revision)
    updated = replace(
        user,
        grants=user.grants if grants is None else grants,
        groups=user.groups if groups is None else groups,
        disabled=user.disabled if disabled is None else disabled,
        display_name=user.display_name if display_name is None else display_name or None,
        revision=user.revision + 1,
    )
    if accounts is not None:
        updated = updated.with_logins(build_logins(uow, user, accounts, command.actor))
        updated = replace(updated, origin=extend_origin_for_logins(uow, user, updated))
    if not force:
        require_another_admin(uow, user, updated)
    uow.users.save(updated, user_event(EventKind.USER_CHANGED, command, updated))
    invalidate_approvals_after_user_change(uow, user, updated, command.at)
    return updated


def issue_token(
    uow: UnitOfWork,
    name: str,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    digest: str,
    label: str | None,
    scopes: tuple[Grant, ...] | None,
    expires_at: datetime | None,
) -> Token:
    """Create a token for the actor or, if the actor may manage people, for a service account.

    Everybody who could have acted as the actor is recorded as able to use the token and every token
    created with it. Without `expires_at`, the token has the default lifetime, or never expires if
    the system creates it.

    Raises:
        NotFound: there is no such user.
        Forbidden: the token is for a service account, or the token used is limited to scopes, and
            the actor may not manage people.
        CredentialOfAnother: the token is for another person.
        GuardedPowers: the token would give the actor powers in an environment whose settings are
            guarded.
        FreshProofRequired: the token is valid for more than a day, and the holder of the session
            has not recently proved who they are.
        ValidationFailed: `expires_at` is in the past or more than a year away.
    """
    user = uow.users.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        _authorize_for_user(resolved.actor, user)
        if resolved.actor.name != user.name:
            require_known_trigger_to_give_access(resolved.actor)
        _require_no_credential_of_another(resolved.actor, user)
        _require_fresh_proof(resolved, expires_at)
    if command.actor.name != user.name or command.actor.is_scoped:
        require_unguarded_token(uow, user, command.actor, scopes)
    if expires_at is not None and not command.at < expires_at <= command.at + MAX_TOKEN_LIFETIME:
        raise ValidationFailed(
            FieldError(
                field="expires_at",
                code="bad_expiry",
                detail="expires_at must be in the future and within a year.",
            )
        )
    if expires_at is None and command.actor is not SYSTEM:
        expires_at = command.at + DEFAULT_TOKEN_LIFETIME
    token = Token(
        id=id,
        user=user.name,
        issuer=_token_issuer_name(command.actor, user),
        parent=command.actor.token,
        origin=origin_of_new_credential(command.actor, user),
        trigger=command.actor.trigger,
        digest=digest,
        label=label,
        scopes=scopes,
        created_at=command.at,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    uow.users.add_token(token, token_event(EventKind.TOKEN_ISSUED, command, user, token))
    return token


def revoke_token(uow: UnitOfWork, name: str, token: UUID, command: Command) -> Token:
    """Revoke a token and everything created with it, effective from the next request.

    A token that is already revoked, such as a signed-out session, keeps its time of revocation;
    what was created with it is revoked now.

    Raises:
        NotFound: the user has no such token.
        Forbidden: the token belongs to another user, and the actor may not manage people.
    """
    user, stored = uow.users.get(name), uow.users.get_token(name, token)
    with resolve_actor_and_audit_denials(command) as resolved:
        _authorize_for_user(resolved.actor, user)
    own = revoke_all((stored,) if stored.revoked_at is None else (), command.at)
    others = find_descendants(uow, token).revoked(command.at)
    if not own and not others.ids:
        return stored
    revoked = own[0] if own else stored
    event = token_event(
        EventKind.TOKEN_REVOKED,
        command,
        user,
        revoked,
        **others.to_event_data(),
    )
    uow.users.save_tokens((*own, *others.tokens), event, passkeys=others.passkeys)
    return revoked


def extend_origin(user: User, giver: Actor, means: Means) -> Identity | None:
    """Return a user's origin, extended by an actor who has given them access by these means."""
    if giver is SYSTEM:
        return user.origin
    origin = user.origin or Identity()
    added = added_provenance(giver.identity, means)
    added.pop(user.human, None)
    return Identity(humans=origin.humans, provenance=merge_provenance(origin.provenance, added))


def _origin_of_new_user(user: User, maker: Actor) -> Identity | None:
    """Return who could act as a new user. A service account counts as everybody who created it."""
    if maker is SYSTEM:
        return None
    if user.kind is UserKind.SERVICE:
        return maker.identity
    return extend_origin(user, maker, Means.ACCOUNT)


def origin_of_new_credential(issuer: Actor, user: User) -> Identity | None:
    """Return who else could use a credential that the actor creates for a user."""
    if issuer is SYSTEM:
        return None
    if user.kind is UserKind.SERVICE:
        return issuer.identity
    provenance = issuer.identity.provenance
    return Identity(provenance=provenance) if provenance else None


def _require_no_credential_of_another(actor: Actor, user: User) -> None:
    if actor is not SYSTEM and actor.name != user.name and user.kind is UserKind.HUMAN:
        raise CredentialOfAnother(actor.name, user.name)


def has_fresh_proof(actor: Actor, at: datetime) -> bool:
    """Return whether the holder of a session has recently proved who they are."""
    return actor.proved_at is not None and at - actor.proved_at <= FRESH_PROOF


def _require_fresh_proof(command: Command, expires_at: datetime | None) -> None:
    actor, at = command.actor, command.at
    if not actor.is_session or (expires_at is not None and expires_at <= at + SHORT_LIFETIME):
        return
    if not has_fresh_proof(actor, at):
        raise FreshProofRequired(actor.name)


def _authorize_for_user(actor: Actor, user: User) -> None:
    if actor.name != user.name or actor.is_scoped:
        authorize(actor, Right.MANAGE_PEOPLE)


def _token_issuer_name(actor: Actor, user: User) -> str:
    """Return who issues a token; for a service account, the first person that it counts as."""
    return user.human if actor.name == user.name else actor.identity.humans[0]
