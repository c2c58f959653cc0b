"""Every ledger records and hides deployments in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.deployments.deployment import DeploymentKind, HideDecision
from gatepost_domain.deployments.errors.records import (
    ExternalIdTaken,
    NotARecord,
    RecordIsImmutable,
)
from gatepost_domain.deployments.lane_state import LaneState
from gatepost_domain.errors import NotFound, Refusal, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.tracking.external_ids import ExternalKey
from tests.support.builders import (
    NOON,
    a_command,
    a_user,
    a_version,
    an_actor,
    an_event,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import all_entries, all_events, perform_action, request_deployment
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    current_versions,
    external_deployment,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
)
from tests.support.storage.ledgers import AnyLedger

LATER = minutes_after_noon(1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services that have one version each."""
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1.0.0"], policies=ENVIRONMENTS
    )
    return ledger


@pytest.mark.parametrize(
    ("facts", "field", "code", "detail"),
    [
        ({"service": "moon"}, "service", "unknown_service", "There is no service moon."),
        (
            {"environment": "moon"},
            "environment",
            "unknown_environment",
            "There is no environment moon.",
        ),
        (
            {"version": "1.2.0"},
            "version",
            "version_not_of_service",
            "Version 1.2.0 does not belong to service shop.",
        ),
        (
            {"deployed_at": NOON + timedelta(microseconds=1)},
            "deployed_at",
            "deployed_at_in_future",
            "21 November 2026, 12:00 UTC is in the future.",
        ),
    ],
)
async def test_invalid_record_is_refused(
    ledger: AnyLedger, facts: dict[str, Any], field: str, code: str, detail: str
) -> None:
    """The error names the field, and nothing is stored."""
    before = await all_entries(ledger.reads)

    with pytest.raises(ValidationFailed) as refused:
        await create_record(ledger, **facts)

    (error,) = refused.value.errors
    assert (error.field, error.code, error.detail) == (field, code, detail)
    assert await all_entries(ledger.reads) == before


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REQUESTER, Role.OPERATOR}))
async def test_only_requesters_and_operators_record(ledger: AnyLedger, role: Role) -> None:
    """Other users cannot create a record, and their attempts are recorded as events."""
    with pytest.raises(Forbidden):
        await create_record(ledger, by=an_actor("mo", roles=[role]))

    assert (await all_events(ledger.reads))[-1].kind is EventKind.ACCESS_DENIED


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.OPERATOR])
async def test_record_is_stored_with_all_its_facts(ledger: AnyLedger, role: Role) -> None:
    """The record has the status succeeded, and its only event contains the same facts."""
    record = await create_record(
        ledger,
        by=an_actor("mo", roles=[role]),
        at=LATER,
        deployed_by="ada",
        notes="By hand.",
        external_id="run-1",
    )

    assert await ledger.reads.deployment(record.id) == record
    assert (record.kind, record.status, record.revision) == (
        DeploymentKind.RECORD,
        Status.SUCCEEDED,
        1,
    )
    assert (record.deployed_at, record.created_at) == (NOON, LATER)
    assert (record.requester, record.deployed_by) == ("mo", "ada")
    assert (record.work_references, record.rollback_plan, record.approvals) == ((), "", ())
    event = (await all_events(ledger.reads))[-1]
    assert (event.kind, event.deployment_id) == (EventKind.RECORDED, record.id)
    assert (event.from_status, event.to_status, event.note) == (None, "succeeded", "By hand.")
    assert event.data == {
        "number": 1,
        "kind": "record",
        "service": "shop",
        "environment": "production",
        "tier": "production",
        "version": "1.0.0",
        "artifact_digest": None,
        "requester": "mo",
        "policy_version": 1,
        "unreviewed": True,
        "deployed_at": "2026-11-21T12:00:00.000000Z",
        "deployed_by": "ada",
        "external_id": "run-1",
    }


async def test_time_and_author_of_a_record_have_defaults(ledger: AnyLedger) -> None:
    """The time defaults to now, and the author defaults to the caller."""
    record = await create_record(ledger, by="mo", at=LATER, deployed_at=None)

    assert (record.deployed_at, record.deployed_by) == (LATER, "mo")


@pytest.mark.parametrize(
    ("environment", "unreviewed"), [("production", True), ("development", False)]
)
async def test_record_in_a_reviewed_environment_is_unreviewed(
    ledger: AnyLedger, environment: str, *, unreviewed: bool
) -> None:
    """The record is marked as unreviewed, to distinguish it from approved deployments."""
    record = await create_record(ledger, environment=environment)

    assert record.unreviewed is unreviewed


async def test_records_with_the_same_external_id_are_one_record(ledger: AnyLedger) -> None:
    """The first record is unchanged, and no event is added."""
    first = await create_record(ledger, external_id="run-1")
    before = await all_entries(ledger.reads)

    second = await create_record(ledger, external_id="run-1", at=LATER)
    third = await create_record(ledger, external_id="run-1", deployed_at=None, at=LATER)

    assert second == third == first
    assert await all_entries(ledger.reads) == before


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"version": "2.0.0"}, "version is 1.0.0, not 2.0.0"),
        (
            {"deployed_at": NOON - timedelta(microseconds=1)},
            "deployed_at is 2026-11-21T12:00:00.000000Z, not 2026-11-21T11:59:59.999999Z",
        ),
        ({"deployed_by": "bo"}, "deployed_by is ada, not bo"),
        ({"by": "bo"}, "deployed_by is ada, not bo"),
        ({"notes": "Again."}, "notes"),
    ],
)
async def test_external_id_cannot_be_used_for_other_facts(
    ledger: AnyLedger, changes: dict[str, Any], difference: str
) -> None:
    """The refusal names the record and what differs, and nothing is stored."""
    new_version, event = a_version("2.0.0"), an_event(EventKind.VERSION_REGISTERED)
    await ledger.perform(lambda uow: uow.services.add_version(new_version, event))
    await create_record(ledger, external_id="run-1")
    before = await all_entries(ledger.reads)

    with pytest.raises(ExternalIdTaken) as refused:
        await create_record(ledger, external_id="run-1", at=LATER, **changes)

    assert str(refused.value) == (
        "The external id run-1 of shop in production is taken by the record DEP-1, which differs "
        f"({difference}); send the recorded values, or another external id."
    )
    assert await all_entries(ledger.reads) == before


async def test_external_id_is_unique_within_service_and_environment(ledger: AnyLedger) -> None:
    """Another service or environment has records of its own with the same id."""
    await create_record(ledger, external_id="run-1")
    await create_record(ledger, external_id="run-1", environment="development")
    await create_record(ledger, external_id="run-1", service="cart")

    assert len(await current_versions(ledger)) == 3


async def test_records_without_an_external_id_are_separate(ledger: AnyLedger) -> None:
    """Without an external id, recording the same deployment twice creates two records."""
    first, second = await create_record(ledger), await create_record(ledger)

    assert (first.number, second.number) == (1, 2)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("imported", [False, True])
async def test_every_action_on_a_record_is_refused(
    ledger: AnyLedger, action: Action, *, imported: bool
) -> None:
    """Actions on recorded and on imported deployments are refused."""
    if imported:
        await import_rows(ledger, [history_row()])
    else:
        await create_record(ledger)
    before = await all_entries(ledger.reads)

    with pytest.raises(RecordIsImmutable) as refused:
        await perform_action(ledger, action, 1, "ada")

    assert refused.value.code == "record_is_immutable"
    assert (refused.value.status, refused.value.allowed) == (Status.SUCCEEDED, ())
    assert str(refused.value).startswith("DEP-1 is a record of a deployment made elsewhere")
    assert await all_entries(ledger.reads) == before


async def test_record_makes_an_older_request_outdated_until_hidden(
    ledger: AnyLedger,
) -> None:
    """Once hidden, the record no longer counts as a newer deployment."""
    await request_deployment(ledger)
    record = await create_record(ledger)
    lane = await ledger.reads.lane_state("shop", "production")

    await hide_deployment(ledger, record.id)

    assert lane.newest is not None
    assert lane.newest.number == record.number
    assert await ledger.reads.lane_state("shop", "production") == LaneState()


async def test_imported_history_makes_no_request_outdated(ledger: AnyLedger) -> None:
    """Imported deployments do not count as the newest deployment of a lane."""
    await import_rows(ledger, [history_row()])

    assert await ledger.reads.lane_state("shop", "production") == LaneState()


INVALID_HIDING: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"by": an_actor("mo", roles=set(Role) - {Role.ADMIN})}, Forbidden, "forbidden"),
    ({"revision": 7}, StaleRevision, "stale"),
    ({"reason": None}, ValidationFailed, "reason_required"),
    ({"reason": " \n"}, ValidationFailed, "reason_required"),
]


@pytest.mark.parametrize(("arguments", "refusal", "code"), INVALID_HIDING)
async def test_hiding_needs_an_admin_a_reason_and_the_current_revision(
    ledger: AnyLedger, arguments: dict[str, Any], refusal: type[Refusal], code: str
) -> None:
    """A refused attempt leaves the record unchanged."""
    record = await create_record(ledger)

    with pytest.raises(refusal) as refused:
        await hide_deployment(ledger, record.id, **arguments)

    assert refused.value.code == code
    assert await ledger.reads.deployment(record.id) == record


async def test_only_records_can_be_hidden(ledger: AnyLedger) -> None:
    """Hiding a deployment that Gatepost controlled is refused."""
    requested = await request_deployment(ledger)

    with pytest.raises(NotARecord) as refused:
        await hide_deployment(ledger, requested.id)

    assert refused.value.code == "not_a_record"
    assert refused.value.allowed == (
        Action.APPROVE,
        Action.REJECT,
        Action.CANCEL,
        Action.WITHDRAW,
    )


async def test_unknown_record_cannot_be_hidden(ledger: AnyLedger) -> None:
    """Hiding an unknown record raises `NotFound`."""
    with pytest.raises(NotFound):
        await hide_deployment(ledger, 7)


async def test_hidden_record_is_listed_but_never_current(ledger: AnyLedger) -> None:
    """A hidden record can still be read, with the reason, but is not current at any time."""
    record = await create_record(ledger)

    hidden = await hide_deployment(ledger, record.number, at=LATER, reason=" A typo. ")
    hidden_again = await hide_deployment(ledger, record.number, reason="Really.")

    decision = HideDecision(actor="root", at=LATER, reason="A typo.")
    assert hidden == hidden_again == replace(record, hidden=decision, revision=2)
    assert await ledger.reads.deployment(record.id) == hidden
    assert await current_versions(ledger) == await current_versions(ledger, NOON) == {}
    events = (await ledger.reads.entries_of(record.id, PageRequest(limit=9))).items
    assert [entry.event.kind for entry in events] == [EventKind.RECORDED, EventKind.HIDDEN]
    assert (events[-1].event.note, events[-1].event.actor) == ("A typo.", "root")


async def test_record_can_be_created_on_behalf_of_another(ledger: AnyLedger) -> None:
    """The record belongs to the other user, and the event names both."""
    command = replace(a_command("bot"), requested_name="ZOE", requested_user=a_user("zoe"))
    deployment = external_deployment()

    record = await ledger.perform(
        lambda uow: record_deployment(uow, deployment, command, id=an_id())
    )

    event = (await all_events(ledger.reads))[-1]
    assert (record.requester, record.deployed_by, record.on_behalf_of) == ("zoe", "zoe", "zoe")
    assert (event.actor, event.on_behalf_of) == ("bot", "zoe")


async def test_record_is_not_found_by_an_unknown_external_id(ledger: AnyLedger) -> None:
    """No record is found, although there is a record without an external id."""
    await create_record(ledger)

    key = ExternalKey("shop", "production", str(an_id()))
    record = await ledger.perform(lambda uow: uow.deployment_records.find_by_external_id(key))

    assert record is None
