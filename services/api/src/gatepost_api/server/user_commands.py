"""Implementation of the `gatepost-server users` and `sign-in-link` commands.

The commands work whether or not the server is running, and return the exit code.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from gatepost_api.auth.token_secrets import (
    INVITATION_PREFIX,
    LINK_PREFIX,
    generate_secret,
    generate_token_secret,
    secret_digest,
)
from gatepost_api.server.bootstrap import build_user, ensure_user_with_token
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.storage import open_ledger
from gatepost_api.server.worker_supervisor import browser_url
from gatepost_api.settings.server import StorageLocation
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import LastAdmin
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import Account, User, UserKind
from gatepost_domain.actions.access.invitations import (
    INVITATION_LIFETIME,
    invite_user,
    reset_user,
)
from gatepost_domain.actions.access.sign_in import (
    SIGN_IN_LINK_LIFETIME,
    NewToken,
    create_sign_in_link,
)
from gatepost_domain.actions.access.users import change_user
from gatepost_domain.errors import AlreadyExists, NotFound, Refusal
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from gatepost_persistence.ledger.sql_ledger import SqlLedger

_PAGE: Final = 200
TOKEN_LIFETIME: Final = timedelta(days=90)
"""The lifetime of tokens printed in a terminal."""


def add_user_and_print_token(
    location: StorageLocation,
    name: str,
    *,
    kind: UserKind,
    roles: Sequence[Role],
    groups: Sequence[str],
) -> int:
    """Create a user and print a token, which is shown only once.

    If the user already exists, nothing is changed, and an error is printed.
    """

    async def add_and_print_token(ledger: SqlLedger) -> None:
        if await _user_exists(ledger, name):
            raise AlreadyExists("user", name)
        user = build_user(name, kind, roles=tuple(roles), groups=tuple(groups), at=utc_now())
        await _ensure_user_and_print_new_token(ledger, user, "printed by users add")

    return asyncio.run(run_with_ledger(location, add_and_print_token))


def print_new_token(location: StorageLocation, name: str) -> int:
    """Print another token, which is shown only once, for an existing user."""

    async def issue_and_print_token(ledger: SqlLedger) -> None:
        user = await _find_user(ledger, name)
        await _ensure_user_and_print_new_token(ledger, user, "printed by users token")

    return asyncio.run(run_with_ledger(location, issue_and_print_token))


def print_sign_in_link(
    location: StorageLocation, name: str, *, url: str, print_link: bool = False
) -> int:
    """Print a one-time link, valid for five minutes, that signs a browser in as the user."""

    async def create_and_print_link(ledger: SqlLedger) -> None:
        user = await _find_user(ledger, name)
        sys.stdout.write(f"{await create_sign_in_link_url(ledger, user.name, url)}\n")
        minutes = int(SIGN_IN_LINK_LIFETIME.total_seconds()) // 60
        sys.stderr.write(
            f"The link signs in as {user.name}. It works once and expires in {minutes} minutes.\n"
        )

    return _run_if_link_may_be_printed(location, create_and_print_link, print_link=print_link)


def print_invitation(
    location: StorageLocation, name: str, *, url: str, print_link: bool = False
) -> int:
    """Print a one-time link, valid for a week, with which a person enrols."""

    async def invite_and_print_link(ledger: SqlLedger) -> None:
        secret = generate_secret(INVITATION_PREFIX)
        new_token = NewToken(id=new_id(), digest=secret_digest(secret))
        command = Command(actor=SYSTEM, at=utc_now())
        await ledger.perform(partial(invite_user, name=name, command=command, new_token=new_token))
        sys.stdout.write(f"{url}/invitation?link={secret}\n")
        sys.stderr.write(
            f"Send the link to {name}. It works once and expires in {INVITATION_LIFETIME.days} "
            "days. Gatepost assumes that no one else can use the link, so the link makes no review "
            "dependent.\n"
        )

    return _run_if_link_may_be_printed(location, invite_and_print_link, print_link=print_link)


def list_users(location: StorageLocation) -> int:
    """Print all users with their kind, roles and groups, sorted by name."""

    async def print_users(ledger: SqlLedger) -> None:
        after = None
        while True:
            page = await ledger.reads.users(PageRequest(limit=_PAGE, after=after))
            for user in page.items:
                sys.stdout.write(f"{_describe(user)}\n")
            after = page.next_key
            if after is None:
                return

    return asyncio.run(run_with_ledger(location, print_users))


def reset(location: StorageLocation, name: str) -> int:
    """Revoke all credentials of a user, and clear the record of who could have used them."""

    async def revoke_credentials(ledger: SqlLedger) -> None:
        command = Command(actor=SYSTEM, at=utc_now(), note="Reset in the server's terminal.")
        await ledger.perform(partial(reset_user, name=name, command=command))
        sys.stderr.write(
            f"All credentials of {name} have been revoked. Now invite {name}: "
            f"gatepost-server users invite {name}\n"
        )

    return asyncio.run(run_with_ledger(location, revoke_credentials))


def disable(location: StorageLocation, name: str, *, force: bool = False) -> int:
    """Disable a user as of their next request; disable the last admin only with `force`."""

    async def disable_user(ledger: SqlLedger) -> None:
        user = await ledger.reads.user(name)
        await ledger.perform(
            lambda uow: change_user(
                uow,
                name,
                Command(actor=SYSTEM, at=utc_now()),
                grants=None,
                groups=None,
                disabled=True,
                revision=None,
                force=force,
            )
        )
        sys.stderr.write(
            f"The user {name} has been disabled; an admin can enable the user again.\n"
        )
        if user.is_admin and not await _has_admin(ledger):
            sys.stderr.write(
                "Warning: no enabled person has the admin role everywhere now, so nobody can "
                "manage people or settings. Add one: gatepost-server users add NAME --role admin\n"
            )

    return asyncio.run(run_with_ledger(location, disable_user))


def link(location: StorageLocation, name: str, account: Account) -> int:
    """Link an account at an identity provider to a user.

    Only former holders of the account are recorded as people who could have used it.
    """

    async def add_login_and_report(ledger: SqlLedger) -> None:
        def add_login(uow: UnitOfWork) -> User:
            user = uow.users.get(name)
            return change_user(
                uow,
                name,
                Command(actor=SYSTEM, at=utc_now()),
                grants=None,
                groups=None,
                disabled=None,
                revision=user.revision,
                accounts=(*(login.account for login in user.logins), account),
            )

        user = await ledger.perform(add_login)
        sys.stderr.write(f"{account.account} at {account.issuer} is now a login of {user.name}.\n")

    return asyncio.run(run_with_ledger(location, add_login_and_report))


def _run_if_link_may_be_printed(
    location: StorageLocation,
    action: Callable[[SqlLedger], Awaitable[None]],
    *,
    print_link: bool,
) -> int:
    """Run an action that prints a link; refuse if stdout is no terminal, unless `print_link`."""
    if not print_link and not sys.stdout.isatty():
        sys.stderr.write(
            "The link is printed only to a terminal, because it signs in anyone who reads it; to "
            "print it anyway, add --print-link.\n"
        )
        return 1
    return asyncio.run(run_with_ledger(location, action))


def _describe(user: User) -> str:
    roles = ", ".join(dict.fromkeys(grant.role for grant in user.grants)) or "read only"
    groups = f"  groups: {', '.join(user.groups)}" if user.groups else ""
    shown = "" if user.display_name is None else f"  shown as {user.display_name}"
    former = "" if user.former_name is None else f"  formerly {user.former_name!a}"
    disabled = "  disabled" if user.disabled else ""
    return f"{user.name}  {user.kind}  {roles}{groups}{shown}{former}{disabled}"


async def create_sign_in_link_url(ledger: Ledger, name: str, url: str) -> str:
    """Return a one-time link to the server at `url` that signs a browser in as the user.

    Raises:
        NotFound: there is no such user.
    """
    secret = generate_secret(LINK_PREFIX)
    new_token = NewToken(id=new_id(), digest=secret_digest(secret))
    await ledger.perform(partial(create_sign_in_link, name=name, new_token=new_token, at=utc_now()))
    return f"{browser_url(url)}/sign-in?link={secret}"


async def run_with_ledger(
    location: StorageLocation, action: Callable[[SqlLedger], Awaitable[None]]
) -> int:
    """Run an action on the ledger, print the refusal if there is one, and return the exit code."""
    try:
        async with open_ledger(location) as ledger:
            await action(ledger)
    except LastAdmin as refusal:
        sys.stderr.write(f"{refusal} To disable the user anyway, add --force.\n")
        return 1
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


async def _ensure_user_and_print_new_token(ledger: SqlLedger, user: User, label: str) -> None:
    secret, at = generate_token_secret(user.kind), utc_now()
    await ensure_user_with_token(
        ledger,
        ledger.reads,
        user,
        secret,
        label=label,
        expires_at=at + TOKEN_LIFETIME,
        at=at,
        new_id=new_id,
    )
    sys.stdout.write(f"{secret}\n")
    sys.stderr.write(
        f"Token for {user.name}; expires in {TOKEN_LIFETIME.days} days. It cannot be shown again. "
        "Its holder should replace it with a token of their own.\n"
    )


async def _find_user(ledger: SqlLedger, name: str) -> User:
    """Return the user with this current or former name."""
    former_names = await ledger.reads.former_name_by_user()
    renamed = (user for user, former in former_names.items() if former == name)
    return await ledger.reads.user(next(renamed, name))


async def _has_admin(ledger: SqlLedger) -> bool:
    return bool(await ledger.perform(lambda uow: uow.users.list_admins()))


async def _user_exists(ledger: SqlLedger, name: str) -> bool:
    try:
        await ledger.reads.user(name)
    except NotFound:
        return False
    return True
