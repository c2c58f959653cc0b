"""Linking the actor's own account at the identity provider."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import CredentialOfAnother, FreshProofRequired, LoginOfAnother
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import Account, User
from gatepost_domain.actions.access.account_linking import build_logins, extend_origin_for_logins
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.user_events import user_event
from gatepost_domain.actions.access.users import has_fresh_proof
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


def link_own_account(
    uow: UnitOfWork, command: Command, *, account: Account, user_name: str
) -> User:
    """Link an account to the actor, who has just signed in with it at the identity provider.

    `user_name` is the user whose page the actor started from. The provenance does not change: only
    the actor, and people who could already act as the actor, could have linked the account. An
    account that is already linked is left unchanged.

    Raises:
        NotFound: there is no such user.
        CredentialOfAnother: the user is not the actor.
        Forbidden: the token used is limited to scopes, and the actor may not manage people.
        FreshProofRequired: the holder of the session has not recently proved who they are.
        LoginOfAnother: the account belongs, or once belonged, to another user.
        ValidationFailed: the user is a service account.
    """
    user = uow.users.get(user_name)
    with resolve_actor_and_audit_denials(command) as resolved:
        actor = resolved.actor
        if actor.name != user.name or resolved.on_behalf_of is not None:
            raise CredentialOfAnother(actor.name, user.name)
        if actor.is_scoped:
            authorize(actor, Right.MANAGE_PEOPLE)
        if not has_fresh_proof(actor, command.at):
            raise FreshProofRequired(actor.name, "linking an account")
        _require_no_other_holder(uow, user, account)
    if user.find_login(account) is not None:
        return user
    accounts = (*(login.account for login in user.logins), account)
    linked = user.with_logins(build_logins(uow, user, accounts, command.actor))
    linked = replace(
        linked, origin=extend_origin_for_logins(uow, user, linked), revision=user.revision + 1
    )
    uow.users.save(linked, user_event(EventKind.USER_CHANGED, command, linked))
    return linked


def _require_no_other_holder(uow: UnitOfWork, user: User, account: Account) -> None:
    holder = uow.users.find_by_account(account)
    if holder is not None and holder.key != user.key:
        raise LoginOfAnother(user.name, holder.name, is_former=False)
    for former in uow.users.list_former_holders(account):
        if former.key != user.key:
            raise LoginOfAnother(user.name, former.name, is_former=True)
