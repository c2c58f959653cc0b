"""What an environment demands: its tier, and the policy in force when a deployment is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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
        Invalid: two stages share a name, or a rule names both a group and a user, or a rule for
            one user wants more than one approval.
    """
    faults: list[Fault] = []
    seen: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if stage.name in seen:
            faults.append(
                Fault(
                    field=f"approval_stages/{index}/name",
                    code="duplicate_stage",
                    detail=f"There are two stages named {stage.name}.",
                )
            )
        seen.add(stage.name)
        faults += (
            Fault(
                field=f"approval_stages/{index}/rules/{position}",
                code="impossible_rule",
                detail=reason,
            )
            for position, rule in enumerate(stage.rules)
            if (reason := _contradiction(rule)) is not None
        )
    if faults:
        raise Invalid(*faults)


def _contradiction(rule: ApprovalRule) -> str | None:
    if rule.group is not None and rule.user is not None:
        return "A rule asks for a group or for a user, not for both."
    if rule.user is not None and rule.required > 1:
        return f"One user, {rule.user}, cannot give {rule.required} approvals."
    return None
