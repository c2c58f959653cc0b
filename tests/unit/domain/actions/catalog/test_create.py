"""Registering services, versions and environments, and changing a policy."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from gatepost_domain.actions.catalog import create
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import AlreadyExists, NotFound, StaleRevision, ValidationFailed
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
    """A ledger that knows shop 1.0.0, production and development."""
    known = InMemoryLedger()
    await create_catalog(known)
    return known


async def test_a_service_with_a_bad_name_is_refused(ledger: InMemoryLedger) -> None:
    """A name that could not stand in an address is no name."""
    with pytest.raises(ValidationFailed) as refused:
        await ledger.perform(lambda w: create.register_service(w, a_service("My Shop"), OWNER))

    assert refused.value.code == "bad_name"


async def test_a_service_whose_name_is_taken_is_refused(ledger: InMemoryLedger) -> None:
    """What holds the name is untouched."""
    other = a_service("shop", team="others")

    with pytest.raises(AlreadyExists) as refused:
        await ledger.perform(lambda uow: create.register_service(uow, other, OWNER))

    assert (refused.value.code, str(refused.value)) == (
        "service_exists",
        "The service shop already exists.",
    )
    assert (await ledger.service("shop")).team == "team"


async def test_a_version_of_an_unknown_service_is_refused(ledger: InMemoryLedger) -> None:
    """Versions belong to services."""
    with pytest.raises(NotFound) as refused:
        await ledger.perform(
            lambda uow: create.register_version(uow, a_version(service="nowhere"), OWNER)
        )

    assert (refused.value.code, str(refused.value)) == (
        "unknown_service",
        "There is no service nowhere.",
    )


async def test_a_version_is_registered_once(ledger: InMemoryLedger) -> None:
    """A version is immutable: to register it again is refused."""
    again = a_version(notes="Rebuilt.")

    with pytest.raises(AlreadyExists) as refused:
        await ledger.perform(lambda uow: create.register_version(uow, again, OWNER))

    assert refused.value.code == "version_exists"


async def test_an_environment_with_a_bad_name_is_refused(ledger: InMemoryLedger) -> None:
    """As for services."""
    bad = an_environment("Production!")

    with pytest.raises(ValidationFailed) as refused:
        await ledger.perform(lambda uow: create.create_environment(uow, bad, QA_THEN_DEVOPS, OWNER))

    assert refused.value.code == "bad_name"


async def test_an_environment_whose_name_is_taken_is_refused(ledger: InMemoryLedger) -> None:
    """What holds the name keeps its tier and its policy."""
    other = an_environment("production", tier=Tier.TEST)

    with pytest.raises(AlreadyExists) as refused:
        await ledger.perform(lambda uow: create.create_environment(uow, other, Policy(), OWNER))

    assert refused.value.code == "environment_exists"
    assert (await ledger.policy("production", 1)).policy == QA_THEN_DEVOPS


async def test_an_impossible_policy_is_refused_from_the_start(ledger: InMemoryLedger) -> None:
    """No environment is made whose deployments could never be approved."""
    with pytest.raises(ValidationFailed) as refused:
        await ledger.perform(
            lambda uow: create.create_environment(uow, an_environment("qa"), IMPOSSIBLE, OWNER)
        )

    assert refused.value.code == "impossible_rule"


async def test_the_policy_of_an_unknown_environment_cannot_be_changed(
    ledger: InMemoryLedger,
) -> None:
    """There is none to change."""
    with pytest.raises(NotFound) as refused:
        await ledger.perform(
            lambda uow: create.change_policy(uow, "nowhere", Policy(), OWNER, expected=None)
        )

    assert refused.value.code == "unknown_environment"


async def test_a_policy_changed_meanwhile_is_stale(ledger: InMemoryLedger) -> None:
    """Two people who edit one policy do not overwrite each other."""
    await changed(ledger, a_policy(), expected=1)

    with pytest.raises(StaleRevision) as refused:
        await changed(ledger, a_policy(a_stage("qa")), expected=1)

    assert (refused.value.expected, refused.value.actual) == (1, 2)


async def test_an_impossible_policy_is_not_put_in_force(ledger: InMemoryLedger) -> None:
    """The one before stays in force."""
    with pytest.raises(ValidationFailed):
        await changed(ledger, IMPOSSIBLE, expected=None)

    assert (await ledger.environment("production")).policy_version == 1


async def test_a_registration_tells_all_that_was_registered(ledger: InMemoryLedger) -> None:
    """The event alone shows what the catalog said then."""
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
    ("committed_at", "told"),
    [(None, None), (datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20T00:00:00.000000Z")],
)
async def test_a_version_tells_where_it_comes_from(
    ledger: InMemoryLedger, committed_at: datetime | None, told: str | None
) -> None:
    """Commit and artifact are in the history, the time in its one form."""
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
        "committed_at": told,
        "artifact_digest": "sha256:abc",
        "notes": None,
    }


async def test_an_environment_tells_the_policy_it_begins_with(ledger: InMemoryLedger) -> None:
    """Its rules are in the history from the first day."""
    made = an_environment("staging", tier=Tier.STAGING)

    await ledger.perform(lambda uow: create.create_environment(uow, made, QA_THEN_DEVOPS, OWNER))

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


@pytest.mark.parametrize("expected", [None, 1])
async def test_a_new_policy_is_the_next_version(
    ledger: InMemoryLedger, expected: int | None
) -> None:
    """The versions before stay readable as they stood."""
    policy = a_policy(a_stage("qa"))

    version = await changed(ledger, policy, expected=expected)

    assert version == 2
    assert (await ledger.environment("production")).policy_version == 2
    assert [(await ledger.policy("production", each)).policy for each in (1, 2)] == [
        QA_THEN_DEVOPS,
        policy,
    ]
    (*_, last) = await all_entries(ledger)
    assert last.event.kind is EventKind.POLICY_CHANGED
    assert last.event.data == {
        "environment": "production",
        "policy_version": 2,
        "policy": asdict(policy),
    }


async def changed(ledger: InMemoryLedger, policy: Policy, *, expected: int | None) -> int:
    """The version that a new policy of production got."""
    kept = await ledger.perform(
        lambda uow: create.change_policy(uow, "production", policy, OWNER, expected=expected)
    )
    return kept.version
