"""Any run of actions, right and wrong ones, beside a small model of what ought to happen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gatepost_domain.access.actor import Actor
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Denied, Refusal
from gatepost_domain.event import EventKind, LedgerEntry, find_chain_break
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Action, Status
from tests.support.domain.actions import all_entries, perform_action, request_deployment, run_sync
from tests.support.domain.generated_histories import PEOPLE, scenario_ledger
from tests.support.domain.lifecycle import (
    DESIGNED_TRANSITIONS,
    NEEDS_NOTE,
    NEEDS_REASON,
    TRANSITION_ACTIONS,
)

STAGES: Mapping[str, Sequence[str | None]] = {
    "production": ["qa", "devops"],
    "staging": [None],
    "test": [],
    "farm": ["qa"],
}
"""The groups that each environment asks, stage by stage; none means anybody."""
BY_ITSELF = {"test": Status.STARTED, "farm": Status.QUEUED}
"""Where the environment starts what is approved by itself, and what that leads to."""
REVIEWS = {Action.APPROVE, Action.REJECT}
DENIED_AS = dict.fromkeys(REVIEWS, EventKind.REVIEW_DENIED) | {
    Action.BREAK_GLASS: EventKind.BREAK_GLASS_DENIED
}
UNFINISHED = {Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED, Status.STARTED}


@dataclass
class Modelled:
    """What the model knows of a deployment."""

    number: int
    environment: str
    requester: str
    status: Status = Status.PENDING_APPROVAL
    approved_by: list[str] = field(default_factory=list)


class Lifecycle(RuleBasedStateMachine):
    """The ledger and the model, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = scenario_ledger()
        self.model: list[Modelled] = []
        self.seen = len(self.entries())
        self.told = self.entries()

    @rule(environment=st.sampled_from(sorted(STAGES)), requester=st.sampled_from(["ada", "bo"]))
    def ask_for(self, environment: str, requester: str) -> None:
        asked = Modelled(len(self.model) + 1, environment, requester)
        self.model.append(asked)

        run_sync(request_deployment(self.ledger, environment=environment, requester=requester))

        kinds = [EventKind.REQUESTED]
        if not STAGES[environment]:
            kinds += [EventKind.APPROVED, *self.settled(asked)]
        assert self.new_kinds() == kinds

    @precondition(lambda self: self.model)
    @rule(
        number=st.integers(0, 9),
        action=st.sampled_from(TRANSITION_ACTIONS),
        by=st.sampled_from(list(PEOPLE.values())),
        note=st.sampled_from(["Because it must be.", None]),
    )
    def attempt(self, number: int, action: Action, by: Actor, note: str | None) -> None:
        one = self.model[number % len(self.model)]
        self.apply(one, action, by, note)

    @precondition(lambda self: self.unfinished())
    @rule(
        number=st.integers(0, 9),
        choice=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2, 3]),
        asked_first=st.sampled_from([*PEOPLE, None]),
    )
    def advance(self, number: int, choice: int, asked_first: str | None) -> None:
        """Mostly forward, by the first who can, or by whoever approved last even if they cannot.

        The first action that a status admits is the one it is there for.
        """
        one = self.unfinished()[number % len(self.unfinished())]
        actions = list(DESIGNED_TRANSITIONS[one.status])
        action = actions[choice % len(actions)]
        people = sorted(PEOPLE.values(), key=lambda each: each.name != asked_first)
        if asked_first is None and one.approved_by:
            people = [PEOPLE[one.approved_by[-1]]]
        able = (by for by in people if self.refusal(one, action, by, "") is None)
        self.apply(one, action, next(able, people[0]), "Because it must be.")

    def unfinished(self) -> list[Modelled]:
        return [each for each in self.model if each.status in UNFINISHED]

    def apply(self, one: Modelled, action: Action, by: Actor, note: str | None) -> None:
        """Take an action and compare what comes of it with what ought to."""
        expected = self.refusal(one, action, by, note)
        if expected is not None:
            with pytest.raises(Refusal) as refused:
                run_sync(perform_action(self.ledger, action, one.number, by, note=note))
            assert refused.value.code == expected
            denied = isinstance(refused.value, Denied)
            assert self.new_kinds() == [DENIED_AS.get(action, EventKind.ACCESS_DENIED)] * denied
            return
        after = run_sync(perform_action(self.ledger, action, one.number, by, note=note))
        kinds = self.kinds_of(one, action, by)
        assert self.new_kinds() == kinds
        assert after.status is one.status

    def refusal(self, one: Modelled, action: Action, by: Actor, note: str | None) -> str | None:
        """The code with which the model refuses an action; none if it lets it pass."""
        name = by.name.lower()
        if action in {Action.APPROVE, Action.REJECT} and name == one.requester:
            return "self_review"
        if name == "vic" and action not in REVIEWS:
            return "forbidden"
        if action not in DESIGNED_TRANSITIONS[one.status]:
            return "transition_refused"
        if action in {Action.APPROVE, Action.REJECT}:
            group = STAGES[one.environment][len(one.approved_by)]
            if group is not None and group not in by.groups:
                return "not_eligible"
            if action is Action.APPROVE and name in one.approved_by:
                return "already_reviewed"
        if action is Action.START and one.environment == "staging" and name in one.approved_by:
            return "reviewer_may_not_start"
        if action in {Action.START, Action.CLAIM} and (gate := self.closed_gate(one)):
            return gate
        if note is None and action in NEEDS_REASON:
            return "reason_too_short"
        return "note_required" if action in NEEDS_NOTE and note is None else None

    def closed_gate(self, one: Modelled) -> str | None:
        lane = [each for each in self.model if each.environment == one.environment]
        if any(each.status is Status.STARTED for each in lane):
            return "lane_busy"
        ahead = (each for each in lane if each.status is Status.SUCCEEDED)
        return "outdated" if any(each.number > one.number for each in ahead) else None

    def kinds_of(self, one: Modelled, action: Action, by: Actor) -> list[EventKind]:
        """Move the model on; the events that say so."""
        before = one.status
        if action is Action.BREAK_GLASS:
            return [EventKind.BROKE_GLASS, *self.settled(one)]
        if action is not Action.APPROVE:
            (one.status,) = DESIGNED_TRANSITIONS[before][action] - {Status.QUEUED}
            frees = action in {Action.SUCCEED, Action.FAIL, Action.ROLLBACK}
            return [EventKind(one.status), *(self.resumed(one.environment) if frees else [])]
        one.approved_by.append(by.name.lower())
        if len(one.approved_by) < len(STAGES[one.environment]):
            return [EventKind.APPROVED]
        return [EventKind.APPROVED, *self.settled(one)]

    def settled(self, one: Modelled) -> list[EventKind]:
        """Let what is approved start by itself, where it does so and its gates are open."""
        one.status = Status.APPROVED
        to = BY_ITSELF.get(one.environment)
        if to is None or (to is Status.STARTED and self.closed_gate(one)):
            return []
        one.status = to
        return [EventKind(to)]

    def resumed(self, environment: str) -> list[EventKind]:
        """Let what waited for the lane go on, in the order it was asked for."""
        waiting = [
            each
            for each in self.model
            if each.environment == environment and each.status is Status.APPROVED
        ]
        return [kind for each in waiting for kind in self.settled(each)]

    @invariant()
    def the_history_only_grows(self) -> None:
        entries = self.entries()
        assert entries[: len(self.told)] == self.told
        self.told = entries

    def teardown(self) -> None:
        """What only ever grew was never broken if it is whole in the end."""
        assert find_chain_break(self.told) is None

    @invariant()
    def the_ledger_stands_where_the_model_does(self) -> None:
        assert [(each.number, each.status) for each in self.deployments()] == [
            (each.number, each.status) for each in self.model
        ]

    @invariant()
    def at_most_one_is_started_in_a_lane(self) -> None:
        started = Counter(
            each.environment for each in self.deployments() if each.status is Status.STARTED
        )
        assert all(number == 1 for number in started.values())

    @invariant()
    def what_stands_is_what_the_events_add_up_to(self) -> None:
        moves = [
            entry.event for entry in self.entries() if not entry.event.kind.endswith("_denied")
        ]
        for deployment in self.deployments():
            own = [event for event in moves if event.deployment_id == deployment.id]
            assert [event.from_status for event in own] == [
                None,
                *(event.to_status for event in own[:-1]),
            ]
            assert own[-1].to_status is deployment.status
            assert len(own) == deployment.revision

    def entries(self) -> list[LedgerEntry]:
        return run_sync(all_entries(self.ledger.reads))

    def deployments(self) -> list[Deployment]:
        wanted = DeploymentFilter(oldest_first=True)
        return list(run_sync(self.ledger.deployments(wanted, PageRequest(limit=1000))).items)

    def new_kinds(self) -> list[EventKind]:
        """The kinds of the events since this was last asked."""
        new = self.entries()[self.seen :]
        self.seen += len(new)
        return [entry.event.kind for entry in new]


def test_no_run_of_actions_leads_where_the_design_does_not() -> None:
    """Whatever is tried, in whatever order, ledger and model agree, and the history holds."""
    run_state_machine_as_test(
        Lifecycle, settings=settings(max_examples=160, stateful_step_count=50)
    )
