"""Explanations of generated deployments agree with the outcomes of the actions."""

from contextlib import suppress
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.errors import Refusal
from gatepost_domain.lifecycle.explanation import Explanation
from gatepost_domain.status_transitions import HUMAN_ACTIONS, Action, Status
from tests.support.builders import a_command
from tests.support.domain.actions import bind_action, perform_action, run_sync
from tests.support.domain.generated_histories import Scenario, scenarios
from tests.support.domain.generated_operations import PEOPLE, POLICIES

people = st.sampled_from(list(PEOPLE.values()))


def explain(scenario: Scenario, number: int, actor: Actor) -> Explanation:
    command = Command(actor=actor, at=scenario.now)
    action = partial(explain_deployment, reference=number, command=command)
    return run_sync(scenario.ledger.read_snapshot(action))


def refusal_of(scenario: Scenario, action: Action, number: int, actor: Actor) -> str | None:
    """Return why the action is refused, or None; nothing is stored."""
    command = a_command(actor, at=scenario.now, note="Because it must be.")
    try:
        run_sync(scenario.ledger.read_snapshot(bind_action(action, number, command)))
    except Refusal as refusal:
        return str(refusal)
    return None


@given(scenarios(), people, st.data())
@settings(max_examples=300)
def test_explained_actions_succeed_or_fail_as_explained(
    scenario: Scenario, actor: Actor, data: st.DataObject
) -> None:
    """Allowed actions succeed, and others are refused with the explained reason."""
    number = data.draw(st.integers(1, scenario.count))

    explained_actions = explain(scenario, number, actor).actions

    assert {
        explained_action.action: explained_action.reason for explained_action in explained_actions
    } == {action: refusal_of(scenario, action, number, actor) for action in HUMAN_ACTIONS}
    assert all(
        explained_action.allowed == (explained_action.reason is None)
        for explained_action in explained_actions
    )


@given(scenarios(), st.data())
@settings(max_examples=300)
def test_can_start_is_true_exactly_if_the_rollout_can_begin(
    scenario: Scenario, data: st.DataObject
) -> None:
    """The rollout begins with a start or, in a worker-run environment, with a claim.

    Deployments to worker-run environments are queued first.
    """
    number = data.draw(st.integers(1, scenario.count))
    deployment = run_sync(scenario.ledger.deployment(number))

    can_start = explain(scenario, number, PEOPLE["zed"]).can_start

    is_worker_run = POLICIES[deployment.environment][1].execution is ExecutionMode.WORKER
    if is_worker_run and deployment.status is Status.APPROVED:
        with suppress(Refusal):
            run_sync(
                perform_action(
                    scenario.ledger, Action.START, number, PEOPLE["zed"], at=scenario.now
                )
            )
    first_action = Action.CLAIM if is_worker_run else Action.START
    assert can_start == (refusal_of(scenario, first_action, number, PEOPLE["zed"]) is None)


@given(scenarios(), people, st.data())
@settings(max_examples=50)
def test_explaining_changes_nothing(scenario: Scenario, actor: Actor, data: st.DataObject) -> None:
    """A second explanation is equal to the first."""
    number = data.draw(st.integers(1, scenario.count))

    first = explain(scenario, number, actor)

    assert explain(scenario, number, actor) == first
