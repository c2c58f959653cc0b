"""Accounts, groups and the provenance of credentials, as shown on the people pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_api.console.views.catalog_choices import load_active_environments, load_users
from gatepost_api.console.views.labels import MEANS
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.access.users import AccountIdentifierKind, User, UserKind, identity_of
from gatepost_domain.ports.reads import SignInStatus

_SERVER: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group, its members, and the approval rules that name it."""

    name: str
    members: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    """The environment and stage of each rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOverview:
    """All accounts and groups, with sign-ins and logins by user."""

    people: Sequence[User]
    service_accounts: Sequence[User]
    sign_ins: Mapping[str, SignInStatus]
    """The latest sign-ins by user key."""
    provider_logins: Mapping[str, ProviderLogin]
    """The provider logins by user key; empty if no identity provider is configured."""
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLogin:
    """Whether a person can sign in with an account at the configured identity provider."""

    provider: str
    """The display name of the provider."""
    is_linked: bool
    determines_roles: bool
    """Whether the groups at the provider determine the roles and groups at each sign-in."""


def find_provider_login(request: ApiRequest, user: User) -> ProviderLogin | None:
    """Return a person's login at the identity provider.

    Return None for a service account, or if no identity provider is configured.
    """
    provider = request.context.trusted_issuers.provider
    if provider is None or user.kind is not UserKind.HUMAN:
        return None
    settings = provider.settings
    return ProviderLogin(
        provider=settings.display_name,
        is_linked=any(
            login.account.kind is AccountIdentifierKind.SUBJECT
            and login.account.issuer == settings.issuer
            for login in user.logins
        ),
        determines_roles=bool(settings.groups),
    )


async def load_people(request: ApiRequest) -> PeopleOverview:
    """Return all accounts and groups."""
    reads = request.context.reads
    users = await load_users(reads)
    return PeopleOverview(
        people=[user for user in users if user.kind is UserKind.HUMAN],
        service_accounts=[user for user in users if user.kind is UserKind.SERVICE],
        sign_ins=await reads.sign_ins(),
        provider_logins={
            user.key: login
            for user in users
            if (login := find_provider_login(request, user)) is not None
        },
        groups=await load_groups(request, users),
    )


async def load_groups(request: ApiRequest, users: Iterable[User]) -> list[Group]:
    """Return the groups that have members or are named in policies, sorted by name."""
    reads = request.context.reads
    members: dict[str, list[str]] = {}
    rules: dict[str, list[tuple[str, str]]] = {}
    for user in users:
        for group in user.groups:
            members.setdefault(group, []).append(user.name)
    for environment in await load_active_environments(reads):
        version = await reads.policy(environment.name, environment.policy_version)
        for stage in version.policy.approval_stages:
            for name in dict.fromkeys(rule.group for rule in stage.rules if rule.group):
                rules.setdefault(name, []).append((environment.name, stage.name))
    return [
        Group(name=name, members=tuple(members.get(name, ())), rules=tuple(rules.get(name, ())))
        for name in sorted(members.keys() | rules.keys())
    ]


def is_last_admin(user: User, users: Iterable[User]) -> bool:
    """Return whether this user is the only admin."""
    admins = [other.name for other in users if other.is_admin]
    return admins == [user.name]


def describe_creation(user: User) -> str:
    """Return how an account was created, such as "invited by ada"."""
    if user.created_by != _SERVER:
        invited = (user.origin is not None) and Means.INVITATION in user.origin.provenance.values()
        return f"{'invited' if invited else 'added'} by {user.created_by}"
    return (
        "added at sign-in"
        if user.can_sign_in_with_provider
        else "added on the server's command line"
    )


def names_by_key(users: Iterable[User]) -> Mapping[str, str]:
    """Return a mapping from the keys of users to their names; provenance refers to users by key."""
    return {user.key: user.name for user in users}


def describe_possible_account_users(user: User, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the other users who could have used a person's account, each with the reason.

    `names` maps the keys of users to their names.
    """
    if user.kind is UserKind.SERVICE:
        return []
    provenance = identity_of(user).provenance
    return [(names.get(key, key), MEANS[means]) for key, means in provenance.items()]
