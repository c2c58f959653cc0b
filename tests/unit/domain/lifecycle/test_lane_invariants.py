"""What holds of every lane, whatever people try in whatever order."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given, settings

from gatepost_domain.catalog.policy import RollbackApprovals
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import Event, EventKind, LedgerEntry, find_chain_break
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import CurrentFilter
from tests.support.domain.actions import all_entries, run_sync
from tests.support.domain.generated_histories import Scenario, scenarios
from tests.support.domain.generated_operations import POLICIES
from tests.support.domain.promotion import all_deployments


def all_of(world: Scenario) -> list[Deployment]:
    return run_sync(all_deployments(world.ledger))


def told(world: Scenario) -> list[Event]:
    return [entry.event for entry in entries(world)]


def entries(world: Scenario) -> list[LedgerEntry]:
    return run_sync(all_entries(world.ledger))


def of(deployment: Deployment, events: Iterable[Event], kind: EventKind) -> list[Event]:
    return [each for each in events if (each.deployment_id, each.kind) == (deployment.id, kind)]


@given(scenarios())
@settings(max_examples=100)
def test_no_older_deployment_stands_where_a_newer_one_succeeded(world: Scenario) -> None:
    """Unless somebody went back on purpose, or passed the gate of order with a reason."""
    deployments, events = all_of(world), told(world)
    current = run_sync(world.ledger.current_state(CurrentFilter()))

    for cell in current.cells:
        stands = deployments[cell.number - 1]
        newer = [
            each
            for each in deployments
            if (each.service, each.environment) == cell.lane_key
            and each.number > cell.number
            and each.kind is not DeploymentKind.RECORD
            and each.status is Status.SUCCEEDED
        ]
        passed = of(stands, events, EventKind.OVERRIDDEN)
        (asked,) = of(stands, events, EventKind.REQUESTED)
        assert (
            not newer
            or asked.data["kind"] == "rollback"
            or any(event.data["gate"] == "order" for event in passed)
        )


@given(scenarios())
@settings(max_examples=100)
def test_nothing_starts_without_the_consent_that_its_policy_asks(world: Scenario) -> None:
    """Of others than whoever asked for it; or the glass was broken, and that is told and owed."""
    events = told(world)

    for deployment in all_of(world):
        policy = POLICIES[deployment.environment][1]
        free = policy.rollback_approvals is RollbackApprovals.NONE
        wanted = sum(stage.required for stage in policy.approval_stages)
        if deployment.started_at is None or (free and deployment.kind is DeploymentKind.ROLLBACK):
            continue
        given_by = {
            event.actor.lower()
            for event in of(deployment, events, EventKind.APPROVED)
            if event.actor != "system"
        }
        assert deployment.requester not in given_by
        if deployment.break_glass is None:
            assert len(given_by) >= min(wanted, 2)
        else:
            (broken,) = of(deployment, events, EventKind.BROKE_GLASS)
            judged = of(deployment, events, EventKind.AFTER_REVIEWED)
            review = deployment.after_review
            assert review is not None
            assert review.is_pending() == (not judged)
            assert not {event.actor.lower() for event in judged} & {
                broken.actor.lower(),
                deployment.requester,
            }


@given(scenarios())
@settings(max_examples=100)
def test_what_came_by_itself_came_once_and_in_the_name_of_who_asked(world: Scenario) -> None:
    """At most one promotion of each source to each place, and never of a rollback by itself."""
    deployments = all_of(world)
    by_id = {each.id: each for each in deployments}
    promoted: defaultdict[object, list[Deployment]] = defaultdict(list)
    for each in deployments:
        if each.promoted_from is not None:
            promoted[each.promoted_from, each.environment].append(each)

    assert all(len(group) == 1 for group in promoted.values())
    for each in deployments:
        if each.automatic and each.promoted_from is not None:
            source = by_id[each.promoted_from]
            assert (each.requester, each.identities) == (source.requester, source.identities)
            assert source.kind is not DeploymentKind.ROLLBACK


@given(scenarios())
@settings(max_examples=50)
def test_state_and_history_move_together(world: Scenario) -> None:
    """Each deployment stands where its events left it, one event to each revision."""
    log = entries(world)
    events = [entry.event for entry in log]

    assert find_chain_break(log) is None
    for deployment in all_of(world):
        own = [
            each
            for each in events
            if each.deployment_id == deployment.id
            and not each.kind.endswith("_denied")
            and each.kind not in {EventKind.VERSION_BLOCKED, EventKind.HOLD_SET}
        ]
        assert len(own) == deployment.revision
        assert own[-1].to_status is deployment.status
        assert all(one.to_status is two.from_status for one, two in pairwise(own))
        started = {each.environment for each in all_of(world) if each.status is Status.STARTED}
        assert len(started) == sum(each.status is Status.STARTED for each in all_of(world))


@given(scenarios())
@settings(max_examples=50)
def test_what_time_has_done_is_not_due_again(world: Scenario) -> None:
    """After the passing of time nothing is left to do at that instant."""
    world.wait(0)
    before = entries(world)

    world.wait(0)

    assert entries(world) == before
