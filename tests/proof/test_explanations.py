"""Explanations of hundreds of generated deployments agree with what actions then do."""

from contextlib import suppress
from copy import deepcopy
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.errors import Refusal
from gatepost_domain.lifecycle.explanation import Explanation
from gatepost_domain.status import HUMAN_ACTIONS, Action, Status
from tests.support.builders import a_command
from tests.support.domain.actions import bind_action, perform_action, run_sync
from tests.support.domain.generated_histories import PEOPLE, POLICIES, Scenario, scenarios

people = st.sampled_from(list(PEOPLE.values()))


def explained(world: Scenario, number: int, actor: Actor) -> Explanation:
    command = Command(actor=actor, at=world.now)
    looking = partial(explain_deployment, reference=number, command=command)
    return run_sync(world.ledger.read_snapshot(looking))


def refusal_of(world: Scenario, action: Action, number: int, actor: Actor) -> str | None:
    """Why the action is refused when it is really taken, but not kept; none if it is not."""
    command = a_command(actor, at=world.now, note="Because it must be.")
    try:
        run_sync(world.ledger.read_snapshot(bind_action(action, number, command)))
    except Refusal as refusal:
        return str(refusal)
    return None


@given(scenarios(), people, st.data())
@settings(max_examples=300)
def test_every_offer_is_kept_and_every_no_is_meant(
    world: Scenario, actor: Actor, data: st.DataObject
) -> None:
    """What is offered succeeds, and what is not is refused with the very sentence told before."""
    number = data.draw(st.integers(1, world.count))

    offers = explained(world, number, actor).actions

    assert {offer.action: offer.reason for offer in offers} == {
        action: refusal_of(world, action, number, actor) for action in HUMAN_ACTIONS
    }
    assert all(offer.allowed == (offer.reason is None) for offer in offers)


@given(scenarios(), st.data())
@settings(max_examples=300)
def test_what_can_start_starts(world: Scenario, data: st.DataObject) -> None:
    """`can_start` is true exactly if a start, or a worker's claim, would begin the rollout.

    What workers carry out is queued first, and begins with the claim.
    """
    number = data.draw(st.integers(1, world.count))
    deployment = run_sync(world.ledger.deployment(number))

    can_start = explained(world, number, PEOPLE["zed"]).can_start

    worker_run = POLICIES[deployment.environment][1].execution is ExecutionMode.WORKER
    tried = deepcopy(world)
    if worker_run and deployment.status is Status.APPROVED:
        with suppress(Refusal):
            run_sync(
                perform_action(tried.ledger, Action.START, number, PEOPLE["zed"], at=tried.now)
            )
    begin = Action.CLAIM if worker_run else Action.START
    assert can_start == (refusal_of(tried, begin, number, PEOPLE["zed"]) is None)


@given(scenarios(), people, st.data())
@settings(max_examples=50)
def test_to_ask_changes_nothing(world: Scenario, actor: Actor, data: st.DataObject) -> None:
    """An explanation leaves the world as it was, and is the same when asked for again."""
    number = data.draw(st.integers(1, world.count))

    first = explained(world, number, actor)

    assert explained(world, number, actor) == first
