"""Statuses, the table of transitions and the actions that it allows."""

from itertools import pairwise

import pytest

from gatepost_domain.status_transitions import (
    ACTIONS_REQUIRING_NOTE,
    HUMAN_ACTIONS,
    NEXT_ACTIONS,
    TRANSITIONS,
    WAITING_STATUSES,
    Action,
    Status,
    actions_to_suggest,
)
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS, NEEDS_NOTE

TERMINAL = {Status.REJECTED, Status.CANCELLED, Status.ROLLED_BACK}


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_terminal_deployment_allows_no_action(status: Status) -> None:
    """Rejected, cancelled and rolled-back deployments are final."""
    assert actions_to_suggest(status) == ()
    assert [move for move in TRANSITIONS if move[0] is status] == []


def test_every_other_status_allows_an_action() -> None:
    """Every status that is not final allows at least one action."""
    assert {status for status in Status if not actions_to_suggest(status)} == TERMINAL


def test_claim_is_not_an_action_of_people() -> None:
    """Claim is the only action that people cannot perform."""
    assert set(HUMAN_ACTIONS) == set(Action) - {Action.CLAIM}
    assert all(Action.CLAIM not in actions_to_suggest(status) for status in Status)


def test_next_actions_are_possible() -> None:
    """Every action that lists offer for a status is one that people can perform from there."""
    for status, actions in NEXT_ACTIONS.items():
        assert actions
        assert set(actions) <= set(actions_to_suggest(status))


def test_table_has_exactly_the_designed_transitions() -> None:
    """The table matches the design for each status and action."""
    designed = {
        (status, action): to
        for status, actions in DESIGNED_TRANSITIONS.items()
        for action, to in actions.items()
    }

    assert designed == TRANSITIONS


def test_reject_fail_rollback_and_cancel_require_a_note() -> None:
    """A note is optional for all other actions."""
    assert ACTIONS_REQUIRING_NOTE == NEEDS_NOTE


@pytest.mark.parametrize("status", Status)
def test_actions_are_listed_in_lifecycle_order(status: Status) -> None:
    """The actions available to people are listed in lifecycle order, each once."""
    order = list(Action)
    offered = [order.index(action) for action in actions_to_suggest(status)]

    assert all(before < after for before, after in pairwise(offered))
    assert {order[index] for index in offered} == DESIGNED_TRANSITIONS[status].keys() - {
        Action.CLAIM,
        Action.BREAK_GLASS,
    }


def test_every_status_can_be_reached() -> None:
    """The transitions lead from the first status to all others."""
    reached = {Status.PENDING_APPROVAL}
    for _ in Status:
        reached |= {
            to for (status, _), ends in TRANSITIONS.items() if status in reached for to in ends
        }

    assert reached == set(Status)


def test_waiting_statuses_are_those_that_can_be_cancelled() -> None:
    """A deployment can be cancelled exactly while it is waiting."""
    assert {
        status for status in Status if Action.CANCEL in actions_to_suggest(status)
    } == WAITING_STATUSES
