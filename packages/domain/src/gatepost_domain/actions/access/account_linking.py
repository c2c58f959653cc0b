"""Linking external accounts to users, taking their former holders into account."""

from __future__ import annotations

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.credential_provenance import (
    Identity,
    Means,
    added_provenance,
    merge_provenance,
)
from gatepost_domain.access.users import (
    Account,
    AccountIdentifierKind,
    Login,
    User,
    UserKind,
    identity_of,
    identity_through,
)
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.ports.unit_of_work import UnitOfWork


def build_logins(
    uow: UnitOfWork, user: User, accounts: tuple[Account, ...], actor: Actor
) -> tuple[Login, ...]:
    """Return a login for each account; logins that the user already has are unchanged.

    Raises:
        ValidationFailed: a service account cannot have a login.
    """
    if accounts and user.kind is not UserKind.HUMAN:
        raise ValidationFailed(
            FieldError(
                field="logins",
                code="login_of_a_service",
                detail="Only human users can sign in with an identity provider or trigger "
                "pipelines.",
            )
        )
    return tuple(
        user.find_login(account) or _build_login(uow, user, account, actor)
        for account in dict.fromkeys(accounts)
    )


def extend_origin_for_logins(uow: UnitOfWork, before: User | None, after: User) -> Identity | None:
    """Return a user's origin, extended by everybody who may be the user or could act as the user.

    These people are the former holders of all new logins and, if the user can sign in with a
    login, also everybody who could have linked it.
    """
    new = [
        login
        for login in after.logins
        if before is None or before.find_login(login.account) is None
    ]
    added = merge_provenance(
        *(login.provenance for login in new if login.account.kind is AccountIdentifierKind.SUBJECT),
        *(
            added_provenance(identity_of(holder), Means.ACCOUNT)
            for login in new
            for holder in uow.users.list_former_holders(login.account)
            if holder.key != after.key
        ),
    )
    added.pop(after.human, None)
    if not added:
        return after.origin
    origin = after.origin or Identity()
    # Recorded means are more informative than how a login was linked, so they take precedence.
    return Identity(humans=origin.humans, provenance=merge_provenance(added, origin.provenance))


def find_former_holder_identities(
    uow: UnitOfWork, account: Account, *, except_of: User | None = None
) -> tuple[Identity, ...]:
    """Return the identities of the users from whom an account was removed, sorted by name."""
    holders = uow.users.list_former_holders(account)
    return tuple(
        identity_through(holder, login)
        for holder in holders
        if (except_of is None or holder.key != except_of.key)
        and (login := holder.find_former_login(account)) is not None
    )


def _build_login(uow: UnitOfWork, user: User, account: Account, actor: Actor) -> Login:
    """Return a new login, with everybody who may have had the account or could have linked it.

    An account that belonged to another user may still be that person's. For an account that the
    user had before, the people who could have linked it then are kept.
    """
    earlier = user.find_former_login(account)
    former = find_former_holder_identities(uow, account, except_of=user)
    given = {} if actor is SYSTEM else added_provenance(actor.identity, Means.ACCOUNT)
    provenance = merge_provenance(
        {} if earlier is None else {earlier.linked_by: Means.ACCOUNT, **earlier.provenance},
        *(added_provenance(identity, Means.ACCOUNT) for identity in former),
        given,
    )
    linked_by = SYSTEM.name if actor is SYSTEM else actor.identity.humans[0]
    return Login(account=account, linked_by=linked_by, provenance=provenance)
