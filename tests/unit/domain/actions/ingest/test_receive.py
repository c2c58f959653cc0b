"""Receiving deliveries: what is recorded, in whose name, and what a repetition does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import Account, Login, UserKind
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState, PayloadRemoved
from gatepost_domain.ingest.source import IngestSourceKind, UnknownActor
from gatepost_domain.ports.ingest import DeliveryFilter
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, a_user, an_actor, an_id, create_catalog
from tests.support.domain.ingest import (
    COMMIT,
    KEEP,
    cdevent,
    deliver,
    github_status,
    gitlab_deployment,
    remove,
    replay,
    set_up,
)
from tests.support.domain.sessions import add
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.memory.ledger import InMemoryLedger

MINUTE = timedelta(minutes=1)
GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
SHOP = {"example/shop": "shop"}


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with a service that has the version 1.4.2."""
    ledger = InMemoryLedger()
    await create_catalog(ledger, services=["shop"], versions=["v1.4.2"], policies=ENVIRONMENTS)
    return ledger


async def add_user(ledger: InMemoryLedger, name: str, **changes: Any) -> None:
    """Add a user."""
    await ledger.perform(lambda uow: add(uow, a_user(name, **changes)))


def logins(account: Account) -> tuple[Login, ...]:
    """Return the logins of a user with this account."""
    return (Login(account=account, linked_by="root"),)


async def record_of(ledger: InMemoryLedger, delivery: IngestDelivery) -> Deployment:
    """Return the record that a delivery made."""
    assert delivery.deployment_number is not None, delivery.reason
    return await ledger.reads.deployment(delivery.deployment_number)


async def last_event(ledger: InMemoryLedger) -> Event:
    """Return the last event."""
    return (await ledger.reads.entries(PageRequest(limit=200))).items[-1].event


async def count_events(ledger: InMemoryLedger) -> int:
    """Return the number of events."""
    return len((await ledger.reads.entries(PageRequest(limit=200))).items)


async def test_deployment_that_succeeded_is_recorded(ledger: InMemoryLedger) -> None:
    """One event says what was recorded, and from which delivery."""
    await set_up(ledger, service_map=SHOP)
    before = await count_events(ledger)

    delivery = await deliver(ledger, github_status(environment="test"))

    record = await record_of(ledger, delivery)
    assert delivery.state is IngestState.APPLIED
    assert delivery.reason is None
    assert (record.service, record.environment, record.version) == ("shop", "test", "v1.4.2")
    assert (record.requester, record.deployed_by) == ("ingest:github", "octo-ada")
    assert record.unmapped_issuer == GITHUB_ISSUER
    assert record.external_id == "github/example/shop/deployment/7"
    assert await count_events(ledger) == before + 1
    event = await last_event(ledger)
    assert event.kind is EventKind.RECORDED
    assert event.data["ingest"] == {
        "delivery": str(delivery.id),
        "source": "github",
        "delivery_id": "d-1",
    }


async def test_repetition_changes_nothing(ledger: InMemoryLedger) -> None:
    """Neither with the same id, nor the same signed body under another id."""
    await set_up(ledger, service_map=SHOP)
    first = await deliver(ledger, github_status(environment="test"))
    events = await count_events(ledger)

    again = await deliver(ledger, github_status(environment="test"), at=NOON + MINUTE)
    other_id = await deliver(ledger, github_status(environment="test"), delivery_id="d-2")

    assert again == other_id == first
    assert await count_events(ledger) == events


async def test_second_status_of_a_deployment_is_ignored(ledger: InMemoryLedger) -> None:
    """It is linked to the record that exists."""
    await set_up(ledger, service_map=SHOP)
    first = await deliver(ledger, github_status(environment="test"))
    later = github_status(environment="test", created_at="2026-11-20T09:31:00Z")

    second = await deliver(ledger, later, delivery_id="d-2")

    assert second.state is IngestState.IGNORED
    assert second.deployment_number == first.deployment_number
    assert "already records" in (second.reason or "")


async def test_deployment_that_failed_is_recorded_as_failed(ledger: InMemoryLedger) -> None:
    """It was never live; a later success of the same deployment is a record of its own."""
    await set_up(ledger, service_map=SHOP)
    failed = await deliver(ledger, github_status("failure", environment="test"))
    error = await deliver(ledger, github_status("error", environment="test"), delivery_id="d-2")
    succeeded = await deliver(ledger, github_status(environment="test"), delivery_id="d-3")

    record = await record_of(ledger, failed)
    assert failed.state is succeeded.state is IngestState.APPLIED
    assert record.status is Status.FAILED
    assert (record.deployed_at, record.finished_at) == (None, NOON - timedelta(hours=26.5))
    assert record.external_id == "github/example/shop/deployment/7/failed"
    assert (error.state, error.deployment_id) == (IngestState.IGNORED, failed.deployment_id)
    success = await record_of(ledger, succeeded)
    assert (success.status, success.finished_at) == (Status.SUCCEEDED, None)
    assert success.id != record.id


async def test_rollback_of_cdevents_is_recorded_as_one(ledger: InMemoryLedger) -> None:
    """So that it is not counted as a change."""
    await set_up(ledger, "cdevents", environment_map={"production": "test"}, create_missing=True)

    delivery = await deliver(ledger, cdevent("service.rolledback"), "cdevents")

    assert (await record_of(ledger, delivery)).recorded_rollback is True


async def test_user_with_the_login_is_the_one_who_deployed(ledger: InMemoryLedger) -> None:
    """And counts as one of those who made the record."""
    account = Account.of_name(GITHUB_ISSUER, "octo-ada")
    await add_user(ledger, "ada", logins=logins(account))
    await set_up(ledger, service_map=SHOP)

    record = await record_of(ledger, await deliver(ledger, github_status(environment="test")))

    assert (record.deployed_by, record.unmapped_issuer) == ("ada", None)
    assert set(record.identities[0].humans) == {"ada", "root"}


async def test_unknown_person_is_refused_if_the_settings_say_so(ledger: InMemoryLedger) -> None:
    """Once a user has the login, the delivery can be replayed."""
    await set_up(ledger, service_map=SHOP, unknown_actor=UnknownActor.REFUSE)
    refused = await deliver(ledger, github_status(environment="test"))
    assert refused.state is IngestState.FAILED
    assert "octo-ada" in (refused.reason or "")
    await add_user(ledger, "ada", logins=logins(Account.of_name(GITHUB_ISSUER, "octo-ada")))

    replayed = await replay(ledger, refused.id, at=NOON + MINUTE)

    assert replayed.state is IngestState.APPLIED
    assert (replayed.attempts, replayed.replayed_by) == (2, "root")
    assert (await last_event(ledger)).data["ingest"]["replayed_by"] == "root"  # type: ignore[index]  # a mapping


async def test_account_of_the_settings_records(ledger: InMemoryLedger) -> None:
    """With its own roles, which may not suffice."""
    await add_user(ledger, "ci", kind=UserKind.SERVICE)
    await set_up(ledger, service_map=SHOP, account="ci")

    delivery = await deliver(ledger, github_status(environment="test"))

    assert delivery.state is IngestState.FAILED
    assert "ci may not record" in (delivery.reason or "")


@pytest.mark.parametrize("missing", ["service", "environment", "version"])
async def test_fault_is_named_and_replayed_after_its_cause_is_gone(
    ledger: InMemoryLedger, missing: str
) -> None:
    """Nothing is half done in the meantime."""
    payload = github_status(
        environment="live" if missing == "environment" else "test",
        ref="v2.0.0" if missing == "version" else "v1.4.2",
    )
    await set_up(ledger, service_map={} if missing == "service" else SHOP)
    failed = await deliver(ledger, payload)
    assert failed.state is IngestState.FAILED
    assert "then replay the delivery" in (failed.reason or "")
    assert (await last_event(ledger)).kind is EventKind.INGEST_RECEIVED
    still = await replay(ledger, failed.id, at=NOON + MINUTE)
    assert (still.state, still.attempts) == (IngestState.FAILED, 2)
    assert (await last_event(ledger)).kind is EventKind.INGEST_REPLAYED
    await set_up(
        ledger,
        secret=None,
        service_map=SHOP,
        environment_map={"live": "test"},
        create_missing=True,
    )

    replayed = await replay(ledger, failed.id, at=NOON + 2 * MINUTE)

    assert replayed.state is IngestState.APPLIED
    assert await replay(ledger, failed.id, at=NOON + 3 * MINUTE) == replayed


async def test_missing_version_is_registered_with_its_commit(ledger: InMemoryLedger) -> None:
    """A later payload with the same commit means this version, whatever its ref."""
    await set_up(ledger, service_map=SHOP, create_missing=True)

    first = await deliver(ledger, github_status(environment="test", ref="v2.0.0"))
    branch = github_status(environment="test", ref="main", number=8)
    second = await deliver(ledger, branch, delivery_id="d-2")

    assert (await record_of(ledger, first)).version == "v2.0.0"
    assert (await record_of(ledger, second)).version == "v2.0.0"
    assert (await ledger.reads.version("shop", "v2.0.0")).commit_sha == COMMIT


async def test_environment_can_be_ignored(ledger: InMemoryLedger) -> None:
    """Previews would only be noise."""
    await set_up(ledger, service_map=SHOP, environment_map={"pr-*": None})

    delivery = await deliver(ledger, github_status(environment="pr-7"))

    assert delivery.state is IngestState.IGNORED
    assert "pr-7" in (delivery.reason or "")


async def test_time_in_the_future_is_a_fault(ledger: InMemoryLedger) -> None:
    """A clock that is a little ahead is accepted, as now."""
    await set_up(ledger, service_map=SHOP)
    ahead = github_status(environment="test", created_at="2026-11-21T12:04:00Z")
    future = github_status(environment="test", created_at="2027-11-21T12:00:00Z", number=8)

    applied = await deliver(ledger, ahead)
    failed = await deliver(ledger, future, delivery_id="d-2")

    assert (await record_of(ledger, applied)).deployed_at == NOON
    assert failed.state is IngestState.FAILED
    assert "future" in (failed.reason or "")


async def test_other_sources_are_recorded_too(ledger: InMemoryLedger) -> None:
    """Each by its own rules."""
    await set_up(ledger, "gitlab", service_map=SHOP, create_missing=True)
    await set_up(ledger, "cdevents", create_missing=True)
    content = {"environment": {"id": "test"}, "artifactId": "pkg:generic/shop@v1.4.2"}

    by_gitlab = await deliver(
        ledger, gitlab_deployment(environment="test"), "gitlab", event="Deployment Hook"
    )
    by_cdevents = await deliver(ledger, cdevent(content=content), "cdevents")

    assert (await record_of(ledger, by_gitlab)).requester == "ingest:gitlab"
    assert (await record_of(ledger, by_cdevents)).version == "v1.4.2"


async def test_removed_source_is_unknown(ledger: InMemoryLedger) -> None:
    """Its deliveries stay, and cannot be replayed."""
    await set_up(ledger)
    failed = await deliver(ledger, github_status())
    await remove(ledger)

    with pytest.raises(NotFound):
        await deliver(ledger, github_status(), delivery_id="d-2")
    with pytest.raises(NotFound):
        await replay(ledger, failed.id)
    assert (await ledger.reads.ingest_delivery(failed.id)).state is IngestState.FAILED


async def test_payload_is_removed_after_its_time(ledger: InMemoryLedger) -> None:
    """The delivery stays, and can no longer be replayed."""
    await set_up(ledger)
    failed = await deliver(ledger, github_status())
    later = NOON + KEEP
    assert not await ledger.perform(lambda uow: has_due_work(uow, at=NOON))
    assert await ledger.perform(lambda uow: has_due_work(uow, at=later))

    await ledger.perform(lambda uow: perform_due_work(uow, at=later, new_id=an_id))

    assert (await ledger.reads.ingest_delivery(failed.id)).payload is None
    with pytest.raises(PayloadRemoved):
        await replay(ledger, failed.id, at=later)


async def test_only_admins_replay(ledger: InMemoryLedger) -> None:
    """A record is the act of the source, but a replay is somebody's decision."""
    await set_up(ledger)
    failed = await deliver(ledger, github_status())

    with pytest.raises(Forbidden):
        await replay(ledger, failed.id, by=an_actor("olga", roles=[Role.OPERATOR]))


async def test_deliveries_are_listed_by_source_and_state(ledger: InMemoryLedger) -> None:
    """The newest first, without payloads."""
    await set_up(ledger)
    await set_up(ledger, "gitlab")
    failed = await deliver(ledger, github_status())
    ignored = await deliver(ledger, {}, event="ping", delivery_id="d-2")
    other = await deliver(ledger, {"object_kind": "push"}, "gitlab", event="Push Hook")

    async def ids(criteria: DeliveryFilter) -> list[object]:
        page = await ledger.reads.ingest_deliveries(criteria, PageRequest(limit=50))
        assert all(each.payload is None for each in page.items)
        return [each.id for each in page.items]

    assert await ids(DeliveryFilter()) == [other.id, ignored.id, failed.id]
    assert await ids(DeliveryFilter(sources=(IngestSourceKind.GITLAB,))) == [other.id]
    assert await ids(DeliveryFilter(states=(IngestState.FAILED,))) == [failed.id]
