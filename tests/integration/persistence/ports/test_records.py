"""Every ledger records, hides and retires alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.deployments.deployment import DeploymentKind, HideDecision
from gatepost_domain.deployments.errors import NotARecord, RecordIsImmutable
from gatepost_domain.errors import NotFound, Refusal, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.gates.context import LaneState
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON, a_command, an_actor, an_id, create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    current_versions,
    external_deployment,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    now,
    only_cell,
    retire_lane,
)
from tests.support.storage.ledgers import AnyLedger

LATER = minutes_after_noon(1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """One that knows two services with a version each."""
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1.0.0"], policies=ENVIRONMENTS
    )
    return ledger


@pytest.mark.parametrize(
    ("told", "field", "code", "detail"),
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
            (
                "deployed_at must not be in the future: 2026-11-21T12:00:00.000001Z is later "
                "than the current time, 2026-11-21T12:00:00.000000Z."
            ),
        ),
    ],
)
async def test_what_cannot_have_happened_is_not_recorded(
    ledger: AnyLedger, told: dict[str, Any], field: str, code: str, detail: str
) -> None:
    """The fault names the field, and nothing is kept."""
    before = await all_entries(ledger.reads)

    with pytest.raises(ValidationFailed) as refused:
        await create_record(ledger, **told)

    (fault,) = refused.value.errors
    assert (fault.field, fault.code, fault.detail) == (field, code, detail)
    assert await all_entries(ledger.reads) == before


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REQUESTER, Role.OPERATOR}))
async def test_whoever_neither_asks_nor_operates_records_nothing(
    ledger: AnyLedger, role: Role
) -> None:
    """The attempt itself is told."""
    with pytest.raises(Forbidden):
        await create_record(ledger, by=an_actor("mo", roles=[role]))

    assert (await all_entries(ledger.reads))[-1].event.kind is EventKind.ACCESS_DENIED


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.OPERATOR])
async def test_a_record_is_told_whole(ledger: AnyLedger, role: Role) -> None:
    """It is born succeeded, keeps what was told, and one event says all of it."""
    kept = await create_record(
        ledger,
        by=an_actor("mo", roles=[role]),
        at=LATER,
        deployed_by="ada",
        notes="By hand.",
        external_id="run-1",
    )

    assert await ledger.reads.deployment(kept.id) == kept
    assert (kept.kind, kept.status, kept.revision) == (DeploymentKind.RECORD, Status.SUCCEEDED, 1)
    assert (kept.deployed_at, kept.created_at) == (NOON, LATER)
    assert (kept.requester, kept.deployed_by) == ("mo", "ada")
    assert (kept.work_references, kept.rollback_plan, kept.approvals) == ((), "", ())
    event = (await all_entries(ledger.reads))[-1].event
    assert (event.kind, event.deployment_id) == (EventKind.RECORDED, kept.id)
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


async def test_what_is_not_told_is_now_and_by_whoever_records(ledger: AnyLedger) -> None:
    """The instant and the one who deployed have their defaults."""
    kept = await create_record(ledger, by="mo", at=LATER, deployed_at=None)

    assert (kept.deployed_at, kept.deployed_by) == (LATER, "mo")


@pytest.mark.parametrize(
    ("environment", "unreviewed"), [("production", True), ("development", False)]
)
async def test_a_record_where_a_review_is_due_is_unreviewed(
    ledger: AnyLedger, environment: str, *, unreviewed: bool
) -> None:
    """Nobody can take it for something that was approved here."""
    kept = await create_record(ledger, environment=environment)

    assert kept.unreviewed is unreviewed


async def test_the_same_external_id_is_one_record(ledger: AnyLedger) -> None:
    """The first stays, whatever the second tells, and no event says anything new."""
    first = await create_record(ledger, external_id="run-1")
    before = await all_entries(ledger.reads)

    again = await create_record(
        ledger, external_id="run-1", service="cart", notes="Again.", at=LATER
    )

    assert again == first
    assert await all_entries(ledger.reads) == before


async def test_records_without_an_external_id_are_each_their_own(ledger: AnyLedger) -> None:
    """Nothing tells that they are one."""
    first, second = await create_record(ledger), await create_record(ledger)

    assert (first.number, second.number) == (1, 2)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("imported", [False, True])
async def test_nothing_is_done_to_a_record(
    ledger: AnyLedger, action: Action, *, imported: bool
) -> None:
    """Whoever tries it, whether it was told alone or among others."""
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


async def test_a_record_makes_an_older_request_outdated_until_it_is_hidden(
    ledger: AnyLedger,
) -> None:
    """What went ahead elsewhere went ahead; what never happened did not."""
    await request_deployment(ledger)
    kept = await create_record(ledger)
    lane = await ledger.reads.lane_state("shop", "production")

    await hide_deployment(ledger, kept.id)

    assert lane.newest is not None
    assert lane.newest.number == kept.number
    assert await ledger.reads.lane_state("shop", "production") == LaneState()


async def test_imported_history_makes_no_request_outdated(ledger: AnyLedger) -> None:
    """It tells of the past, and may come while requests wait."""
    await import_rows(ledger, [history_row()])

    assert await ledger.reads.lane_state("shop", "production") == LaneState()


HIDING: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"by": an_actor("mo", roles=set(Role) - {Role.ADMIN})}, Forbidden, "forbidden"),
    ({"revision": 7}, StaleRevision, "stale"),
    ({"reason": None}, ValidationFailed, "reason_required"),
    ({"reason": " \n"}, ValidationFailed, "reason_required"),
]


@pytest.mark.parametrize(("how", "refusal", "code"), HIDING)
async def test_a_record_is_not_hidden_so(
    ledger: AnyLedger, how: dict[str, Any], refusal: type[Refusal], code: str
) -> None:
    """Only by an admin, with a reason, and on what stands."""
    kept = await create_record(ledger)

    with pytest.raises(refusal) as refused:
        await hide_deployment(ledger, kept.id, **how)

    assert refused.value.code == code
    assert await ledger.reads.deployment(kept.id) == kept


async def test_only_a_record_is_hidden(ledger: AnyLedger) -> None:
    """What happened here is never taken back by saying that it did not."""
    asked = await request_deployment(ledger)

    with pytest.raises(NotARecord) as refused:
        await hide_deployment(ledger, asked.id)

    assert refused.value.code == "not_a_record"
    assert refused.value.allowed == (Action.APPROVE, Action.REJECT, Action.CANCEL)


async def test_what_is_not_there_is_not_hidden(ledger: AnyLedger) -> None:
    """By number as by id."""
    with pytest.raises(NotFound):
        await hide_deployment(ledger, 7)


async def test_a_hidden_record_is_still_told_and_never_stood(ledger: AnyLedger) -> None:
    """Its reason is told with it, in one event; hidden again, nothing more happens."""
    kept = await create_record(ledger)

    hidden = await hide_deployment(ledger, kept.number, at=LATER, reason=" A typo. ")
    again = await hide_deployment(ledger, kept.number, reason="Really.")

    hiding = HideDecision(actor="root", at=LATER, reason="A typo.")
    assert hidden == again == replace(kept, hidden=hiding, revision=2)
    assert await ledger.reads.deployment(kept.id) == hidden
    assert await current_versions(ledger) == await current_versions(ledger, NOON) == {}
    events = (await ledger.reads.entries_of(kept.id, PageRequest(limit=9))).items
    assert [each.event.kind for each in events] == [EventKind.RECORDED, EventKind.HIDDEN]
    assert (events[-1].event.note, events[-1].event.actor) == ("A typo.", "root")


async def test_a_record_can_be_told_for_another(ledger: AnyLedger) -> None:
    """With the grant for it: the record is theirs, and both are told."""
    command = replace(a_command("bot"), requested_name="Zoë")
    told = external_deployment()

    kept = await ledger.perform(lambda uow: record_deployment(uow, told, command, id=an_id()))

    event = (await all_entries(ledger.reads))[-1].event
    assert (kept.requester, kept.deployed_by, kept.on_behalf_of) == ("Zoë", "Zoë", "Zoë")
    assert (event.actor, event.on_behalf_of) == ("bot", "Zoë")


OPERATOR, ADMIN = an_actor("ola", roles=[Role.OPERATOR]), an_actor("root", roles=[Role.ADMIN])
RETIRING: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"service": "moon"}, NotFound, "unknown_service"),
    ({"environment": "moon"}, NotFound, "unknown_environment"),
    ({"environment": "test"}, NotFound, "unknown_target"),
    ({"at": minutes_after_noon(3)}, ValidationFailed, "at_in_future"),
    ({"by": ADMIN}, Forbidden, "forbidden"),
    ({"by": OPERATOR, "at": minutes_after_noon(1)}, Forbidden, "forbidden"),
    ({"by": an_actor("mo", roles=set(Role) - {Role.OPERATOR})}, Forbidden, "forbidden"),
]


@pytest.mark.parametrize(("how", "refusal", "code"), RETIRING)
async def test_a_lane_is_not_retired_so(
    ledger: AnyLedger, how: dict[str, Any], refusal: type[Refusal], code: str
) -> None:
    """Only where something stood, by an operator now, by an admin from an instant that is past."""
    await create_record(ledger)

    with pytest.raises(refusal) as refused:
        await retire_lane(ledger, now=minutes_after_noon(2), **how)

    assert refused.value.code == code
    assert len((await now(ledger)).cells) == 1


@pytest.mark.parametrize(
    ("by", "at"), [(OPERATOR, None), (OPERATOR, minutes_after_noon(2)), (ADMIN, LATER)]
)
async def test_a_retired_lane_is_empty_until_something_is_deployed(
    ledger: AnyLedger, by: Any, at: Any
) -> None:
    """One event tells it; what stood before still stood before."""
    await create_record(ledger)

    retirement = await retire_lane(ledger, by=by, at=at, now=minutes_after_noon(2))
    empty = await current_versions(ledger)
    event = (await all_entries(ledger.reads))[-1].event
    await create_record(ledger, deployed_at=minutes_after_noon(3), at=minutes_after_noon(4))

    assert retirement.retired_at == (at or minutes_after_noon(2))
    assert empty == {}
    assert event.kind is EventKind.TARGET_RETIRED
    assert event.data == {
        "service": "shop",
        "environment": "production",
        "retired_at": f"2026-11-21T12:0{retirement.retired_at.minute}:00.000000Z",
    }
    assert await current_versions(ledger, NOON) == {("shop", "production"): ("1.0.0", 1)}
    assert await current_versions(ledger, minutes_after_noon(2)) == {}
    assert (await only_cell(ledger)).number == 2


async def test_nobody_finds_a_record_by_what_was_never_told(ledger: AnyLedger) -> None:
    """Also where records without an external id are."""
    await create_record(ledger)

    found = await ledger.perform(lambda uow: uow.records.find_by_external_id(str(an_id())))

    assert found is None
