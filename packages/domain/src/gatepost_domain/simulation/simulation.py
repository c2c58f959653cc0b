"""Simulating which past deployments a policy would have held or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import (
    IndependentReviewers,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
)
from gatepost_domain.catalog.policy_satisfiability import can_satisfy
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.simulation.freeze_calendar import FreezeCalendar
from gatepost_domain.simulation.history import EnvironmentHistory, PastDeployment
from gatepost_domain.simulation.lane_occupancy import LaneHistory
from gatepost_domain.simulation.time_sets import TimeRanges
from gatepost_domain.simulation.upstream_history import PastStatus, UpstreamHistory

MAX_NUMBERS: Final = 50
"""The maximum number of deployments listed for a gate."""


class Outcome(StrEnum):
    """What a policy would have done to a deployment."""

    PASSED = "passed"
    """The deployment would have started when it did."""
    HELD = "held"
    """The deployment would have waited for a gate."""
    REFUSED = "refused"
    """The deployment would have been cancelled or refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCount:
    """The deployments that a gate would have held or refused."""

    kind: GateKind
    count: int
    numbers: tuple[int, ...]
    """The highest numbers, at most `MAX_NUMBERS`, the highest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a policy would have done to the deployments in a span."""

    considered: int
    passed: int
    held: int
    refused: int
    records: int
    """The number of these deployments that are records, whose approval and lane are not
    evaluated."""
    by_gate: tuple[GateCount, ...]
    """The gates in evaluation order. Each deployment counts at the first gate that it does not
    pass."""


def simulate(
    history: EnvironmentHistory, policy: Policy, environment: str, users: Iterable[User]
) -> Simulation:
    """Return what a policy would have done to the deployments in a history.

    Each is evaluated as of when it started or, if it is a record, when it was deployed. The first
    gate in evaluation order that it would not have passed determines the outcome.
    """
    replay = _Replay(history, policy, environment, tuple(users))
    counts = dict.fromkeys(Outcome, 0)
    by_gate: dict[GateKind, list[int]] = {kind: [] for kind in _RULES}
    for deployment in sorted(history.deployments, key=attrgetter("at", "number")):
        outcome, kind = replay.evaluate(deployment)
        counts[outcome] += 1
        if kind is not None:
            by_gate[kind].append(deployment.number)
    return Simulation(
        considered=len(history.deployments),
        passed=counts[Outcome.PASSED],
        held=counts[Outcome.HELD],
        refused=counts[Outcome.REFUSED],
        records=sum(each.kind is DeploymentKind.RECORD for each in history.deployments),
        by_gate=tuple(
            GateCount(
                kind=kind,
                count=len(numbers),
                numbers=tuple(sorted(numbers, reverse=True)[:MAX_NUMBERS]),
            )
            for kind, numbers in by_gate.items()
            if numbers
        ),
    )


class _Replay:
    """A history, prepared for evaluating its deployments one at a time."""

    def __init__(
        self, history: EnvironmentHistory, policy: Policy, environment: str, users: tuple[User, ...]
    ) -> None:
        self.policy = policy
        self.upstream = UpstreamHistory(history, policy, users)
        self.freezes = FreezeCalendar(history.freezes, environment)
        self.lanes = LaneHistory(history.rollouts)
        due = timedelta(seconds=policy.after_review_s)
        self.overdue = TimeRanges((each.at + due, each.closed_at) for each in history.break_glasses)
        self._users = {user.name: user for user in users}
        self._approved: dict[frozenset[str], bool] = {}
        self._upstream_statuses: list[PastStatus] = []

    def evaluate(self, deployment: PastDeployment) -> tuple[Outcome, GateKind | None]:
        """Return the outcome of a deployment, and the gate that determines it."""
        self._upstream_statuses = self.upstream.statuses(deployment)
        for kind, rule in _RULES.items():
            outcome = rule(self, deployment)
            if outcome is not Outcome.PASSED and kind not in deployment.overridden:
                return outcome, kind
        return Outcome.PASSED, None

    @property
    def upstream_statuses(self) -> list[PastStatus]:
        """The evaluated version's status in each required environment."""
        return self._upstream_statuses

    def has_approvals(self, deployment: PastDeployment) -> bool:
        """Return whether the people who approved could have satisfied all stages."""
        is_required = self.policy.independent_reviewers is IndependentReviewers.REQUIRED
        names = frozenset(
            approval.actor
            for approval in deployment.approvals
            if not (is_required and approval.is_dependent)
        )
        if names not in self._approved:
            people = [self._users[name] for name in sorted(names) if name in self._users]
            stages = self.policy.approval_stages
            together = (stages,) if self.policy.distinct_reviewers else [(each,) for each in stages]
            self._approved[names] = all(can_satisfy(each, people) for each in together)
        return self._approved[names]


def _evaluate_approval(replay: _Replay, deployment: PastDeployment) -> Outcome:
    """Evaluate the approvals given, how long they took, and who started the deployment."""
    policy = replay.policy
    if deployment.kind is DeploymentKind.RECORD:
        return Outcome.PASSED
    if not (_needs_no_approval(deployment, policy) or replay.has_approvals(deployment)):
        return Outcome.HELD
    approvers = {approval.actor for approval in deployment.approvals}
    if not policy.reviewer_may_start and deployment.started_by in approvers:
        return Outcome.REFUSED
    return Outcome.REFUSED if _would_have_expired(deployment, policy) else Outcome.PASSED


def _needs_no_approval(deployment: PastDeployment, policy: Policy) -> bool:
    """Return whether a deployment needs no approval, as a rollback or because of break-glass."""
    return deployment.used_break_glass or (
        _is_rollback(deployment)
        and not deployment.unreviewed
        and policy.rollback_approvals is RollbackApprovals.NONE
    )


def _would_have_expired(deployment: PastDeployment, policy: Policy) -> bool:
    """Return whether a deployment waited too long for approval or, once approved, to start."""
    approved_at = deployment.approved_at
    if policy.approval_expires_s is None or approved_at is None:
        return False
    longest_wait = max(approved_at - deployment.created_at, deployment.at - approved_at)
    return longest_wait > timedelta(seconds=policy.approval_expires_s)


def _evaluate_promotion(replay: _Replay, deployment: PastDeployment) -> Outcome:
    """Evaluate the successes in the required environments up to the start, and their age."""
    recent = [status.has_recent_success for status in replay.upstream_statuses]
    return _held_unless(
        _is_rollback(deployment) or replay.policy.requires_mode.is_satisfied(recent)
    )


def _evaluate_soak(replay: _Replay, deployment: PastDeployment) -> Outcome:
    """Evaluate how long the version had been live in the required environments."""
    if not replay.policy.soak_s or _is_rollback(deployment):
        return Outcome.PASSED
    recent = [status for status in replay.upstream_statuses if status.has_recent_success]
    is_any = replay.policy.requires_mode is RequiresMode.ANY
    statuses = recent if recent and is_any else replay.upstream_statuses
    return _held_unless(
        replay.policy.requires_mode.is_satisfied([status.is_soaked for status in statuses])
    )


def _evaluate_freeze(replay: _Replay, deployment: PastDeployment) -> Outcome:
    """Evaluate the freezes and allow windows that existed when the deployment started."""
    is_blocked = replay.freezes.is_blocked(deployment.service, deployment.tier, deployment.at)
    return _held_unless(_is_rollback(deployment) or not is_blocked)


def _evaluate_lane(replay: _Replay, deployment: PastDeployment) -> Outcome:
    """Evaluate which other deployments were in progress or waiting in the lane."""
    mode = replay.policy.lane
    if deployment.kind is DeploymentKind.RECORD or mode is LaneMode.QUEUE:
        return Outcome.PASSED
    if mode is LaneMode.SUPERSEDE:
        if not _is_rollback(deployment) and replay.lanes.was_overtaken(deployment):
            return Outcome.REFUSED
    elif replay.lanes.was_busy_at_queueing(deployment):
        return Outcome.HELD if deployment.auto_start else Outcome.REFUSED
    return Outcome.PASSED


def _hold_if_after_review_is_overdue(replay: _Replay, deployment: PastDeployment) -> Outcome:
    """Return HELD for an automatic promotion if an after-review would have been overdue."""
    is_evaluated = deployment.automatic and not _is_rollback(deployment)
    return _held_unless(not is_evaluated or deployment.at not in replay.overdue)


_RULES: Final[Mapping[GateKind, Callable[[_Replay, PastDeployment], Outcome]]] = {
    GateKind.APPROVAL: _evaluate_approval,
    GateKind.PROMOTION: _evaluate_promotion,
    GateKind.SOAK: _evaluate_soak,
    GateKind.FREEZE: _evaluate_freeze,
    GateKind.LANE: _evaluate_lane,
    GateKind.AFTER_REVIEW: _hold_if_after_review_is_overdue,
}
"""The gates to evaluate, in evaluation order. The order gate is left out, because it depends on no
policy."""

EVALUATED_GATES: Final = tuple(_RULES)
"""The kinds of gates that a simulation evaluates, in evaluation order."""


def _is_rollback(deployment: PastDeployment) -> bool:
    return deployment.kind is DeploymentKind.ROLLBACK


def _held_unless(condition: bool) -> Outcome:  # noqa: FBT001
    return Outcome.PASSED if condition else Outcome.HELD
