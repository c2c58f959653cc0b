"""Builders of domain objects: complete and plain objects, whose fields a test can change.

A builder is named `a_` or `an_` and the object that it builds, so that a test reads like a
sentence: `a_deployment(requester="bo")`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from gatepost_domain.access.actor import Actor, normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Account, Token, User, UserKind
from gatepost_domain.actions.catalog.create import (
    create_environment,
    register_service,
    register_version,
)
from gatepost_domain.catalog.environment import DEFAULT_RANKS, Environment
from gatepost_domain.catalog.policy import DEFAULT_POLICIES, ApprovalRule, ApprovalStage, Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.event import Event, EventKind
from gatepost_domain.lifecycle import creation
from gatepost_domain.lifecycle.creation import CreationContext
from gatepost_domain.ports.unit_of_work import Ledger

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_numbers = count(1)


class FrozenClock:
    """A clock that only moves when a test moves it, or by `tick` at every call."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self.tick = timedelta()

    def __call__(self) -> datetime:
        self.at += self.tick
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def an_id() -> UUID:
    """Return a new id that is greater than all previous ones."""
    return UUID(int=(7 << 76) + next(_numbers))


class AllGroups(frozenset[str]):
    """Membership in every group."""

    def __contains__(self, group: object) -> bool:
        return True


def an_actor(
    name: str = "ada",
    *,
    groups: Iterable[str] | None = None,
    roles: Iterable[Role] = tuple(Role),
    **changes: Any,
) -> Actor:
    """Build an actor with every role and every group, unless `roles` or `groups` restrict it."""
    fields: dict[str, Any] = {
        "name": name,
        "identity": Identity(humans=(normalize_name(name),)),
        "groups": AllGroups() if groups is None else frozenset(groups),
        "grants": tuple(Grant(role=role) for role in roles),
    }
    return Actor(**(fields | changes))


def a_command(
    actor: Actor | str = "ada", *, at: datetime = NOON, note: str | None = None
) -> Command:
    """Build a command at noon."""
    return Command(actor=an_actor(actor) if isinstance(actor, str) else actor, at=at, note=note)


def a_stage(name: str, *rules: ApprovalRule) -> ApprovalStage:
    """Build a stage with these rules, by default one approval by the group with its name."""
    return ApprovalStage(name=name, rules=rules or (ApprovalRule(group=name),))


def a_policy(*stages: ApprovalStage, **changes: Any) -> Policy:
    """Build a policy with these stages. Without stages, no approval is required."""
    return Policy(approval_stages=stages, **changes)


QA_THEN_DEVOPS = a_policy(a_stage("qa"), a_stage("devops"))


def a_request(**changes: Any) -> DeploymentRequest:
    """Build a complete request for shop 1.0.0 in production."""
    fields: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "work_references": ("SHOP-1",),
        "rollback_plan": "Redeploy the version before.",
        "risk": "Checkout may be slow for a minute.",
    }
    return DeploymentRequest(**(fields | changes))


def creation_terms(**changes: Any) -> CreationContext:
    """Build the context of a request in production, with the stages qa and devops."""
    fields: dict[str, Any] = {
        "id": an_id(),
        "number": 1,
        "tier": Tier.PRODUCTION,
        "artifact_digest": None,
        "policy": QA_THEN_DEVOPS,
        "policy_version": 1,
    }
    return CreationContext(**(fields | changes))


def a_deployment(
    *,
    policy: Policy = QA_THEN_DEVOPS,
    tier: Tier = Tier.PRODUCTION,
    number: int = 1,
    requester: Actor | str = "ada",
    **changes: Any,
) -> Deployment:
    """Build a deployment that was just requested, by default by ada."""
    terms = creation_terms(number=number, tier=tier, policy=policy)
    deployment, _ = creation.create_requested(a_request(**changes), a_command(requester), terms)
    return deployment


def an_event(kind: EventKind = EventKind.SERVICE_REGISTERED, **changes: Any) -> Event:
    """Build an event by ada at noon, by default without a deployment."""
    fields: dict[str, Any] = {"kind": kind, "actor": "ada", "at": NOON}
    return Event(**(fields | changes))


def a_service(name: str = "shop", **changes: Any) -> Service:
    """Build a service of the team."""
    fields: dict[str, Any] = {
        "name": name,
        "team": "team",
        "repo_url": f"https://git.example/{name}",
        "display_name": name,
        "description": None,
        "created_at": NOON,
        "created_by": "owner",
    }
    return Service(**(fields | changes))


def a_version(version: str = "1.0.0", *, service: str = "shop", **changes: Any) -> Version:
    """Build a version of the shop that has only a name."""
    fields: dict[str, Any] = {
        "service": service,
        "version": version,
        "commit_sha": None,
        "committed_at": None,
        "artifact_digest": None,
        "notes": None,
        "created_at": NOON,
        "created_by": "owner",
    }
    return Version(**(fields | changes))


def an_environment(
    name: str = "production", *, tier: Tier = Tier.PRODUCTION, **changes: Any
) -> Environment:
    """Build an environment with the first version of its policy and the rank of its tier."""
    fields: dict[str, Any] = {
        "name": name,
        "display_name": name,
        "tier": tier,
        "rank": DEFAULT_RANKS[tier],
        "policy_version": 1,
        "created_at": NOON,
        "created_by": "owner",
    }
    return Environment(**(fields | changes))


def a_user(name: str = "ada", **changes: Any) -> User:
    """Build a user without grants, who has read access only."""
    fields: dict[str, Any] = {
        "name": name,
        "kind": UserKind.HUMAN,
        "human": normalize_name(name),
        "grants": (),
        "groups": (),
        "disabled": False,
        "created_at": NOON,
        "created_by": "owner",
        "revision": 1,
    }
    return User(**(fields | changes))


def an_account(subject: str) -> Account:
    """Build an account at an identity provider."""
    return Account.of_subject("https://idp.example", subject)


def a_token(user: str = "ada", **changes: Any) -> Token:
    """Build a user's token that has no scopes and no expiry."""
    token = an_id()
    fields: dict[str, Any] = {
        "id": token,
        "user": user,
        "issuer": normalize_name(user),
        "digest": f"{token.int:064x}",
        "label": None,
        "scopes": None,
        "created_at": NOON,
        "expires_at": None,
        "last_used_at": None,
        "revoked_at": None,
    }
    return Token(**(fields | changes))


def a_passkey(user: str = "ada", **changes: Any) -> Passkey:
    """Build a user's passkey that was never used."""
    passkey = an_id()
    fields: dict[str, Any] = {
        "id": passkey,
        "user": user,
        "credential_id": f"credential-{passkey.int:x}",
        "public_key": "pQECAyYgASFYIA",
        "sign_count": 0,
        "label": "laptop",
        "created_at": NOON,
        "last_used_at": None,
        "revoked_at": None,
    }
    return Passkey(**(fields | changes))


async def create_catalog(
    ledger: Ledger,
    *,
    services: Iterable[str] = ("shop",),
    versions: Iterable[str] = ("1.0.0",),
    policies: dict[str, tuple[Tier, Policy]] | None = None,
) -> None:
    """Register services with versions, and environments with policies.

    By default there are production, with the stages qa and devops, and development.
    """
    command = a_command("owner")
    environments = policies or {
        "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
        "development": (Tier.DEVELOPMENT, DEFAULT_POLICIES[Tier.DEVELOPMENT]),
    }
    for name, (tier, policy) in environments.items():
        environment = an_environment(name, tier=tier)
        await ledger.perform(
            partial(
                create_environment,
                environment=environment,
                policy=policy,
                command=command,
                planned=environments,
            )
        )
    for name in services:
        await ledger.perform(partial(register_service, service=a_service(name), command=command))
        for number in versions:
            version = a_version(number, service=name)
            await ledger.perform(partial(register_version, version=version, command=command))
