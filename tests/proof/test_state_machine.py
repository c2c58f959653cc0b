"""Sequences of valid and invalid actions are compared with a simple model."""

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
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Action, Status
from tests.support.domain.actions import all_entries, perform_action, request_deployment, run_sync
from tests.support.domain.event_chain import find_chain_fault
from tests.support.domain.generated_histories import scenario_ledger
from tests.support.domain.generated_operations import PEOPLE
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
"""The groups of each environment's approval stages in order; None is any reviewer."""
AUTO_STARTS = {"test": Status.STARTED, "farm": Status.QUEUED}
"""The environments that start deployments automatically, and the resulting status."""
REVIEWS = {Action.APPROVE, Action.REJECT, Action.WITHDRAW}
DENIAL_EVENTS = dict.fromkeys(REVIEWS, EventKind.REVIEW_DENIED) | {
    Action.BREAK_GLASS: EventKind.BREAK_GLASS_DENIED
}
UNFINISHED = {Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED, Status.STARTED}


@dataclass
class ModelDeployment:
    """The model's data about one deployment."""

    number: int
    environment: str
    requester: str
    status: Status = Status.PENDING_APPROVAL
    approvals: dict[int, str] = field(default_factory=dict)
    """Who approved, by the position of the stage."""
    broke_glass: bool = False

    @property
    def approved_by(self) -> list[str]:
        """Who approved, in the order of the stages."""
        return [self.approvals[stage] for stage in sorted(self.approvals)]

    @property
    def open_stage(self) -> int | None:
        """The position of the first stage that nobody has approved; None if there is none."""
        stages = range(len(STAGES[self.environment]))
        return next((stage for stage in stages if stage not in self.approvals), None)


class Lifecycle(RuleBasedStateMachine):
    """A ledger and a model that are compared after every action."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = scenario_ledger()
        self.model: list[ModelDeployment] = []
        self.entries_seen = len(self.entries())
        self.last_entries = self.entries()

    @rule(environment=st.sampled_from(sorted(STAGES)), requester=st.sampled_from(["ada", "bo"]))
    def request(self, environment: str, requester: str) -> None:
        deployment = ModelDeployment(len(self.model) + 1, environment, requester)
        self.model.append(deployment)

        run_sync(request_deployment(self.ledger, environment=environment, requester=requester))

        kinds = [EventKind.REQUESTED]
        if not STAGES[environment]:
            kinds += [EventKind.APPROVED, *self.start_automatically(deployment)]
        assert self.new_kinds() == kinds

    @precondition(lambda self: self.model)
    @rule(
        number=st.integers(0, 9),
        action=st.sampled_from(TRANSITION_ACTIONS),
        actor=st.sampled_from(list(PEOPLE.values())),
        note=st.sampled_from(["Because it must be.", None]),
    )
    def attempt(self, number: int, action: Action, actor: Actor, note: str | None) -> None:
        deployment = self.model[number % len(self.model)]
        self.apply(deployment, action, actor, note)

    @precondition(lambda self: self.unfinished())
    @rule(
        number=st.integers(0, 9),
        choice=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2, 3]),
        first_actor=st.sampled_from([*PEOPLE, None]),
    )
    def advance(self, number: int, choice: int, first_actor: str | None) -> None:
        """Perform one of the next actions, if possible as a person who is allowed to perform it.

        If nobody is allowed to, the first candidate attempts the action. The first action of a
        status is its usual one.
        """
        deployment = self.unfinished()[number % len(self.unfinished())]
        actions = list(DESIGNED_TRANSITIONS[deployment.status])
        action = actions[choice % len(actions)]
        people = sorted(PEOPLE.values(), key=lambda person: person.name != first_actor)
        if first_actor is None and deployment.approved_by:
            people = [PEOPLE[deployment.approved_by[-1]]]
        allowed_actors = (
            actor for actor in people if self.refusal(deployment, action, actor, "") is None
        )
        self.apply(deployment, action, next(allowed_actors, people[0]), "Because it must be.")

    def unfinished(self) -> list[ModelDeployment]:
        return [deployment for deployment in self.model if deployment.status in UNFINISHED]

    def apply(
        self, deployment: ModelDeployment, action: Action, actor: Actor, note: str | None
    ) -> None:
        """Perform an action and compare its outcome with the model."""
        expected = self.refusal(deployment, action, actor, note)
        if expected is not None:
            with pytest.raises(Refusal) as refused:
                run_sync(perform_action(self.ledger, action, deployment.number, actor, note=note))
            assert refused.value.code == expected
            denied = isinstance(refused.value, Denied)
            assert self.new_kinds() == [DENIAL_EVENTS.get(action, EventKind.ACCESS_DENIED)] * denied
            return
        result = run_sync(perform_action(self.ledger, action, deployment.number, actor, note=note))
        kinds = self.apply_to_model(deployment, action, actor)
        assert self.new_kinds() == kinds
        assert result.status is deployment.status

    def refusal(
        self, deployment: ModelDeployment, action: Action, actor: Actor, note: str | None
    ) -> str | None:
        """Return the code with which the model refuses an action, or None if it allows it."""
        name = actor.name.lower()
        if action in REVIEWS and name == deployment.requester:
            return "self_review"
        if name == "vic" and action not in REVIEWS:
            return "forbidden"
        if action not in DESIGNED_TRANSITIONS[deployment.status]:
            return "transition_refused"
        if (denied := self.review_refusal(deployment, action, actor)) is not None:
            return denied
        if (
            action is Action.START
            and deployment.environment == "staging"
            and name in deployment.approved_by
        ):
            return "reviewer_may_not_start"
        if action in {Action.START, Action.CLAIM} and (gate := self.closed_gate(deployment)):
            return gate
        if note is None and action in NEEDS_REASON:
            return "reason_too_short"
        return "note_required" if action in NEEDS_NOTE and note is None else None

    def review_refusal(
        self, deployment: ModelDeployment, action: Action, actor: Actor
    ) -> str | None:
        """Return the code with which the model refuses a review in the right status, or None."""
        name = actor.name.lower()
        if action is Action.WITHDRAW:
            if name not in deployment.approved_by:
                return "no_approval_to_withdraw"
            return "approved_by_break_glass" if deployment.broke_glass else None
        if action in REVIEWS:
            group = STAGES[deployment.environment][deployment.open_stage or 0]
            if group is not None and group not in actor.groups:
                return "not_eligible"
            if action is Action.APPROVE and name in deployment.approved_by:
                return "already_reviewed"
        return None

    def closed_gate(self, deployment: ModelDeployment) -> str | None:
        lane = [other for other in self.model if other.environment == deployment.environment]
        if any(other.status is Status.STARTED for other in lane):
            return "lane_busy"
        ahead = (other for other in lane if other.status is Status.SUCCEEDED)
        return "outdated" if any(other.number > deployment.number for other in ahead) else None

    def apply_to_model(
        self, deployment: ModelDeployment, action: Action, actor: Actor
    ) -> list[EventKind]:
        """Apply an action to the model and return the kinds of its events."""
        before = deployment.status
        if action is Action.BREAK_GLASS:
            deployment.broke_glass = True
            return [EventKind.BROKE_GLASS, *self.start_automatically(deployment)]
        if action is Action.WITHDRAW:
            withdrawn = actor.name.lower()
            deployment.approvals = {
                stage: name for stage, name in deployment.approvals.items() if name != withdrawn
            }
            deployment.status = Status.PENDING_APPROVAL
            return [EventKind.APPROVAL_WITHDRAWN]
        if action is not Action.APPROVE:
            (deployment.status,) = DESIGNED_TRANSITIONS[before][action] - {Status.QUEUED}
            frees_lane = action in {Action.SUCCEED, Action.FAIL, Action.ROLLBACK}
            return [
                EventKind(deployment.status),
                *(self.resume(deployment.environment) if frees_lane else []),
            ]
        if (stage := deployment.open_stage) is not None:
            deployment.approvals[stage] = actor.name.lower()
        if deployment.open_stage is not None:
            return [EventKind.APPROVED]
        return [EventKind.APPROVED, *self.start_automatically(deployment)]

    def start_automatically(self, deployment: ModelDeployment) -> list[EventKind]:
        """Start an approved deployment automatically if its environment and its gates allow it."""
        deployment.status = Status.APPROVED
        next_status = AUTO_STARTS.get(deployment.environment)
        if next_status is None or (next_status is Status.STARTED and self.closed_gate(deployment)):
            return []
        deployment.status = next_status
        return [EventKind(next_status)]

    def resume(self, environment: str) -> list[EventKind]:
        """Start deployments that were waiting for the lane, in order of their requests."""
        waiting = [
            deployment
            for deployment in self.model
            if deployment.environment == environment and deployment.status is Status.APPROVED
        ]
        return [kind for deployment in waiting for kind in self.start_automatically(deployment)]

    @invariant()
    def events_are_only_appended(self) -> None:
        entries = self.entries()
        assert entries[: len(self.last_entries)] == self.last_entries
        self.last_entries = entries

    def teardown(self) -> None:
        """Assert that the event chain is intact at the end and thus was intact at every step."""
        assert find_chain_fault(self.last_entries) is None

    @invariant()
    def ledger_matches_the_model(self) -> None:
        assert [(deployment.number, deployment.status) for deployment in self.deployments()] == [
            (deployment.number, deployment.status) for deployment in self.model
        ]

    @invariant()
    def lane_has_at_most_one_started_deployment(self) -> None:
        started = Counter(
            deployment.environment
            for deployment in self.deployments()
            if deployment.status is Status.STARTED
        )
        assert all(number == 1 for number in started.values())

    @invariant()
    def deployments_match_their_events(self) -> None:
        events = [
            entry.event for entry in self.entries() if not entry.event.kind.endswith("_denied")
        ]
        for deployment in self.deployments():
            own_events = [event for event in events if event.deployment_id == deployment.id]
            assert [event.from_status for event in own_events] == [
                None,
                *(event.to_status for event in own_events[:-1]),
            ]
            assert own_events[-1].to_status is deployment.status
            assert len(own_events) == deployment.revision

    def entries(self) -> list[LedgerEntry]:
        return run_sync(all_entries(self.ledger.reads))

    def deployments(self) -> list[Deployment]:
        oldest_first = DeploymentFilter(oldest_first=True)
        return list(run_sync(self.ledger.deployments(oldest_first, PageRequest(limit=1000))).items)

    def new_kinds(self) -> list[EventKind]:
        """Return the kinds of the events since the last call."""
        entries = self.entries()[self.entries_seen :]
        self.entries_seen += len(entries)
        return [entry.event.kind for entry in entries]


def test_ledger_and_model_agree_after_any_sequence_of_actions() -> None:
    """The ledger and the model give the same outcomes, and the invariants hold."""
    run_state_machine_as_test(
        Lifecycle, settings=settings(max_examples=160, stateful_step_count=50)
    )
