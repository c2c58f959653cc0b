"""Every ledger keeps deployments and tells lanes alike."""

from dataclasses import fields, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import Identity
from gatepost_domain.deployments.deployment import (
    BlockedPromotion,
    Deployment,
    DeploymentKind,
    DeploymentReference,
    HideDecision,
)
from gatepost_domain.deployments.emergency import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.errors import ConcurrentUpdate, NotFound
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import LaneDeployment, LaneState
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, CancelReason, Status
from tests.support.builders import NOON, a_deployment, an_event, an_id, create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.lifecycle import deployment_with_status, transition
from tests.support.storage.ledgers import AnyLedger

MISSING: list[DeploymentReference] = [an_id(), 1, 0, 10**18 - 1]


def asked(deployment: Deployment) -> Event:
    return an_event(EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status)


async def kept(ledger: AnyLedger, *deployments: Deployment) -> None:
    """Keep these as they are, in a catalog that knows what they name."""
    await create_catalog(ledger, services=["shop", "portal"], versions=["1.0.0", "2.0.0"])
    for each in deployments:
        await ledger.perform(partial(add, deployment=each))


def add(uow: UnitOfWork, *, deployment: Deployment) -> None:
    uow.deployments.add(deployment, asked(deployment))


@pytest.mark.parametrize("reference", MISSING)
async def test_a_deployment_that_is_not_there_is_unknown(
    ledger: AnyLedger, reference: DeploymentReference
) -> None:
    """By id or by number, in a transaction and in reads alike."""
    with pytest.raises(NotFound, match=f"There is no deployment {reference}"):
        await ledger.perform(lambda uow: uow.deployments.get(reference))
    with pytest.raises(NotFound, match=f"There is no deployment {reference}"):
        await ledger.reads.deployment(reference)


async def test_a_deployment_saved_from_another_revision_is_overtaken(ledger: AnyLedger) -> None:
    """Of two who decided on the same revision, one is told that the other was first."""
    pending = a_deployment()
    await kept(ledger, pending)
    approved, event = transition(pending, Action.APPROVE)
    await ledger.perform(lambda uow: uow.deployments.save(approved, event))
    cancelled, late = transition(pending, Action.CANCEL)

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.deployments.save(cancelled, late))

    assert str(refused.value) == (
        "The deployment DEP-1 was changed by somebody else at the same time; reload and try again."
    )
    assert await ledger.reads.deployment(1) == approved


@pytest.mark.parametrize("ahead", [-1, 0, 2])
async def test_a_deployment_saved_with_a_gap_is_overtaken(ledger: AnyLedger, ahead: int) -> None:
    """Only the revision that follows the one that stands is kept."""
    pending = a_deployment()
    await kept(ledger, pending)
    after, event = transition(pending, Action.APPROVE)
    wrong = replace(after, revision=pending.revision + ahead)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.deployments.save(wrong, event))

    assert await ledger.reads.deployment(1) == pending


async def test_a_deployment_saved_from_another_status_is_overtaken(ledger: AnyLedger) -> None:
    """A move is kept only from where it says it begins."""
    pending = a_deployment()
    await kept(ledger, pending)
    after, event = transition(pending, Action.APPROVE)
    elsewhere = replace(event, from_status=Status.APPROVED)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.deployments.save(after, elsewhere))

    assert await ledger.reads.deployment(1) == pending


async def test_a_deployment_that_was_never_added_cannot_be_saved(ledger: AnyLedger) -> None:
    """There is nothing that it could follow."""
    await kept(ledger)
    after, event = transition(a_deployment(number=7), Action.APPROVE)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.deployments.save(after, event))


async def test_numbers_count_from_one(ledger: AnyLedger) -> None:
    """The next number is one more than the greatest there is."""
    before = await ledger.perform(lambda uow: uow.deployments.next_number())
    await kept(ledger, a_deployment(number=1), a_deployment(number=5))
    after = await ledger.perform(lambda uow: uow.deployments.next_number())

    assert (before, after) == (1, 6)


@pytest.mark.parametrize("status", Status)
async def test_a_deployment_reads_back_as_it_was(ledger: AnyLedger, status: Status) -> None:
    """By id and by number, in every status, with every approval."""
    deployment = deployment_with_status(status)

    await kept(ledger, deployment)

    assert await ledger.reads.deployment(deployment.id) == deployment
    assert await ledger.reads.deployment(deployment.number) == deployment
    assert await ledger.perform(lambda uow: uow.deployments.get(deployment.id)) == deployment
    assert (await all_entries(ledger.reads))[-1].event == asked(deployment)


async def test_every_field_of_a_deployment_reads_back(ledger: AnyLedger) -> None:
    """Also those that seldom hold anything, with every character, to the microsecond."""
    later = NOON + timedelta(microseconds=1)
    rich = replace(
        deployment_with_status(Status.APPROVED),
        kind=DeploymentKind.PROMOTION,
        artifact_digest="sha256:abc",
        on_behalf_of="Zoë",
        notes="line\nline\t'quoted' \"twice\" \\ 日本 🚀",
        auto_start=True,
        cancel_reason=CancelReason.SUPERSEDED,
        superseded_by=an_id(),
        promoted_from=an_id(),
        automatic=True,
        rolls_back=an_id(),
        overrides=(
            Override(
                gate=GateKind.SOAK, code="soaking", actor="Zoë", at=later, reason="It 'must' ✓"
            ),
            Override(gate=GateKind.LANE, code="é", actor="olga", at=NOON, reason="Twice."),
        ),
        break_glass=BreakGlass(
            actor="Zoë",
            at=later,
            reason="Alles steht still 🚀",
            incident="INC-1",
            identity=Identity(human="zoë", issuer="Ångström"),
        ),
        after_review=AfterReview(
            state=AfterReviewState.CLOSED,
            due_at=later,
            verdict=Verdict.UNJUSTIFIED,
            closed_by="Ångström",
            closed_at=later,
            note="Hätte warten können.",
        ),
        promotion_blocked=BlockedPromotion(
            environment="production", code="held", reason="By 'hand' ✗"
        ),
        rolled_back_by=an_id(),
        expires_at=later,
        build_id=an_id(),
        attempt=3,
        worker="worker:one",
        queued_at=later,
        started_at=later,
        finished_at=later,
        deployed_at=later,
        deployed_by="worker:one",
        rolled_back_at=later,
        external_id="run/17 ✓",
        unreviewed=True,
        import_seq=7,
        hidden=HideDecision(actor="Zoë", at=later, reason="It was 'test' ✗"),
    )
    empty = [field.name for field in fields(Deployment) if not getattr(rich, field.name)]

    await kept(ledger, rich)

    assert empty == []
    assert await ledger.reads.deployment(1) == rich


async def test_a_save_replaces_what_stood(ledger: AnyLedger) -> None:
    """All that a run of moves changes is what is read afterwards."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    for action in (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED):
        deployment = await perform_action(
            ledger, action, deployment.id, f"person-{deployment.revision}"
        )

        assert await ledger.reads.deployment(deployment.id) == deployment


async def test_a_transaction_sees_what_it_has_done(ledger: AnyLedger) -> None:
    """What an action saved, the same action reads."""
    await kept(ledger)
    deployment = a_deployment()

    def add_and_look(uow: UnitOfWork) -> tuple[Deployment, int]:
        add(uow, deployment=deployment)
        return uow.deployments.get(deployment.id), uow.deployments.next_number()

    seen, number = await ledger.perform(add_and_look)

    assert (seen, number) == (deployment, 2)


async def test_an_empty_lane_has_nobody(ledger: AnyLedger) -> None:
    """Also where neither service nor environment exist."""
    assert await ledger.reads.lane_state("shop", "moon") == LaneState()
    assert (
        await ledger.perform(lambda uow: uow.deployments.lane_state("shop", "moon")) == LaneState()
    )


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.STARTED, Status.SUCCEEDED}))
async def test_what_waits_or_ended_badly_is_not_in_the_lane(
    ledger: AnyLedger, status: Status
) -> None:
    """Neither what never started nor what failed or went back counts for the others."""
    await kept(ledger, deployment_with_status(status))

    assert await ledger.reads.lane_state("shop", "production") == LaneState()


async def test_a_lane_tells_what_is_under_way_and_what_is_newest(ledger: AnyLedger) -> None:
    """Each with its version, and since when it started."""
    await kept(
        ledger,
        started(1, Status.SUCCEEDED, minutes=1),
        started(2, Status.STARTED, minutes=2),
        started(3, Status.SUCCEEDED, minutes=3, version="2.0.0"),
        started(4, Status.FAILED, minutes=4),
        started(5, Status.SUCCEEDED, minutes=5, service="portal"),
        started(6, Status.SUCCEEDED, minutes=6, environment="development"),
    )
    expected = LaneState(
        started=LaneDeployment(number=2, version="1.0.0", since=NOON + timedelta(minutes=2)),
        newest=LaneDeployment(number=3, version="2.0.0", since=NOON + timedelta(minutes=3)),
    )

    assert await ledger.reads.lane_state("shop", "production") == expected
    assert (
        await ledger.perform(lambda uow: uow.deployments.lane_state("shop", "production"))
        == expected
    )


async def test_what_is_under_way_may_be_the_newest(ledger: AnyLedger) -> None:
    """The latest number counts, whether it is still started or has succeeded."""
    await kept(
        ledger, started(1, Status.SUCCEEDED, minutes=1), started(2, Status.STARTED, minutes=2)
    )

    lane = await ledger.reads.lane_state("shop", "production")

    assert lane.started == lane.newest
    assert lane.newest is not None
    assert lane.newest.number == 2


async def test_what_was_recorded_without_a_start_counts_from_its_creation(
    ledger: AnyLedger,
) -> None:
    """What happened elsewhere has no start of ours, and is in the lane all the same."""
    record = replace(
        a_deployment(), kind=DeploymentKind.RECORD, status=Status.SUCCEEDED, deployed_at=NOON
    )

    await kept(ledger, record)

    lane = await ledger.reads.lane_state("shop", "production")
    assert lane == LaneState(newest=LaneDeployment(number=1, version="1.0.0", since=NOON))


def started(number: int, status: Status, *, minutes: int, **asked: Any) -> Deployment:
    """A deployment that started so many minutes after noon."""
    return replace(
        deployment_with_status(status, number=number, **asked),
        started_at=NOON + timedelta(minutes=minutes),
    )
