"""Registering services, versions and environments."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from gatepost_domain.actions.catalog import create
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import AlreadyExists, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_service,
    a_stage,
    a_version,
    an_environment,
    create_catalog,
)
from tests.support.domain.actions import all_entries
from tests.support.memory.ledger import InMemoryLedger

OWNER = a_command("owner", note="As agreed.")
IMPOSSIBLE = a_policy(a_stage("qa", ApprovalRule(required=0)))


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with shop 1.0.0, production and development."""
    known = InMemoryLedger()
    await create_catalog(known)
    return known


async def test_service_with_an_invalid_name_is_refused(ledger: InMemoryLedger) -> None:
    """A name that is not a DNS label, such as `My Shop`, is refused."""
    with pytest.raises(ValidationFailed) as refusal:
        await ledger.perform(lambda w: create.register_service(w, a_service("My Shop"), OWNER))

    assert refusal.value.code == "bad_name"


async def test_duplicate_service_is_refused(ledger: InMemoryLedger) -> None:
    """The existing service remains unchanged."""
    other = a_service("shop", team="others")

    with pytest.raises(AlreadyExists) as refusal:
        await ledger.perform(lambda uow: create.register_service(uow, other, OWNER))

    assert (refusal.value.code, str(refusal.value)) == (
        "service_exists",
        "The service shop already exists.",
    )
    assert (await ledger.service("shop")).team == "team"


async def test_version_of_an_unknown_service_is_refused(ledger: InMemoryLedger) -> None:
    """A version can only be registered for an existing service."""
    with pytest.raises(NotFound) as refusal:
        await ledger.perform(
            lambda uow: create.register_version(uow, a_version(service="nowhere"), OWNER)
        )

    assert (refusal.value.code, str(refusal.value)) == (
        "unknown_service",
        "There is no service nowhere.",
    )


async def test_version_can_be_registered_once(ledger: InMemoryLedger) -> None:
    """Registering the same version again is refused because versions are immutable."""
    again = a_version(notes="Rebuilt.")

    with pytest.raises(AlreadyExists) as refusal:
        await ledger.perform(lambda uow: create.register_version(uow, again, OWNER))

    assert refusal.value.code == "version_exists"


async def test_environment_with_an_invalid_name_is_refused(ledger: InMemoryLedger) -> None:
    """A name that is not a DNS label, such as `Production!`, is refused."""
    bad = an_environment("Production!")

    with pytest.raises(ValidationFailed) as refusal:
        await ledger.perform(lambda uow: create.create_environment(uow, bad, QA_THEN_DEVOPS, OWNER))

    assert refusal.value.code == "bad_name"


async def test_duplicate_environment_is_refused(ledger: InMemoryLedger) -> None:
    """The existing environment keeps its tier and policy."""
    other = an_environment("production", tier=Tier.TEST)

    with pytest.raises(AlreadyExists) as refusal:
        await ledger.perform(lambda uow: create.create_environment(uow, other, Policy(), OWNER))

    assert refusal.value.code == "environment_exists"
    assert (await ledger.policy("production", 1)).policy == QA_THEN_DEVOPS


async def test_environment_with_an_impossible_policy_is_refused(ledger: InMemoryLedger) -> None:
    """A policy whose approval rules cannot be satisfied is refused."""
    with pytest.raises(ValidationFailed) as refusal:
        await ledger.perform(
            lambda uow: create.create_environment(uow, an_environment("qa"), IMPOSSIBLE, OWNER)
        )

    assert refusal.value.code == "impossible_rule"


async def test_registration_event_has_all_service_fields(ledger: InMemoryLedger) -> None:
    """The event contains the complete state of the service at that time."""
    service = a_service("portal", description="For customers.")

    assert await ledger.perform(lambda w: create.register_service(w, service, OWNER)) == service
    (*_, last) = await all_entries(ledger)
    assert (last.event.kind, last.event.actor) == (EventKind.SERVICE_REGISTERED, "owner")
    assert (last.event.deployment_id, last.event.note) == (None, "As agreed.")
    assert last.event.data == {
        "service": "portal",
        "team": "team",
        "repo_url": "https://git.example/portal",
        "display_name": "portal",
        "description": "For customers.",
    }


@pytest.mark.parametrize(
    ("committed_at", "recorded"),
    [(None, None), (datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20T00:00:00.000000Z")],
)
async def test_version_event_has_commit_and_artifact(
    ledger: InMemoryLedger, committed_at: datetime | None, recorded: str | None
) -> None:
    """The event contains the commit, the artifact and the commit time in canonical format."""
    version = a_version(
        "2.0.0", commit_sha="c0ffee", committed_at=committed_at, artifact_digest="sha256:abc"
    )

    await ledger.perform(lambda uow: create.register_version(uow, version, OWNER))

    (*_, last) = await all_entries(ledger)
    assert last.event.kind is EventKind.VERSION_REGISTERED
    assert last.event.data == {
        "service": "shop",
        "version": "2.0.0",
        "commit_sha": "c0ffee",
        "committed_at": recorded,
        "artifact_digest": "sha256:abc",
        "notes": None,
    }


async def test_environment_event_has_its_first_policy(ledger: InMemoryLedger) -> None:
    """The event that creates an environment contains its initial policy."""
    environment = an_environment("staging", tier=Tier.STAGING)

    await ledger.perform(
        lambda uow: create.create_environment(uow, environment, QA_THEN_DEVOPS, OWNER)
    )

    (*_, last) = await all_entries(ledger)
    assert last.event.kind is EventKind.ENVIRONMENT_CREATED
    assert last.event.data == {
        "environment": "staging",
        "display_name": "staging",
        "tier": "staging",
        "rank": 30,
        "policy_version": 1,
        "policy": asdict(QA_THEN_DEVOPS),
    }
