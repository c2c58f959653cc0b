"""Invariants of every lane under arbitrary sequences of actions."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given, settings

from gatepost_domain.catalog.policy import RollbackApprovals
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import Event, EventKind, LedgerEntry
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import CurrentFilter
from tests.support.domain.actions import all_entries, run_sync
from tests.support.domain.event_chain import find_chain_fault
from tests.support.domain.generated_histories import Scenario, scenarios
from tests.support.domain.generated_operations import POLICIES
from tests.support.domain.promotion import all_deployments


def all_of(world: Scenario) -> list[Deployment]:
    return run_sync(all_deployments(world.ledger))


def events_of(world: Scenario) -> list[Event]:
    return [entry.event for entry in entries(world)]


def entries(world: Scenario) -> list[LedgerEntry]:
    return run_sync(all_entries(world.ledger))


def events_of_kind(deployment: Deployment, events: Iterable[Event], kind: EventKind) -> list[Event]:
    return [each for each in events if (each.deployment_id, each.kind) == (deployment.id, kind)]


@given(scenarios())
@settings(max_examples=100)
def test_older_deployment_never_replaces_a_newer_one(world: Scenario) -> None:
    """The only exceptions are rollbacks and overrides of the order gate."""
    deployments, events = all_of(world), events_of(world)
    current = run_sync(world.ledger.current_state(CurrentFilter()))

    for cell in current.cells:
        live = deployments[cell.number - 1]
        newer = [
            each
            for each in deployments
            if (each.service, each.environment) == cell.lane_key
            and each.number > cell.number
            and each.kind is not DeploymentKind.RECORD
            and each.status is Status.SUCCEEDED
        ]
        overridden = events_of_kind(live, events, EventKind.OVERRIDDEN)
        (requested,) = events_of_kind(live, events, EventKind.REQUESTED)
        assert (
            not newer
            or requested.data["kind"] == "rollback"
            or any(event.data["gate"] == "order" for event in overridden)
        )


@given(scenarios())
@settings(max_examples=100)
def test_nothing_starts_without_the_required_approvals(world: Scenario) -> None:
    """The requester's approval does not count. Break-glass requires an after-review."""
    events = events_of(world)

    for deployment in all_of(world):
        policy = POLICIES[deployment.environment][1]
        rollbacks_exempt = policy.rollback_approvals is RollbackApprovals.NONE
        required = sum(stage.required for stage in policy.approval_stages)
        if deployment.started_at is None or (
            rollbacks_exempt and deployment.kind is DeploymentKind.ROLLBACK
        ):
            continue
        approvers = {
            event.actor.lower()
            for event in events_of_kind(deployment, events, EventKind.APPROVED)
            if event.actor != "system"
        }
        assert deployment.requester not in approvers
        if deployment.break_glass is None:
            assert len(approvers) >= min(required, 2)
        else:
            (broke_glass,) = events_of_kind(deployment, events, EventKind.BROKE_GLASS)
            reviewed = events_of_kind(deployment, events, EventKind.AFTER_REVIEWED)
            review = deployment.after_review
            assert review is not None
            assert review.is_pending() == (not reviewed)
            assert not {event.actor.lower() for event in reviewed} & {
                broke_glass.actor.lower(),
                deployment.requester,
            }


@given(scenarios())
@settings(max_examples=100)
def test_automatic_promotion_happens_once_with_the_same_requester(world: Scenario) -> None:
    """Each source has at most one promotion per environment, and rollbacks have none."""
    deployments = all_of(world)
    by_id = {deployment.id: deployment for deployment in deployments}
    promoted: defaultdict[object, list[Deployment]] = defaultdict(list)
    for deployment in deployments:
        if deployment.promoted_from is not None:
            promoted[deployment.promoted_from, deployment.environment].append(deployment)

    assert all(len(group) == 1 for group in promoted.values())
    for deployment in deployments:
        if deployment.automatic and deployment.promoted_from is not None:
            source = by_id[deployment.promoted_from]
            assert (deployment.requester, deployment.identities) == (
                source.requester,
                source.identities,
            )
            assert source.kind is not DeploymentKind.ROLLBACK


@given(scenarios())
@settings(max_examples=50)
def test_state_follows_from_the_events(world: Scenario) -> None:
    """Each revision has one event, and a deployment's status is that of its last event."""
    log = entries(world)
    events = [entry.event for entry in log]

    assert find_chain_fault(log) is None
    for deployment in all_of(world):
        own_events = [
            each
            for each in events
            if each.deployment_id == deployment.id
            and not each.kind.endswith("_denied")
            and each.kind not in {EventKind.VERSION_BLOCKED, EventKind.HOLD_SET}
        ]
        assert len(own_events) == deployment.revision
        assert own_events[-1].to_status is deployment.status
        assert all(
            previous.to_status is following.from_status
            for previous, following in pairwise(own_events)
        )
        started = {each.environment for each in all_of(world) if each.status is Status.STARTED}
        assert len(started) == sum(each.status is Status.STARTED for each in all_of(world))


@given(scenarios())
@settings(max_examples=50)
def test_tick_leaves_nothing_due(world: Scenario) -> None:
    """A second tick at the same instant has nothing to do."""
    world.wait(0)
    before = entries(world)

    world.wait(0)

    assert entries(world) == before
