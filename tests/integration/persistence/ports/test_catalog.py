"""Every ledger stores services, versions, environments and policies in the same way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.policy import ApprovalRule, ExecutionMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import EventKind
from tests.support.builders import (
    NOON,
    a_policy,
    a_service,
    a_stage,
    a_version,
    an_environment,
    an_event,
)
from tests.support.domain.actions import all_entries, all_events
from tests.support.storage.ledgers import AnyLedger

EVENT = an_event()
RICH = a_policy(
    a_stage("qa", ApprovalRule(group="qa", required=2), ApprovalRule(user="Zoë")),
    a_stage("last", ApprovalRule()),
    distinct_reviewers=False,
    reviewer_may_start=False,
    execution=ExecutionMode.WORKER,
    auto_start=True,
)


async def test_unknown_service_is_not_found(ledger: AnyLedger) -> None:
    """The error names the service, both in a transaction and in reads."""
    with pytest.raises(NotFound, match="There is no service shop"):
        await ledger.perform(lambda uow: uow.services.get("shop"))
    with pytest.raises(NotFound, match="There is no service shop"):
        await ledger.reads.service("shop")


async def test_service_name_is_unique(ledger: AnyLedger) -> None:
    """A refused duplicate adds neither a service nor an event."""
    await ledger.perform(lambda uow: uow.services.add(a_service(), EVENT))

    with pytest.raises(AlreadyExists, match="The service shop already exists"):
        await ledger.perform(lambda uow: uow.services.add(a_service(team="others"), EVENT))

    assert await ledger.reads.service("shop") == a_service()
    assert len(await all_entries(ledger.reads)) == 1


@pytest.mark.parametrize("description", [None, "", "Everything\nabout 買い物 — and more."])
async def test_service_is_stored_with_every_field(
    ledger: AnyLedger, description: str | None
) -> None:
    """Every field of the service is read back, and one event is added."""
    service = a_service(description=description, display_name="The Shop")

    await ledger.perform(lambda uow: uow.services.add(service, EVENT))

    assert await ledger.perform(lambda uow: uow.services.get("shop")) == service
    assert await ledger.reads.service("shop") == service
    assert await all_events(ledger.reads) == [EVENT]


async def test_version_is_unique_per_service(ledger: AnyLedger) -> None:
    """Versions never change, so a second version with the same name is refused."""
    await add_shop(ledger)
    await ledger.perform(lambda uow: uow.services.add_version(a_version(), EVENT))

    with pytest.raises(AlreadyExists, match=r"The version 1\.0\.0 already exists"):
        await ledger.perform(lambda uow: uow.services.add_version(a_version(notes="Again."), EVENT))

    assert (
        await ledger.perform(lambda uow: uow.services.find_version("shop", "1.0.0")) == a_version()
    )


async def test_version_belongs_to_one_service(ledger: AnyLedger) -> None:
    """Another service can have a version with the same name."""
    await add_shop(ledger)
    await ledger.perform(lambda uow: uow.services.add(a_service("portal"), EVENT))
    rich = a_version(
        "2.0.0-rc.1+ü",
        commit_sha="c0ffee",
        committed_at=NOON - timedelta(microseconds=1),
        artifact_digest="sha256:abc",
        notes="First.",
    )

    await ledger.perform(lambda uow: uow.services.add_version(rich, EVENT))

    name = rich.version
    assert await ledger.perform(lambda uow: uow.services.find_version("shop", name)) == rich
    assert await ledger.perform(lambda uow: uow.services.find_version("portal", name)) is None
    assert await ledger.perform(lambda uow: uow.services.find_version("nowhere", name)) is None


async def test_unknown_environment_is_not_found(ledger: AnyLedger) -> None:
    """The error names the environment, both in a transaction and in reads."""
    with pytest.raises(NotFound, match="There is no environment moon"):
        await ledger.perform(lambda uow: uow.environments.get("moon"))
    with pytest.raises(NotFound, match="There is no environment moon"):
        await ledger.reads.environment("moon")


@pytest.mark.parametrize(("name", "version"), [("production", 2), ("production", 0), ("moon", 1)])
async def test_unknown_policy_version_is_not_found(
    ledger: AnyLedger, name: str, version: int
) -> None:
    """The error names the environment and the version."""
    await add_production(ledger)

    with pytest.raises(NotFound) as refused:
        await ledger.reads.policy(name, version)

    assert str(refused.value) == f"There is no policy {name} version {version}."


async def test_environment_name_is_unique(ledger: AnyLedger) -> None:
    """A refused duplicate adds no environment, policy or event."""
    await add_production(ledger)
    duplicate = an_environment(tier=Tier.TEST)

    with pytest.raises(AlreadyExists, match="The environment production already exists"):
        await ledger.perform(lambda uow: uow.environments.add(duplicate, Policy(), EVENT))

    assert (await ledger.reads.environment("production")).tier is Tier.PRODUCTION
    assert (await ledger.reads.policy("production", 1)).policy == RICH
    assert len(await all_entries(ledger.reads)) == 1


@pytest.mark.parametrize(("name", "version"), [("production", 1), ("production", 3), ("moon", 2)])
async def test_policy_is_changed_only_to_the_next_version(
    ledger: AnyLedger, name: str, version: int
) -> None:
    """Changing an older policy or the policy of an unknown environment is refused."""
    await add_production(ledger)
    changed = a_policy_version(version, environment=name)

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.environments.change_policy(changed, EVENT))

    assert (refused.value.kind, refused.value.name) == ("environment", name)
    assert (await ledger.reads.environment("production")).policy_version == 1
    assert len(await all_entries(ledger.reads)) == 1


async def test_environment_is_stored_with_its_first_policy(ledger: AnyLedger) -> None:
    """Every rule of the policy is stored."""
    environment = an_environment(display_name="Prod", rank=7)

    await ledger.perform(lambda uow: uow.environments.add(environment, RICH, EVENT))

    assert await ledger.perform(lambda uow: uow.environments.get("production")) == environment
    assert await ledger.perform(lambda uow: uow.environments.policy("production", 1)) == RICH
    assert await ledger.reads.environment("production") == environment
    assert await ledger.reads.policy("production", 1) == PolicyVersion(
        environment="production", version=1, policy=RICH, created_at=NOON, created_by="owner"
    )
    assert await all_events(ledger.reads) == [EVENT]


async def test_new_policy_version_is_current_and_old_ones_stay_readable(
    ledger: AnyLedger,
) -> None:
    """The environment has version 2, and both versions of the policy can be read."""
    await add_production(ledger)
    changed = a_policy_version(2)
    event = an_event(EventKind.POLICY_CHANGED, data={"policy_version": 2})

    await ledger.perform(lambda uow: uow.environments.change_policy(changed, event))

    assert await ledger.reads.environment("production") == replace(
        an_environment(), policy_version=2, revision=2
    )
    for _ in range(2):
        assert (await ledger.reads.policy("production", 1)).policy == RICH
        assert await ledger.reads.policy("production", 2) == changed
    assert (await all_events(ledger.reads))[-1] == event


def a_policy_version(version: int, *, environment: str = "production") -> PolicyVersion:
    return PolicyVersion(
        environment=environment,
        version=version,
        policy=a_policy(a_stage("qa")),
        created_at=NOON + timedelta(hours=1),
        created_by="ada",
    )


async def add_shop(ledger: AnyLedger) -> None:
    await ledger.perform(lambda uow: uow.services.add(a_service(), EVENT))


async def add_production(ledger: AnyLedger) -> None:
    await ledger.perform(lambda uow: uow.environments.add(an_environment(), RICH, EVENT))
