"""Things to test with, complete and plain unless told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from gatepost_domain.access.actor import Actor, Identity, normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Token, User, UserKind
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
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def an_id() -> UUID:
    """An id that no other call has given, the later the greater."""
    return UUID(int=(7 << 76) + next(_numbers))


class AllGroups(frozenset[str]):
    """Membership of whatever group a rule may ask for."""

    def __contains__(self, group: object) -> bool:
        return True


def an_actor(
    name: str = "ada",
    *,
    groups: Iterable[str] | None = None,
    roles: Iterable[Role] = tuple(Role),
    **changes: Any,
) -> Actor:
    """Somebody with every role and in every group, or those named, by a token of their own."""
    whole: dict[str, Any] = {
        "name": name,
        "identity": Identity(human=normalize_name(name)),
        "groups": AllGroups() if groups is None else frozenset(groups),
        "grants": tuple(Grant(role=role) for role in roles),
    }
    return Actor(**(whole | changes))


def a_command(
    actor: Actor | str = "ada", *, at: datetime = NOON, note: str | None = None
) -> Command:
    """Somebody's wish, at noon."""
    return Command(actor=an_actor(actor) if isinstance(actor, str) else actor, at=at, note=note)


def a_stage(name: str, *rules: ApprovalRule) -> ApprovalStage:
    """A stage of the rules given, or of one approval by the group of its name."""
    return ApprovalStage(name=name, rules=rules or (ApprovalRule(group=name),))


def a_policy(*stages: ApprovalStage, **changes: Any) -> Policy:
    """A policy of these stages; nothing to approve if there are none."""
    return Policy(approval_stages=stages, **changes)


QA_THEN_DEVOPS = a_policy(a_stage("qa"), a_stage("devops"))


def a_request(**changes: Any) -> DeploymentRequest:
    """A complete request for shop 1.0.0 in production."""
    whole: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "work_references": ("SHOP-1",),
        "rollback_plan": "Redeploy the version before.",
        "risk": "Checkout may be slow for a minute.",
    }
    return DeploymentRequest(**(whole | changes))


def creation_terms(**changes: Any) -> CreationContext:
    """What a deployment is asked for under in production, where qa and then devops review."""
    whole: dict[str, Any] = {
        "id": an_id(),
        "number": 1,
        "tier": Tier.PRODUCTION,
        "artifact_digest": None,
        "policy": QA_THEN_DEVOPS,
        "policy_version": 1,
    }
    return CreationContext(**(whole | changes))


def a_deployment(
    *,
    policy: Policy = QA_THEN_DEVOPS,
    tier: Tier = Tier.PRODUCTION,
    number: int = 1,
    requester: Actor | str = "ada",
    **changes: Any,
) -> Deployment:
    """A deployment that has just been asked for, by ada unless told otherwise."""
    terms = creation_terms(number=number, tier=tier, policy=policy)
    deployment, _ = creation.create_requested(a_request(**changes), a_command(requester), terms)
    return deployment


def an_event(kind: EventKind = EventKind.SERVICE_REGISTERED, **changes: Any) -> Event:
    """Something that ada did at noon, of no deployment unless told otherwise."""
    whole: dict[str, Any] = {"kind": kind, "actor": "ada", "at": NOON}
    return Event(**(whole | changes))


def a_service(name: str = "shop", **changes: Any) -> Service:
    """A service of the team."""
    whole: dict[str, Any] = {
        "name": name,
        "team": "team",
        "repo_url": f"https://git.example/{name}",
        "display_name": name,
        "description": None,
        "created_at": NOON,
        "created_by": "owner",
    }
    return Service(**(whole | changes))


def a_version(version: str = "1.0.0", *, service: str = "shop", **changes: Any) -> Version:
    """A build of the shop of which only the name is known."""
    whole: dict[str, Any] = {
        "service": service,
        "version": version,
        "commit_sha": None,
        "committed_at": None,
        "artifact_digest": None,
        "notes": None,
        "created_at": NOON,
        "created_by": "owner",
    }
    return Version(**(whole | changes))


def an_environment(
    name: str = "production", *, tier: Tier = Tier.PRODUCTION, **changes: Any
) -> Environment:
    """An environment in the first version of its policy, at its tier's rank."""
    whole: dict[str, Any] = {
        "name": name,
        "display_name": name,
        "tier": tier,
        "rank": DEFAULT_RANKS[tier],
        "policy_version": 1,
        "created_at": NOON,
        "created_by": "owner",
    }
    return Environment(**(whole | changes))


def a_user(name: str = "ada", **changes: Any) -> User:
    """A person who may nothing but read."""
    whole: dict[str, Any] = {
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
    return User(**(whole | changes))


def a_token(user: str = "ada", **changes: Any) -> Token:
    """A token that its user had made, for all they may do and for ever."""
    token = an_id()
    whole: dict[str, Any] = {
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
    return Token(**(whole | changes))


async def create_catalog(
    ledger: Ledger,
    *,
    services: Iterable[str] = ("shop",),
    versions: Iterable[str] = ("1.0.0",),
    policies: dict[str, tuple[Tier, Policy]] | None = None,
) -> None:
    """Register services with their versions, and environments with their policies.

    Without policies there is production, which asks qa and then devops, and development.
    """
    command = a_command("owner")
    places = policies or {
        "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
        "development": (Tier.DEVELOPMENT, DEFAULT_POLICIES[Tier.DEVELOPMENT]),
    }
    for name, (tier, policy) in places.items():
        environment = an_environment(name, tier=tier)
        await ledger.perform(
            partial(
                create_environment,
                environment=environment,
                policy=policy,
                command=command,
                planned=places,
            )
        )
    for name in services:
        await ledger.perform(partial(register_service, service=a_service(name), command=command))
        for number in versions:
            version = a_version(number, service=name)
            await ledger.perform(partial(register_version, version=version, command=command))
