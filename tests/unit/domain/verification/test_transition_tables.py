"""The move table of the verification is equal to the rules of the domain."""

import json
from dataclasses import replace
from itertools import product

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind, consent_digest
from gatepost_domain.errors import Refusal
from gatepost_domain.event import EventKind
from gatepost_domain.gates.evaluation import NEVER_OVERRIDDEN
from gatepost_domain.lifecycle import execution, overrides_and_break_glass
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.status_transitions import (
    STATUS_WITHOUT_AUTO_START,
    STATUSES_AFTER_VOIDING,
    TRANSITIONS,
    WAITING_STATUSES,
    Action,
    Status,
)
from gatepost_domain.verification import approval_rules, transition_tables
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    creation_terms,
)
from tests.support.domain.emergencies import FROZEN, break_glass, close_review, override
from tests.support.domain.lifecycle import (
    WORKER_POLICY,
    deployment_with_status,
    transition,
)


def events_of_every_transition() -> set[tuple[str, str, str]]:
    """Perform every action in every status, and return the moves of the recorded events."""
    moves: set[tuple[str, str, str]] = set()
    for status, action in TRANSITIONS:
        before = [deployment_with_status(status)]
        if action is Action.APPROVE:
            before.append(transition(before[0], action)[0])
        for deployment, policy in product(before, [QA_THEN_DEVOPS, WORKER_POLICY]):
            _, event = transition(deployment, action, policy=policy)
            moves.add((str(event.from_status), str(event.kind), str(event.to_status)))
    return moves


def moves_without_a_person() -> set[tuple[str, str, str]]:
    """Return the moves of the events that Gatepost writes itself when a user is disabled."""
    voided = {
        (str(before), str(EventKind.APPROVAL_VOIDED), str(after))
        for before, ends in STATUSES_AFTER_VOIDING.items()
        for after in ends
    }
    cancelled = {
        (str(before), str(EventKind.AUTO_START_CANCELLED), str(after))
        for before, after in STATUS_WITHOUT_AUTO_START.items()
    }
    return voided | cancelled


def test_moves_are_those_that_the_domain_makes() -> None:
    """Every transition of the domain writes an event of the table, and no move is missing."""
    redundant = {
        (str(status), str(EventKind.APPROVAL_WITHDRAWN), str(status))
        for status in (Status.APPROVED, Status.QUEUED)
    }

    made = events_of_every_transition() | redundant | moves_without_a_person()

    assert made == transition_tables.MOVES


def test_moves_connect_the_statuses_of_the_domains_table() -> None:
    """The table has the same pairs of statuses as the domain's table of transitions."""
    expected = {(before, after) for (before, _), to in TRANSITIONS.items() for after in to}
    expected |= {(before, after) for before, after in STATUS_WITHOUT_AUTO_START.items()}

    assert {(before, after) for before, _, after in transition_tables.MOVES} == expected


def test_statuses_are_grouped_as_in_the_domain() -> None:
    """The waiting and the terminal statuses are the same."""
    assert transition_tables.WAITING_STATUSES == WAITING_STATUSES
    left = {before for before, _ in TRANSITIONS}
    assert set(Status) - left == transition_tables.TERMINAL_STATUSES


def attempt(kind: EventKind, status: Status) -> Transition:
    """Let the domain make an event that keeps the status, or raise a refusal."""
    deployment, command = deployment_with_status(status), a_command("olga")
    if kind is EventKind.OVERRIDDEN:
        return override(deployment, context=FROZEN)
    if kind is EventKind.TAKEN_OVER:
        return execution.take_over(deployment, command, previous_worker="one")
    review = break_glass()[0]
    reviewed = replace(deployment, break_glass=review.break_glass, after_review=review.after_review)
    if kind is EventKind.AFTER_REVIEW_OVERDUE:
        return overrides_and_break_glass.mark_after_review_overdue(reviewed, command)
    return close_review(reviewed)


@pytest.mark.parametrize("kind", [EventKind.OVERRIDDEN, EventKind.TAKEN_OVER])
def test_events_that_keep_the_status_are_possible_where_the_domain_makes_them(
    kind: EventKind,
) -> None:
    """The statuses are those in which the domain does not refuse the action."""
    possible: set[str] = set()
    for status in Status:
        try:
            _, event = attempt(kind, status)
        except Refusal:
            continue
        assert event.from_status is event.to_status is status
        possible.add(status)

    assert possible == transition_tables.STATUSES_KEPT_BY[kind]


@pytest.mark.parametrize("kind", [EventKind.AFTER_REVIEW_OVERDUE, EventKind.AFTER_REVIEWED])
def test_after_review_is_possible_in_every_status_after_break_glass(kind: EventKind) -> None:
    """Break-glass approves for good, so the possible statuses are those that follow `approved`."""
    reached = {Status.APPROVED}
    for _ in Status:
        reached |= {
            after
            for (before, action), to in TRANSITIONS.items()
            if before in reached and action is not Action.WITHDRAW
            for after in to
        }

    assert reached == transition_tables.STATUSES_KEPT_BY[kind]
    for status in reached:
        _, event = attempt(kind, status)
        assert event.from_status is event.to_status is status


def test_every_kind_of_the_tables_is_a_kind_of_event() -> None:
    """No kind in the tables is misspelt or was renamed."""
    kinds = {
        *transition_tables.FIRST_STATUSES,
        *(kind for _, kind, _ in transition_tables.MOVES),
        *transition_tables.STATUSES_KEPT_BY,
        *transition_tables.DENIALS,
        *transition_tables.SIDE_EFFECTS,
        *transition_tables.KINDS_OF_RECORDS,
    }

    assert kinds <= set(EventKind)


def test_kinds_of_deployments_and_gates_are_those_of_the_domain() -> None:
    """Each kind of deployment has its first event, and the same gates can never be overridden."""
    first = transition_tables.DEPLOYMENT_KINDS.values()
    assert sorted(kind for kinds in first for kind in kinds) == sorted(DeploymentKind)
    assert NEVER_OVERRIDDEN.keys() == transition_tables.NEVER_OVERRIDDEN


def test_consent_digest_is_that_of_the_domain() -> None:
    """The digest of the data of a request equals the digest that reviewers approve."""
    deployment = a_deployment(notes="For the sale.")
    data = {name: getattr(deployment, name) for name in approval_rules.CONSENT_FIELDS}

    recomputed = approval_rules.consent_digest(json.loads(json.dumps(data)))

    assert recomputed == consent_digest(deployment)
    assert approval_rules.consent_digest({**data, "target_version": None}) == recomputed
    with_target = replace(deployment, target_version=3, target_digest="ab" * 32)
    target = {name: getattr(with_target, name) for name in approval_rules.TARGET_FIELDS}
    assert approval_rules.consent_digest({**data, **target}) == consent_digest(with_target)
    assert creation_terms().policy_version == data["policy_version"]
    assert deployment.created_at == NOON
