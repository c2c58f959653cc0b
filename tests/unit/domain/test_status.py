"""Where a deployment stands and what can be done to it there."""

from itertools import pairwise

import pytest

from gatepost_domain.status import (
    ACTIONS_REQUIRING_NOTE,
    HUMAN_ACTIONS,
    TRANSITIONS,
    WAITING_STATUSES,
    Action,
    Status,
    allowed_actions,
)
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS, NEEDS_NOTE

TERMINAL = {Status.REJECTED, Status.CANCELLED, Status.ROLLED_BACK}


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_nothing_can_be_done_to_a_terminal_deployment(status: Status) -> None:
    """What was rejected, cancelled or rolled back is never changed again."""
    assert allowed_actions(status) == ()
    assert [move for move in TRANSITIONS if move[0] is status] == []


def test_only_the_terminal_statuses_lead_nowhere() -> None:
    """A deployment that has not ended for good can always be moved on."""
    assert {status for status in Status if not allowed_actions(status)} == TERMINAL


def test_a_person_is_never_offered_to_claim() -> None:
    """To claim is a worker's; every other action is a person's."""
    assert set(HUMAN_ACTIONS) == set(Action) - {Action.CLAIM}
    assert all(Action.CLAIM not in allowed_actions(status) for status in Status)


def test_the_table_holds_the_moves_of_the_design_and_no_others() -> None:
    """The one table of moves says what the design says, move by move."""
    designed = {
        (status, action): to
        for status, actions in DESIGNED_TRANSITIONS.items()
        for action, to in actions.items()
    }

    assert designed == TRANSITIONS


def test_bad_news_and_withdrawals_need_a_reason() -> None:
    """Reject, fail, roll back and cancel ask for a note, and nothing else does."""
    assert ACTIONS_REQUIRING_NOTE == NEEDS_NOTE


@pytest.mark.parametrize("status", Status)
def test_actions_are_offered_in_the_order_of_the_lifecycle(status: Status) -> None:
    """Wherever actions are listed, they come in one order, each once."""
    order = list(Action)
    offered = [order.index(action) for action in allowed_actions(status)]

    assert all(before < after for before, after in pairwise(offered))
    assert {order[index] for index in offered} == DESIGNED_TRANSITIONS[status].keys() - {
        Action.CLAIM,
        Action.BREAK_GLASS,
    }


def test_every_status_can_be_reached() -> None:
    """No status is a word without a way to it."""
    reached = {Status.PENDING_APPROVAL}
    for _ in Status:
        reached |= {
            to for (status, _), ends in TRANSITIONS.items() if status in reached for to in ends
        }

    assert reached == set(Status)


def test_what_waits_is_what_may_still_be_cancelled() -> None:
    """A deployment can be withdrawn exactly as long as it has not started or ended."""
    assert {
        status for status in Status if Action.CANCEL in allowed_actions(status)
    } == WAITING_STATUSES
