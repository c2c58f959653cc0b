"""What an environment demands: its tier, and the policy in force when a deployment is asked for."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed

_HOST_PATTERN: Final = re.compile(r"(\*\.)?(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(?<!-)")
"""A host by its name, in lower case, or all hosts below one."""


class ExecutionMode(StrEnum):
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


class RequiresMode(StrEnum):
    """Where a version must have done well before it may start."""

    ALL = "all"
    """In every environment that the policy requires."""
    ANY = "any"
    """In one of them."""


class RollbackApprovals(StrEnum):
    """Which review a rollback needs."""

    SAME = "same"
    """That of any other deployment."""
    NONE = "none"
    """None: what is redeployed was reviewed before; where it was not, that of any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """So many approvals by members of a group, by one user, or by anybody who may review."""

    required: int = 1
    group: str | None = None
    user: str | None = None

    def approver_label(self) -> str:
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
    execution: ExecutionMode = ExecutionMode.OPERATOR
    auto_start: bool = False
    """Whether an approved deployment starts, or queues, by itself."""
    lane: LaneMode = LaneMode.QUEUE
    """What becomes of the others when one of a lane goes ahead."""
    approval_expires_s: int | None = None
    """How long a request waits for its reviewers, and an approved one to start; none: for ever."""
    requires: tuple[str, ...] = ()
    """The environments in which a version must have succeeded before it may start here."""
    requires_mode: RequiresMode = RequiresMode.ALL
    soak_s: int = 0
    """How long it must have stood there without a break."""
    max_age_s: int | None = None
    """How long ago it may have succeeded there; none: however long."""
    promotes_to: str | None = None
    """The environment that comes next."""
    auto_promote: bool = False
    """Whether what succeeds here is asked for there by itself."""
    rollback_approvals: RollbackApprovals = RollbackApprovals.SAME
    after_review_s: int = 3 * 24 * 3600
    """How long after a break-glass its review is due."""
    outgoing_allow: tuple[str, ...] = ()
    """The hosts and networks that checks and executors may call."""


def _group_stages(*names: str) -> tuple[ApprovalStage, ...]:
    return tuple(ApprovalStage(name=name, rules=(ApprovalRule(group=name),)) for name in names)


DEFAULT_POLICIES: Final[Mapping[Tier, Policy]] = {
    Tier.DEVELOPMENT: Policy(),
    Tier.TEST: Policy(),
    Tier.STAGING: Policy(
        approval_stages=(ApprovalStage(name="review", rules=(ApprovalRule(),)),),
    ),
    Tier.PRODUCTION: Policy(approval_stages=_group_stages("qa", "devops")),
}
"""What an environment of each tier starts with."""


def validate_policy(policy: Policy) -> None:
    """Refuse a policy that contradicts itself.

    Raises:
        Invalid: two stages share a name, a stage asks for nobody, a rule cannot be satisfied, or
            promotion goes nowhere.
    """
    faults = (
        *_stage_errors(policy),
        *_rule_errors(policy),
        *_promotion_errors(policy),
        *_outgoing_errors(policy),
    )
    if faults:
        raise ValidationFailed(*faults)


def _stage_errors(policy: Policy) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if stage.name in seen:
            yield FieldError(
                field=f"approval_stages/{index}/name",
                code="duplicate_stage",
                detail=f"There are two stages named {stage.name}.",
            )
        seen.add(stage.name)
        if not stage.rules:
            yield FieldError(
                field=f"approval_stages/{index}/rules",
                code="empty_stage",
                detail=f"Stage {stage.name} asks for nobody; leave it out, or give it a rule.",
            )


def _rule_errors(policy: Policy) -> Iterator[FieldError]:
    asked: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if not policy.distinct_reviewers:
            asked.clear()
        for position, rule in enumerate(stage.rules):
            if (reason := _rule_error(rule, asked)) is not None:
                yield FieldError(
                    field=f"approval_stages/{index}/rules/{position}",
                    code="impossible_rule",
                    detail=reason,
                )
            if rule.user is not None:
                asked.add(normalize_name(rule.user))


def _promotion_errors(policy: Policy) -> Iterator[FieldError]:
    if policy.auto_promote and policy.promotes_to is None:
        yield FieldError(
            field="promotes_to",
            code="promotes_nowhere",
            detail="What is promoted by itself needs a place to go: name it in promotes_to.",
        )
    if policy.soak_s and not policy.requires:
        yield FieldError(
            field="requires",
            code="soaks_nowhere",
            detail="soak_s is how long a version stood in an earlier environment: name one.",
        )
    if policy.max_age_s is not None and not policy.requires:
        yield FieldError(
            field="requires",
            code="ages_nowhere",
            detail="max_age_s is how long ago a version succeeded in an earlier environment: "
            "name one.",
        )
    for index, name in enumerate(policy.requires):
        if name in policy.requires[:index]:
            detail = f"{name} is required twice."
            yield FieldError(field=f"requires/{index}", code="required_twice", detail=detail)


def _outgoing_errors(policy: Policy) -> Iterator[FieldError]:
    for index, entry in enumerate(policy.outgoing_allow):
        if _HOST_PATTERN.fullmatch(entry) is None and not _is_network(entry):
            yield FieldError(
                field=f"outgoing_allow/{index}",
                code="bad_outgoing",
                detail=f"{entry!r} is no host (shop.example, *.example) and no network "
                "(10.0.0.0/8).",
            )


def _is_network(entry: str) -> bool:
    try:
        ip_network(entry)
    except ValueError:
        return False
    return True


def _rule_error(rule: ApprovalRule, asked: Container[str]) -> str | None:
    """Why nobody can satisfy a rule, if so; those asked for already count no second time."""
    if rule.required < 1:
        return f"A rule asks for at least one approval, not for {rule.required}."
    if rule.user is None:
        return None
    if rule.group is not None:
        return "A rule asks for a group or for a user, not for both."
    if rule.required > 1:
        return f"One user, {rule.user}, cannot give {rule.required} approvals."
    if normalize_name(rule.user) in asked:
        return f"{rule.user} is asked for twice, but one person counts once."
    return None
