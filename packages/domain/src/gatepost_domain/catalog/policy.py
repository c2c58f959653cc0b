"""Policies: the rules for an environment's deployments."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed

_HOST_PATTERN: Final = re.compile(r"(\*\.)?(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(?<!-)")
"""A host name in lower case, or `*.` and a domain for all hosts below it."""


class ExecutionMode(StrEnum):
    """Who executes a deployment."""

    OPERATOR = "operator"
    """People or their pipelines, which report the start and the outcome."""
    WORKER = "worker"
    """A Gatepost worker, which takes the deployment from a queue."""


class LaneMode(StrEnum):
    """What happens when several deployments wait for one lane."""

    QUEUE = "queue"
    """The deployments start one at a time."""
    SUPERSEDE = "supersede"
    """When a newer deployment starts or is queued, the older ones still waiting are cancelled."""
    REJECT = "reject"
    """A start is refused while the lane is busy."""


class RequiresMode(StrEnum):
    """Whether a version must have succeeded in all or in any of the required environments."""

    ALL = "all"
    """In every required environment."""
    ANY = "any"
    """In at least one required environment."""

    def is_satisfied(self, successes: Sequence[bool]) -> bool:
        """Return whether there are enough successes, given one value per required environment."""
        return not successes or (any(successes) if self is RequiresMode.ANY else all(successes))


class RollbackApprovals(StrEnum):
    """Which approvals a rollback requires."""

    SAME = "same"
    """The same as for any other deployment."""
    NONE = "none"
    """No approvals if the redeployed version has already been reviewed; otherwise, the same as for
    any other deployment."""


class IndependentReviewers(StrEnum):
    """What happens if a reviewer is not independent of the requester or an earlier reviewer."""

    MARKED = "marked"
    """The reviewer's approval counts, and the deployment is permanently marked."""
    REQUIRED = "required"
    """The reviewer's approval is refused."""


class AcceptRecords(StrEnum):
    """Which records of deployments made elsewhere prove that a version succeeded."""

    NONE = "none"
    """No records."""
    OPERATORS = "operators"
    """Records by the environment's operators who are independent of the requester."""
    ANY = "any"
    """All records, including those by the requester."""


def describe_approver(approver: str) -> str:
    """Return an approver label as words in a sentence: "group qa" for `group:qa`."""
    kind, separator, name = approver.partition(":")
    return f"group {name}" if separator and kind == "group" else name or approver


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """A number of approvals by members of a group, by one user, or by any reviewer."""

    required: int = 1
    group: str | None = None
    user: str | None = None

    def approver_label(self) -> str:
        """Return who can satisfy the rule: `group:qa`, `user:ada` or `reviewer`."""
        if self.group is not None:
            return f"group:{self.group}"
        return f"user:{self.user}" if self.user is not None else "reviewer"

    def approver_words(self) -> str:
        """Return who can satisfy the rule, as words in a sentence: "group qa" or "any reviewer"."""
        is_any = self.group is None and self.user is None
        return "any reviewer" if is_any else describe_approver(self.approver_label())


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStage:
    """One stage of the review, satisfied when all its rules are."""

    name: str
    rules: tuple[ApprovalRule, ...]

    @property
    def required(self) -> int:
        """The number of approvals needed to satisfy the stage."""
        return sum(rule.required for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of an environment's rules; every change creates a new version."""

    approval_stages: tuple[ApprovalStage, ...] = ()
    """The stages of the review, in order. Without stages, deployments are approved at once."""
    distinct_reviewers: bool = True
    """Whether a person may approve in one stage only."""
    independent_reviewers: IndependentReviewers = IndependentReviewers.MARKED
    """What happens if one person could have acted both as a reviewer and as another person behind
    the deployment."""
    reviewer_may_start: bool = True
    """Whether a reviewer of a deployment may also start it."""
    execution: ExecutionMode = ExecutionMode.OPERATOR
    auto_start: bool = False
    """Whether an approved deployment starts, or is queued, automatically."""
    lane: LaneMode = LaneMode.QUEUE
    """What happens when several deployments wait for one lane."""
    approval_expires_s: int | None = None
    """How long a request can wait for approval and, once approved, to start; None for no limit."""
    requires: tuple[str, ...] = ()
    """The environments in which a version must have succeeded before it may start here."""
    requires_mode: RequiresMode = RequiresMode.ALL
    accept_records: AcceptRecords = AcceptRecords.OPERATORS
    """Which records count as a success in the required environments."""
    soak_s: int = 0
    """How long a version must have been live in the required environments without interruption."""
    max_age_s: int | None = None
    """The maximum time since a version succeeded in the required environments; None for no
    limit."""
    promotes_to: str | None = None
    """The environment to which versions are promoted from here; None if there is none."""
    auto_promote: bool = False
    """Whether a deployment to `promotes_to` is requested automatically for a version that succeeds
    here."""
    rollback_approvals: RollbackApprovals = RollbackApprovals.SAME
    after_review_s: int = 3 * 24 * 3600
    """How long after a break-glass approval its after-review is due."""
    outgoing_allow: tuple[str, ...] = ()
    """The hosts and networks that checks and executors may call."""
    max_open_per_requester: int | None = None
    """The maximum number of deployments per requester waiting to start here; None for no limit."""
    max_open_per_lane: int | None = None
    """The maximum number of deployments per service waiting to start here; None for no limit."""
    settings_approvals: int = 0
    """How many other admins must approve a change to the environment's settings: 0 or 1."""


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
"""Maps each tier to the first policy of a new environment."""


def validate_policy(policy: Policy) -> None:
    """Refuse a policy that contradicts itself.

    Raises:
        ValidationFailed: two stages have the same name, a stage has no rules, a rule cannot be
            satisfied, or a setting lacks the environment it needs.
    """
    errors = (
        *_stage_errors(policy),
        *_rule_errors(policy),
        *_promotion_errors(policy),
        *_outgoing_address_errors(policy),
    )
    if errors:
        raise ValidationFailed(*errors)


def _stage_errors(policy: Policy) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if stage.name in seen:
            yield FieldError(
                field=f"approval_stages/{index}/name",
                code="duplicate_stage",
                detail=f"There are two stages named {stage.name}; rename one.",
            )
        seen.add(stage.name)
        if not stage.rules:
            yield FieldError(
                field=f"approval_stages/{index}/rules",
                code="empty_stage",
                detail=f"Stage {stage.name} has no rules; add one or remove the stage.",
            )


def _rule_errors(policy: Policy) -> Iterator[FieldError]:
    named_users: set[str] = set()
    for index, stage in enumerate(policy.approval_stages):
        if not policy.distinct_reviewers:
            named_users.clear()
        for position, rule in enumerate(stage.rules):
            if (detail := _rule_error(rule, named_users)) is not None:
                yield FieldError(
                    field=f"approval_stages/{index}/rules/{position}",
                    code="impossible_rule",
                    detail=detail,
                )
            if rule.user is not None:
                named_users.add(normalize_name(rule.user))


def _promotion_errors(policy: Policy) -> Iterator[FieldError]:
    if policy.auto_promote and policy.promotes_to is None:
        yield FieldError(
            field="promotes_to",
            code="promotes_nowhere",
            detail="auto_promote requires promotes_to; set it to the next environment.",
        )
    if policy.soak_s and not policy.requires:
        yield FieldError(
            field="requires",
            code="soaks_nowhere",
            detail="soak_s requires an earlier environment; list at least one in `requires`.",
        )
    if policy.max_age_s is not None and not policy.requires:
        yield FieldError(
            field="requires",
            code="ages_nowhere",
            detail="max_age_s requires an earlier environment; list at least one in `requires`.",
        )
    for index, name in enumerate(policy.requires):
        if name in policy.requires[:index]:
            detail = f"{name} is listed twice; list it once."
            yield FieldError(field=f"requires/{index}", code="required_twice", detail=detail)


def _outgoing_address_errors(policy: Policy) -> Iterator[FieldError]:
    for index, entry in enumerate(policy.outgoing_allow):
        if not is_outgoing_address(entry):
            yield FieldError(
                field=f"outgoing_allow/{index}",
                code="bad_outgoing",
                detail=f"{entry!r} is neither a host (shop.example, *.example) nor a network "
                "(10.0.0.0/8).",
            )


def is_outgoing_address(entry: str) -> bool:
    """Return whether a text is a host, a domain prefixed with `*.`, an address or a network."""
    return _HOST_PATTERN.fullmatch(entry) is not None or _is_network(entry)


def _is_network(entry: str) -> bool:
    try:
        ip_network(entry)
    except ValueError:
        return False
    return True


def _rule_error(rule: ApprovalRule, named_users: Container[str]) -> str | None:
    """Return why a rule cannot be satisfied, or None; `named_users` are named in earlier rules."""
    if rule.required < 1:
        return f"A rule requires at least one approval, not {rule.required}."
    if rule.user is None:
        return None
    if rule.group is not None:
        return "A rule names a group or a user, not both."
    if rule.required > 1:
        return f"One user ({rule.user}) cannot give {rule.required} approvals."
    if normalize_name(rule.user) in named_users:
        return f"{rule.user} is required twice, but each person counts once."
    return None
