"""`gatepost-server demo`: creates users for each role, a service and a request pending approval."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.catalog.services.contract_files import generate_contracts_digest
from gatepost_api.server.bootstrap import (
    build_user,
    create_default_environments,
    create_default_users,
    ensure_user_with_token,
)
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.storage import open_ledger, storage_for
from gatepost_api.settings.server import StorageLocation
from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind, to_actor
from gatepost_domain.actions.catalog.create import register_service, register_version
from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.actions.tracking.record import ExternalDeployment, record_deployment
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.deployments.deployment import DeploymentRequest, format_number
from gatepost_domain.errors import AlreadyExists
from gatepost_persistence.ledger.sql_ledger import SqlLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """A demo user."""

    description: str
    roles: tuple[Role, ...]
    groups: tuple[str, ...] = ()


DEMO_USERS: Final[Mapping[str, DemoUser]] = {
    "ada": DemoUser(description="requests deployments", roles=(Role.REQUESTER,)),
    "quinn": DemoUser(description="reviews for qa", roles=(Role.REVIEWER,), groups=("qa",)),
    "devin": DemoUser(description="reviews for devops", roles=(Role.REVIEWER,), groups=("devops",)),
    "olga": DemoUser(description="starts deployments and reports outcomes", roles=(Role.OPERATOR,)),
    "emma": DemoUser(description="is on call and can use break-glass", roles=(Role.EMERGENCY,)),
}
SERVICE: Final = "shop"
VERSIONS: Final = ("1.4.1", "1.4.2")
COMMIT_AGES: Final = {"1.4.1": timedelta(days=10), "1.4.2": timedelta(hours=5)}
"""How long ago each version was committed; more than the age of its first deployment."""
NOTES: Final = {
    "1.4.1": "Updates the dependencies.",
    "1.4.2": "Fixes the rounding of prices.",
}
PAST_DEPLOYMENTS: Final = (
    ("1.4.1", "test", timedelta(days=9)),
    ("1.4.1", "production", timedelta(days=8)),
    ("1.4.2", "test", timedelta(hours=3)),
)
"""Past deployments and their age. `production` requires that the version succeeded in `test`."""


def seed_review_demo(location: StorageLocation, *, url: str) -> int:
    """Create users, a service and a request pending approval; return the exit code.

    This works whether or not the server is running, but only once per database. `url` is the
    address at which the server runs or will run.
    """
    return asyncio.run(_seed_review_demo(location, url))


async def _seed_review_demo(location: StorageLocation, url: str) -> int:
    at = utc_now()
    async with open_ledger(location) as ledger:
        try:
            async with ledger.exclusive_setup():
                await create_default_environments(ledger, ledger.reads, at=at)
                await create_default_users(
                    ledger, ledger.reads, location.data, at=at, new_id=new_id
                )
            await register_service_with_versions(ledger, SERVICE, VERSIONS, at)
            tokens = await create_demo_users(ledger, at)
            await _record_past_deployments(ledger, at, token=tokens["olga"])
            deployment_number = await request_deployment_as(
                ledger, at, "production", token=tokens["ada"]
            )
        except AlreadyExists:
            sys.stderr.write(
                f"{storage_for(location)} already contains the demo, or a service {SERVICE}; use "
                "another data folder or database.\n"
            )
            return 1
    _print_instructions(tokens, deployment_number, url)
    return 0


async def register_service_with_versions(
    ledger: SqlLedger, name: str, versions: Sequence[str], at: datetime
) -> None:
    """Register a service and its versions, each with its own invented commit.

    Raises:
        AlreadyExists: the service exists.
    """
    command = Command(actor=SYSTEM, at=at)
    service = Service(
        name=name,
        team="checkout",
        repo_url=f"https://git.example/checkout/{name}",
        display_name=name.capitalize(),
        description=None,
        created_at=at,
        created_by=SYSTEM.name,
    )
    await ledger.perform(
        partial(
            register_service,
            service=service,
            command=command,
            digest_contracts=generate_contracts_digest,
        )
    )
    for version_name in versions:
        version = Version(
            service=name,
            version=version_name,
            commit_sha=sha256(f"{name} {version_name}".encode()).hexdigest()[:40],
            committed_at=at - COMMIT_AGES[version_name],
            artifact_digest=None,
            notes=NOTES[version_name],
            created_at=at,
            created_by=SYSTEM.name,
        )
        await ledger.perform(partial(register_version, version=version, command=command))


async def _record_past_deployments(ledger: SqlLedger, at: datetime, *, token: str) -> None:
    """Record the past deployments as an operator; only records by operators count."""
    command = Command(actor=await _find_actor(ledger, token), at=at)
    for version, environment, age in PAST_DEPLOYMENTS:
        record = ExternalDeployment(
            service=SERVICE, environment=environment, version=version, deployed_at=at - age
        )
        await ledger.perform(
            partial(record_deployment, deployment=record, command=command, id=new_id())
        )


async def create_demo_users(ledger: SqlLedger, at: datetime) -> dict[str, str]:
    """Create the demo users, each with a token, and return the tokens by name."""
    return {
        name: await _create_demo_user(ledger, name, demo_user, at)
        for name, demo_user in DEMO_USERS.items()
    }


async def _create_demo_user(ledger: SqlLedger, name: str, demo_user: DemoUser, at: datetime) -> str:
    secret = generate_token_secret(UserKind.HUMAN)
    user = build_user(name, UserKind.HUMAN, roles=demo_user.roles, groups=demo_user.groups, at=at)
    await ensure_user_with_token(
        ledger, ledger.reads, user, secret, label="demonstration", at=at, new_id=new_id
    )
    return secret


async def request_deployment_as(
    ledger: SqlLedger, at: datetime, environment: str, *, token: str, service: str = SERVICE
) -> str:
    """Request the latest version as a token's holder, and return the deployment's number."""
    actor = await _find_actor(ledger, token)
    deployment_request = DeploymentRequest(
        service=service,
        environment=environment,
        version=VERSIONS[-1],
        work_references=("SHOP-812",),
        rollback_plan=f"Redeploy {VERSIONS[0]}.",
        risk="Checkout may be slow for a minute.",
    )
    deployment = await ledger.perform(
        partial(
            request_deployment,
            request=deployment_request,
            command=Command(actor=actor, at=at),
            id=new_id(),
            new_id=new_id,
        )
    )
    return format_number(deployment.number)


async def _find_actor(ledger: SqlLedger, token: str) -> Actor:
    user_and_token = await ledger.reads.find_token_holder(secret_digest(token))
    if user_and_token is None:  # pragma: no cover  # the token was created before
        raise AssertionError(token)
    return to_actor(*user_and_token)


def _print_instructions(tokens: Mapping[str, str], deployment_number: str, url: str) -> None:
    sys.stdout.write(
        f"# {deployment_number} ({SERVICE} {VERSIONS[-1]} to production) is waiting for approval.\n"
    )
    print_tokens(tokens)
    sys.stdout.write(
        f"""
# Paste the lines above. Ada cannot approve her own request; the denied attempt is recorded:
curl -X POST -H "Authorization: Bearer $ADA" \\
  {url}/api/v1/deployments/{deployment_number}/approve
# Approve with $QUINN, then with $DEVIN; $OLGA can then start it. /docs lists all operations.
"""
    )


def print_tokens(tokens: Mapping[str, str]) -> None:
    """Print an export line for each user's token, to be pasted into a shell."""
    for name, demo_user in DEMO_USERS.items():
        sys.stdout.write(f"export {name.upper()}={tokens[name]}  # {demo_user.description}\n")
