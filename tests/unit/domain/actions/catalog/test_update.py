"""Changing, archiving and unarchiving services and environments."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.catalog import create, update
from gatepost_domain.catalog.environment import Environment, EnvironmentChange
from gatepost_domain.catalog.service import ContractsDigest, Service, ServiceChange
from gatepost_domain.errors import NotFound, ResourceArchived, StaleRevision
from gatepost_domain.event import EventKind
from tests.support.builders import (
    NOON,
    a_command,
    a_service,
    a_version,
    an_actor,
    an_environment,
    create_catalog,
)
from tests.support.domain.actions import all_entries, request_deployment
from tests.support.memory.ledger import InMemoryLedger

LATER = NOON + timedelta(hours=1)
ARCHIVE = ServiceChange(archived=True)


def sealed(service: Service, environments: tuple[Environment, ...]) -> ContractsDigest:
    """Return a contracts digest that depends on the team and the environment names."""
    names = ",".join(environment.name for environment in environments)
    return ContractsDigest(template_version="7", digest=f"{service.team} in {names}")


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with shop 1.0.0, production and development."""
    known = InMemoryLedger()
    await create_catalog(known)
    return known


async def change(
    ledger: InMemoryLedger,
    what: ServiceChange,
    *,
    by: Actor | str = "owner",
    name: str = "shop",
    revision: int | None = None,
) -> Service:
    """Change a service one hour after its creation."""
    return await ledger.perform(
        lambda uow: update.change_service(
            uow, name, what, a_command(by, at=LATER), revision=revision, digest_contracts=sealed
        )
    )


async def change_place(
    ledger: InMemoryLedger, what: EnvironmentChange, *, revision: int | None = None
) -> Environment:
    """Change the environment production one hour after its creation."""
    command = a_command("owner", at=LATER)
    return await ledger.perform(
        lambda uow: update.change_environment(uow, "production", what, command, revision=revision)
    )


async def test_unknown_service_cannot_be_changed(ledger: InMemoryLedger) -> None:
    """The change is refused because the service does not exist."""
    with pytest.raises(NotFound):
        await change(ledger, ARCHIVE, name="nowhere")


@pytest.mark.parametrize(
    ("role", "what"),
    [
        (Role.REQUESTER, ARCHIVE),
        (Role.REQUESTER, ServiceChange(archived=False)),
        (Role.OPERATOR, ServiceChange(team="others")),
        (Role.ADMIN, ServiceChange(team="others", archived=True)),
        (Role.VIEWER, ServiceChange()),
    ],
)
async def test_each_part_of_a_change_requires_its_right(
    ledger: InMemoryLedger, role: Role, what: ServiceChange
) -> None:
    """If any right is missing, nothing changes and the attempt is recorded."""
    with pytest.raises(Forbidden):
        await change(ledger, what, by=an_actor("mo", roles=[role]))

    assert await ledger.service("shop") == a_service()
    assert (await all_entries(ledger))[-1].event.kind is EventKind.ACCESS_DENIED


async def test_change_of_an_old_revision_is_stale(ledger: InMemoryLedger) -> None:
    """A change based on an outdated revision is refused and overwrites nothing."""
    await change(ledger, ServiceChange(team="others"))
    await change_place(ledger, EnvironmentChange(rank=5))

    with pytest.raises(StaleRevision):
        await change(ledger, ARCHIVE, revision=1)
    with pytest.raises(StaleRevision):
        await change_place(ledger, EnvironmentChange(archived=True), revision=1)


async def test_archived_service_accepts_no_versions_and_requests(ledger: InMemoryLedger) -> None:
    """Versions and requests are refused until the service is unarchived."""
    await change(ledger, ARCHIVE)

    with pytest.raises(ResourceArchived, match="The service shop is archived") as refusal:
        await request_deployment(ledger)
    with pytest.raises(ResourceArchived):
        await ledger.perform(
            lambda uow: create.register_version(uow, a_version("2"), a_command("owner"))
        )

    assert (refusal.value.code, refusal.value.kind) == ("service_archived", "service")
    await change(ledger, ServiceChange(archived=False))
    await request_deployment(ledger)


async def test_archived_environment_accepts_no_requests(ledger: InMemoryLedger) -> None:
    """Requests are refused until the environment is unarchived."""
    await change_place(ledger, EnvironmentChange(archived=True))

    with pytest.raises(ResourceArchived, match="The environment production is archived"):
        await request_deployment(ledger)

    await change_place(ledger, EnvironmentChange(archived=False))
    await request_deployment(ledger)


async def test_omitted_fields_are_unchanged(ledger: InMemoryLedger) -> None:
    """An empty change creates a new revision but changes nothing else."""
    assert await change(ledger, ServiceChange()) == a_service(revision=2)
    assert await change_place(ledger, EnvironmentChange()) == an_environment(revision=2)


async def test_archiving_again_keeps_the_archive_time(ledger: InMemoryLedger) -> None:
    """The time of the first archiving is kept."""
    first = await change(ledger, ARCHIVE)
    command = a_command("owner", at=LATER + timedelta(days=1))

    second = await ledger.perform(
        lambda uow: update.change_service(uow, "shop", ARCHIVE, command, revision=2)
    )

    assert first.archived_at == LATER
    assert second == replace(first, revision=3)


async def test_change_event_has_contracts_and_previous_digest(ledger: InMemoryLedger) -> None:
    """The event contains the current contracts and the digest of the previous ones."""
    what = ServiceChange(team="others", description="Buy here.", archived=True)
    await change(ledger, what, revision=1)

    (*_, last) = await all_entries(ledger)
    assert last.event.kind is EventKind.SERVICE_CHANGED
    assert last.event.data == {
        "service": "shop",
        "team": "others",
        "repo_url": "https://git.example/shop",
        "display_name": "shop",
        "description": "Buy here.",
        "archived": True,
        "contracts": {"template_version": "7", "digest": "others in development,production"},
        "previous_digest": "team in development,production",
    }


async def test_registration_event_has_contracts(ledger: InMemoryLedger) -> None:
    """The contracts cover the active environments, and there is no previous digest."""
    await change_place(ledger, EnvironmentChange(archived=True))
    service, command = a_service("portal"), a_command("owner")

    await ledger.perform(
        lambda uow: create.register_service(uow, service, command, digest_contracts=sealed)
    )

    data = (await all_entries(ledger))[-1].event.data
    assert data["contracts"] == {"template_version": "7", "digest": "team in development"}
    assert "previous_digest" not in data


async def test_environment_change_event_has_the_new_state(ledger: InMemoryLedger) -> None:
    """The event contains all fields, including the tier, which cannot be changed."""
    changed = await change_place(ledger, EnvironmentChange(display_name="Live", rank=0))

    (*_, last) = await all_entries(ledger)
    assert changed == an_environment(display_name="Live", rank=0, revision=2)
    assert last.event.kind is EventKind.ENVIRONMENT_CHANGED
    assert last.event.data == {
        "environment": "production",
        "display_name": "Live",
        "tier": "production",
        "rank": 0,
        "archived": False,
    }
