"""Creation of the default environments, users and local tokens of a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.setup_lock import hold_setup_lock_in_event_loop
from gatepost_api.server.token_files import (
    OWNER_TOKEN_FILE,
    move_secret,
    read_or_create_secret,
    replace_secret,
)
from gatepost_api.settings.server import WORKER_TOKEN_FILE, Settings
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.handles import fold_handle
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Token, User, UserKind
from gatepost_domain.actions.access.users import add_user, issue_token, revoke_token
from gatepost_domain.actions.catalog.create import create_environment
from gatepost_domain.catalog.environment import DEFAULT_RANKS, Environment
from gatepost_domain.catalog.policy import DEFAULT_POLICIES, ExecutionMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_persistence.ledger.sql_ledger import SqlLedger

OWNER: Final = "owner"
WORKER: Final = "worker"

LOCAL_TOKEN_FILES: Final[Mapping[str, str]] = {OWNER: OWNER_TOKEN_FILE, WORKER: WORKER_TOKEN_FILE}
"""The names of the token files by user. The worker's file can be in another folder."""

DEFAULT_ENVIRONMENTS: Final[Mapping[str, tuple[Tier, Policy]]] = {
    "test": (
        Tier.TEST,
        Policy(
            execution=ExecutionMode.WORKER,
            auto_start=True,
            promotes_to="production",
            auto_promote=True,
        ),
    ),
    "staging": (Tier.STAGING, DEFAULT_POLICIES[Tier.STAGING]),
    "production": (
        Tier.PRODUCTION,
        replace(DEFAULT_POLICIES[Tier.PRODUCTION], requires=("test",)),
    ),
}
"""In `test`, no approval is needed, workers deploy, and successful versions are promoted to
`production` automatically. `production` requires success in `test` and approval by `qa`, then
`devops`."""


async def create_defaults(ledger: SqlLedger, settings: Settings) -> None:
    """Create the default environments and users of a server that is about to listen."""
    at = utc_now()
    async with hold_setup_lock_in_event_loop(settings.location.data), ledger.exclusive_setup():
        await create_default_environments(ledger, ledger.reads, at=at)
        await create_default_users(
            ledger,
            ledger.reads,
            settings.location.data,
            at=at,
            new_id=new_id,
            lifetime_days=settings.local_token_days,
            worker_token=settings.location.worker_token,
        )


async def create_default_environments(ledger: Ledger, reads: ReadModel, *, at: datetime) -> None:
    """Create the environments test, staging and production if no environment exists."""
    if (await reads.environments(PageRequest(limit=1), archived=None)).items:
        return
    command = Command(actor=SYSTEM, at=at)
    for name, (tier, policy) in DEFAULT_ENVIRONMENTS.items():
        environment = Environment(
            name=name,
            display_name=name.capitalize(),
            tier=tier,
            rank=DEFAULT_RANKS[tier],
            policy_version=1,
            created_at=at,
            created_by=SYSTEM.name,
        )
        await ledger.perform(
            partial(
                create_environment,
                environment=environment,
                policy=policy,
                command=command,
                planned=DEFAULT_ENVIRONMENTS,
            )
        )


async def create_default_users(
    ledger: Ledger,
    reads: ReadModel,
    data: Path,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
    lifetime_days: int = 0,
    worker_token: Path | None = None,
) -> None:
    """Create the owner, who has every role, and the worker, each with a token in a file.

    The files are in the data folder, unless `worker_token` is the path to the worker's file.

    A deleted token file is created again with a new token. With `lifetime_days`, a token is
    replaced if it never expires, or if its remaining lifetime is longer than this number of days
    or less than a third of this number.
    """
    owner = build_user(OWNER, UserKind.HUMAN, roles=tuple(Role), groups=("qa", "devops"), at=at)
    worker = build_user(WORKER, UserKind.SERVICE, roles=(Role.WORKER,), groups=(), at=at)
    for user in (owner, worker):
        file = _token_file(data, user.name, worker_token)
        move_secret(data / LOCAL_TOKEN_FILES[user.name], file)
        secret = read_or_create_secret(file, user.kind)
        await ensure_user_with_token(
            ledger,
            reads,
            user,
            secret,
            label=LOCAL_TOKEN_FILES[user.name],
            at=at,
            new_id=new_id,
            expires_at=_expiry(at, lifetime_days),
        )
        holder = await reads.find_token_holder(secret_digest(secret))
        if lifetime_days and holder is not None and _is_rotation_due(holder[1], at, lifetime_days):
            await rotate_local_token(
                ledger,
                reads,
                data,
                user.name,
                lifetime_days=lifetime_days,
                at=at,
                new_id=new_id,
                worker_token=worker_token,
            )


async def rotate_local_token(
    ledger: Ledger,
    reads: ReadModel,
    data: Path,
    name: str,
    *,
    lifetime_days: int,
    at: datetime,
    new_id: Callable[[], UUID],
    worker_token: Path | None = None,
) -> None:
    """Replace the owner's or the worker's token in its file, and revoke the old one.

    The new token is stored before the file is replaced, and the old one is revoked last, so the
    file contains a valid token even after a failure.
    """
    user, file = await reads.user(name), _token_file(data, name, worker_token)
    old = file.read_text(encoding="ascii").strip() if file.exists() else ""
    secret = generate_token_secret(user.kind)
    await ensure_user_with_token(
        ledger,
        reads,
        user,
        secret,
        label=LOCAL_TOKEN_FILES[name],
        at=at,
        new_id=new_id,
        expires_at=_expiry(at, lifetime_days),
    )
    replace_secret(file, secret)
    holder = await reads.find_token_holder(secret_digest(old))
    if holder is not None:
        command = Command(actor=SYSTEM, at=at)
        await ledger.perform(
            partial(revoke_token, name=holder[0].name, token=holder[1].id, command=command)
        )


def _token_file(data: Path, name: str, worker_token: Path | None) -> Path:
    if name == WORKER and worker_token is not None:
        return worker_token
    return data / LOCAL_TOKEN_FILES[name]


def _expiry(at: datetime, lifetime_days: int) -> datetime | None:
    return at + timedelta(days=lifetime_days) if lifetime_days else None


def _is_rotation_due(token: Token, at: datetime, lifetime_days: int) -> bool:
    lifetime = timedelta(days=lifetime_days)
    if token.revoked_at is not None:
        return False
    return token.expires_at is None or not lifetime / 3 <= token.expires_at - at <= lifetime


async def ensure_user_with_token(
    ledger: Ledger,
    reads: ReadModel,
    user: User,
    secret: str,
    *,
    label: str,
    at: datetime,
    new_id: Callable[[], UUID],
    expires_at: datetime | None = None,
) -> None:
    """Create a user if the name is new, and store the secret as one of the user's tokens."""
    command = Command(actor=SYSTEM, at=at)
    try:
        await reads.user(user.name)
    except NotFound:
        await ledger.perform(partial(add_user, user=user, command=command))
    digest = secret_digest(secret)
    if await reads.find_token_holder(digest) is None:
        await ledger.perform(
            partial(
                issue_token,
                name=user.name,
                command=command,
                id=new_id(),
                digest=digest,
                label=label,
                scopes=None,
                expires_at=expires_at,
            )
        )


def build_user(
    name: str,
    kind: UserKind,
    *,
    roles: tuple[Role, ...],
    groups: tuple[str, ...],
    at: datetime,
) -> User:
    """Return a user created by Gatepost itself, with the given roles everywhere."""
    name = fold_handle(name)
    return User(
        name=name,
        kind=kind,
        human=name,
        grants=tuple(Grant(role=role) for role in roles),
        groups=groups,
        disabled=False,
        created_at=at,
        created_by=SYSTEM.name,
        revision=1,
    )
