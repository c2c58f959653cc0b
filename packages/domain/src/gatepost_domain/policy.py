"""What an environment demands: its tier, and the policy in force when a deployment is asked for."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gatepost_domain.actor import person_key
from gatepost_domain.errors import Fault, Invalid


class Tier(StrEnum):
    """How much an environment matters. Rules key on the tier, never on the name."""

    DEVELOPMENT = "development"
    """Where people try things."""
    TEST = "test"
    """Where machines judge a version."""
    STAGING = "staging"
    """Where people judge a version."""
    PRODUCTION = "production"
    """Where it matters: risk notes are required and review is the default."""


class Execution(StrEnum):
    """Who carries a started deployment out."""

    OPERATOR = "operator"
    """People or their pipelines; they report the start and the outcome."""
    WORKER = "worker"
    """A Gatepost worker, from a queue."""


class LaneMode(StrEnum):
    """What becomes of the others where several wait for one lane."""

    QUEUE = "queue"
    """Each waits for its turn."""
    SUPERSEDE = "supersede"
    """Whatever goes ahead ends those before it that still wait."""
    REJECT = "reject"
    """While the lane is busy, none is even queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """So many approvals by members of a group, by one user, or by anybody who may review."""

    required: int = 1
    group: str | None = None
    user: str | None = None

    def wanted(self) -> str:
        """Who satisfies it, as `group:qa`, `user:ada` or `reviewer`."""
        if self.group is not None:
            return f"group:{self.group}"
        return f"user:{self.user}" if self.user is not None else "reviewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStage:
    """One step of the review, satisfied when each of its rules is."""

    name: str
    rules: tuple[ApprovalRule, ...]

    @property
    def required(self) -> int:
        """How many approvals satisfy it."""
        return sum(rule.required for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one environment, in one version; a change makes the next version."""

    approval_stages: tuple[ApprovalStage, ...] = ()
    """In order: a stage opens when the one before it is satisfied. None: approved at once."""
    distinct_reviewers: bool = True
    """Whether a person may approve in one stage only."""
    reviewer_may_start: bool = True
    """Whether somebody who approved a deployment may also start it."""
    execution: Execution = Execution.OPERATOR
    auto_start: bool = False
    """Whether an approved deployment starts, or queues, by itself."""
    lane: LaneMode = LaneMode.QUEUE
    """What becomes of the others when one of a lane goes ahead."""


def _stages(*names: str) -> tuple[ApprovalStage, ...]:
    return tuple(ApprovalStage(name=name, rules=(ApprovalRule(group=name),)) for name in names)


DEFAULT_POLICIES: Final[Mapping[Tier, Policy]] = {
    Tier.DEVELOPMENT: Policy(),
    Tier.TEST: Policy(),
    Tier.STAGING: Policy(
        approval_stages=(ApprovalStage(name="review", rules=(ApprovalRule(),)),),
    ),
    Tier.PRODUCTION: Policy(approval_stages=_stages("qa", "devops")),
}
"""What an environment of each tier starts with."""


def check_policy(policy: Policy) -> None:
    """Refuse a policy that contradicts itself.

    Raises:
        Invalid: two stages share a name, a stage asks for nobody, or a rule cannot be satisfied.
    """
    if faults := (*_faults_of_stages(policy), *_faults_of_rules(policy)):
        raise Invalid(*faults)


def _faults_of_stages(policy: Policy) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if stage.name in seen:
            yield Fault(
                field=f"approval_stages/{index}/name",
                code="duplicate_stage",
                detail=f"There are two stages named {stage.name}.",
            )
        seen.add(stage.name)
        if not stage.rules:
            yield Fault(
                field=f"approval_stages/{index}/rules",
                code="empty_stage",
                detail=f"Stage {stage.name} asks for nobody; leave it out, or give it a rule.",
            )


def _faults_of_rules(policy: Policy) -> Iterator[Fault]:
    asked: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if not policy.distinct_reviewers:
            asked.clear()
        for position, rule in enumerate(stage.rules):
            if (reason := _contradiction(rule, asked)) is not None:
                yield Fault(
                    field=f"approval_stages/{index}/rules/{position}",
                    code="impossible_rule",
                    detail=reason,
                )
            if rule.user is not None:
                asked.add(person_key(rule.user))


def _contradiction(rule: ApprovalRule, asked: Container[str]) -> str | None:
    """Why nobody can satisfy a rule, if so; those asked for already count no second time."""
    if rule.required < 1:
        return f"A rule asks for at least one approval, not for {rule.required}."
    if rule.user is None:
        return None
    if rule.group is not None:
        return "A rule asks for a group or for a user, not for both."
    if rule.required > 1:
        return f"One user, {rule.user}, cannot give {rule.required} approvals."
    if person_key(rule.user) in asked:
        return f"{rule.user} is asked for twice, but one person counts once."
    return None
