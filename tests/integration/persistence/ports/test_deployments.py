"""Every ledger stores deployments and returns the state of lanes in the same way."""

from dataclasses import fields, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.deployments.deployment import (
    BlockedAutoPromotion,
    Dependence,
    Deployment,
    DeploymentKind,
    DeploymentReference,
    HideDecision,
    Independence,
)
from gatepost_domain.deployments.emergency_record import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.errors import ConcurrentUpdate, NotFound
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, CancelReason, Status
from tests.support.builders import NOON, a_deployment, an_event, an_id, create_catalog
from tests.support.domain.actions import all_events, perform_action, request_deployment
from tests.support.domain.lifecycle import deployment_with_status, transition
from tests.support.domain.tracking import minutes_after_noon
from tests.support.storage.ledgers import AnyLedger

MISSING: list[DeploymentReference] = [an_id(), 1, 0, 10**18 - 1]


def requested_event(deployment: Deployment) -> Event:
    return an_event(EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status)


async def add_deployments(ledger: AnyLedger, *deployments: Deployment) -> None:
    """Add these deployments and the catalog entries they refer to."""
    await create_catalog(ledger, services=["shop", "portal"], versions=["1.0.0", "2.0.0"])
    for deployment in deployments:
        await ledger.perform(partial(add, deployment=deployment))


def add(uow: UnitOfWork, *, deployment: Deployment) -> None:
    uow.deployments.add(deployment, requested_event(deployment))


@pytest.mark.parametrize("reference", MISSING)
async def test_unknown_deployment_is_not_found(
    ledger: AnyLedger, reference: DeploymentReference
) -> None:
    """Unknown ids and numbers are not found, either in a transaction or in reads."""
    with pytest.raises(NotFound, match=f"There is no deployment {reference}"):
        await ledger.perform(lambda uow: uow.deployments.get(reference))
    with pytest.raises(NotFound, match=f"There is no deployment {reference}"):
        await ledger.reads.deployment(reference)


async def test_save_of_an_outdated_revision_is_refused(ledger: AnyLedger) -> None:
    """If two changes are based on the same revision, the second one is refused."""
    pending = a_deployment()
    await add_deployments(ledger, pending)
    approved, event = transition(pending, Action.APPROVE)
    await ledger.perform(lambda uow: uow.deployments.save(approved, event))
    cancelled, late_event = transition(pending, Action.CANCEL)

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.deployments.save(cancelled, late_event))

    assert str(refused.value) == (
        "The deployment DEP-1 was changed by somebody else at the same time; reload and try again."
    )
    assert await ledger.reads.deployment(1) == approved


@pytest.mark.parametrize("ahead", [-1, 0, 2])
async def test_deployment_is_saved_only_as_the_next_revision(ledger: AnyLedger, ahead: int) -> None:
    """Any other revision is refused."""
    pending = a_deployment()
    await add_deployments(ledger, pending)
    approved, event = transition(pending, Action.APPROVE)
    wrong = replace(approved, revision=pending.revision + ahead)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.deployments.save(wrong, event))

    assert await ledger.reads.deployment(1) == pending


async def test_save_from_another_status_is_refused(ledger: AnyLedger) -> None:
    """A save is refused if the stored status differs from the one that the event starts from."""
    pending = a_deployment()
    await add_deployments(ledger, pending)
    approved, event = transition(pending, Action.APPROVE)
    wrong_event = replace(event, from_status=Status.APPROVED)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.deployments.save(approved, wrong_event))

    assert await ledger.reads.deployment(1) == pending


async def test_unknown_deployment_cannot_be_saved(ledger: AnyLedger) -> None:
    """Saving is refused, because there is no previous revision."""
    await add_deployments(ledger)
    approved, event = transition(a_deployment(number=7), Action.APPROVE)

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform(lambda uow: uow.deployments.save(approved, event))


async def test_numbers_start_at_one(ledger: AnyLedger) -> None:
    """Each further number is one more than the greatest existing number."""
    before = await ledger.perform(lambda uow: uow.deployments.next_number())
    await add_deployments(ledger, a_deployment(number=1), a_deployment(number=5))
    after = await ledger.perform(lambda uow: uow.deployments.next_number())

    assert (before, after) == (1, 6)


@pytest.mark.parametrize("status", Status)
async def test_deployment_is_stored_in_every_status(ledger: AnyLedger, status: Status) -> None:
    """The deployment is found by id and by number, with its approvals."""
    deployment = deployment_with_status(status)

    await add_deployments(ledger, deployment)

    assert await ledger.reads.deployment(deployment.id) == deployment
    assert await ledger.reads.deployment(deployment.number) == deployment
    assert await ledger.perform(lambda uow: uow.deployments.get(deployment.id)) == deployment
    assert (await all_events(ledger.reads))[-1] == requested_event(deployment)


async def test_deployment_is_stored_with_every_field(ledger: AnyLedger) -> None:
    """Text keeps every character, and times are exact to the microsecond."""
    later = NOON + timedelta(microseconds=1)
    rich = replace(
        deployment_with_status(Status.APPROVED),
        kind=DeploymentKind.PROMOTION,
        artifact_digest="sha256:abc",
        on_behalf_of="Zoë",
        triggered_by="Zoë[bot] ✓",
        unmapped_issuer="https://token.actions.example",
        notes="line\nline\t'quoted' \"twice\" \\ 日本 🚀",
        auto_start=True,
        target_version=3,
        target_digest="ab" * 32,
        target_set_at=later,
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
            identity=Identity(humans=("zoë",), provenance={"Ångström": Means.ACCOUNT}),
        ),
        after_review=AfterReview(
            state=AfterReviewState.CLOSED,
            due_at=later,
            verdict=Verdict.UNJUSTIFIED,
            closed_by="Ångström",
            closed_at=later,
            note="Hätte warten können.",
        ),
        promotion_blocked=BlockedAutoPromotion(
            environment="production", code="held", reason="By 'hand' ✗"
        ),
        rolled_back_by=an_id(),
        expires_at=later,
        build_id=an_id(),
        attempt=3,
        worker="worker:one",
        queued_at=later,
        started_in_production=True,
        started_at=later,
        finished_at=later,
        deployed_at=later,
        deployed_by="worker:one",
        rolled_back_at=later,
        external_id="run/17 ✓",
        recorded_rollback=True,
        unreviewed=True,
        import_seq=7,
        hidden=HideDecision(actor="Zoë", at=later, reason="It was 'test' ✗"),
        independence=Independence(
            dependent=(
                Dependence(
                    reviewer="Zoë", of="Ångström", through=("olga", "zoë"), by=Means.INVITATION
                ),
            )
        ),
    )
    looked_up = {"trigger_mapped_to", "former_triggers", "current_name_by_key"}
    stored = {field.name for field in fields(Deployment)} - looked_up
    empty = [name for name in stored if not getattr(rich, name)]

    await add_deployments(ledger, rich)

    assert empty == []
    assert await ledger.reads.deployment(1) == rich


async def test_saved_deployment_replaces_the_previous_revision(ledger: AnyLedger) -> None:
    """The deployment is read back correctly after each action of a full lifecycle."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    for action in (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED):
        deployment = await perform_action(
            ledger, action, deployment.id, f"person-{deployment.revision}"
        )

        assert await ledger.reads.deployment(deployment.id) == deployment


async def test_transaction_sees_its_own_changes(ledger: AnyLedger) -> None:
    """An action reads its own changes before they are committed."""
    await add_deployments(ledger)
    deployment = a_deployment()

    def add_and_look(uow: UnitOfWork) -> tuple[Deployment, int]:
        add(uow, deployment=deployment)
        return uow.deployments.get(deployment.id), uow.deployments.next_number()

    deployment_read, number = await ledger.perform(add_and_look)

    assert (deployment_read, number) == (deployment, 2)


async def test_empty_lane_has_no_deployments(ledger: AnyLedger) -> None:
    """A lane in an unknown environment has neither a started nor a newest deployment."""
    assert await ledger.reads.lane_state("shop", "moon") == LaneState()
    assert (
        await ledger.perform(lambda uow: uow.deployments.lane_state("shop", "moon")) == LaneState()
    )


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.STARTED, Status.SUCCEEDED}))
async def test_waiting_and_unsuccessful_deployments_are_not_in_the_lane(
    ledger: AnyLedger, status: Status
) -> None:
    """Such deployments neither block other deployments nor make them outdated."""
    await add_deployments(ledger, deployment_with_status(status))

    assert await ledger.reads.lane_state("shop", "production") == LaneState()


async def test_lane_has_the_started_and_the_newest_deployment(ledger: AnyLedger) -> None:
    """Failed deployments and deployments in other lanes are ignored."""
    await add_deployments(
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


async def test_started_deployment_can_be_the_newest(ledger: AnyLedger) -> None:
    """The deployment with the greatest number is the newest, whether started or succeeded."""
    await add_deployments(
        ledger, started(1, Status.SUCCEEDED, minutes=1), started(2, Status.STARTED, minutes=2)
    )

    lane = await ledger.reads.lane_state("shop", "production")

    assert lane.started == lane.newest
    assert lane.newest is not None
    assert lane.newest.number == 2


async def test_record_is_in_the_lane_since_its_creation(
    ledger: AnyLedger,
) -> None:
    """A record has no start time of its own, so its creation time is used."""
    record = replace(
        a_deployment(), kind=DeploymentKind.RECORD, status=Status.SUCCEEDED, deployed_at=NOON
    )

    await add_deployments(ledger, record)

    lane = await ledger.reads.lane_state("shop", "production")
    assert lane == LaneState(newest=LaneDeployment(number=1, version="1.0.0", since=NOON))


def started(number: int, status: Status, *, minutes: int, **fields: Any) -> Deployment:
    """Return a deployment that started the given number of minutes after noon."""
    return replace(
        deployment_with_status(status, number=number, **fields),
        started_at=NOON + timedelta(minutes=minutes),
    )


async def test_request_without_an_expiry_never_expires(ledger: AnyLedger) -> None:
    """A request whose policy sets no time limit for approval is never returned as expired."""
    await create_catalog(ledger)
    await request_deployment(ledger)

    expired = await ledger.perform(
        lambda uow: uow.deployments.list_due_to_expire(minutes_after_noon(10**6))
    )

    assert expired == ()
