"""Checking whether existing users can give the approvals that a policy requires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.roles import ROLES_WITH, Right
from gatepost_domain.access.users import User, UserKind
from gatepost_domain.catalog.policy import ApprovalRule, ApprovalStage, Policy
from gatepost_domain.errors import FieldError, ValidationFailed


def changes_required_approvals(before: Policy, after: Policy) -> bool:
    """Return whether the two policies differ in the approvals they require."""
    return (before.approval_stages, before.distinct_reviewers) != (
        after.approval_stages,
        after.distinct_reviewers,
    )


def validate_satisfiability(policy: Policy, environment: str, users: Iterable[User]) -> None:
    """Refuse a policy that current users, with their roles and groups, cannot satisfy.

    Raises:
        ValidationFailed: too few people can satisfy a rule, a stage or, if reviewers must be
            distinct, all stages together.
    """
    users = tuple(users)
    reviewers = [user for user in users if _is_reviewer(user, environment)]
    errors = tuple(_rule_errors(policy, environment, users, reviewers))
    errors = errors or tuple(_reviewer_assignment_errors(policy, reviewers))
    if errors:
        raise ValidationFailed(*errors)


def _rule_errors(
    policy: Policy, environment: str, users: Sequence[User], reviewers: Sequence[User]
) -> Iterator[FieldError]:
    for index, stage in enumerate(policy.approval_stages):
        for position, rule in enumerate(stage.rules):
            able = [user for user in reviewers if _accepts(rule, user)]
            if len(able) < rule.required:
                yield FieldError(
                    field=f"approval_stages/{index}/rules/{position}",
                    code="impossible_rule",
                    detail=_describe_user_obstacle(rule.user, environment, users)
                    if rule.user is not None
                    else _describe_shortage(rule, environment, users, able),
                )


def _describe_user_obstacle(name: str, environment: str, users: Sequence[User]) -> str:
    key = normalize_name(name)
    user = next((user for user in users if key in {user.key, user.name}), None)
    if user is None:
        return f"There is no user {name}."
    if user.kind is not UserKind.HUMAN:
        return f"{name} is a service account, and only people can review."
    if user.disabled:
        return f"{name} is disabled."
    return f"{name} does not have the reviewer role in {environment}."


def _describe_shortage(
    rule: ApprovalRule, environment: str, users: Sequence[User], able: Sequence[User]
) -> str:
    if rule.group is not None and not any(rule.group in user.groups for user in users):
        return f"No user is in the group {rule.group}; add people to it first."
    people = "reviewer" if rule.required == 1 else "reviewers"
    people += "" if rule.group is None else f" in the group {rule.group}"
    names = f" ({', '.join(user.name for user in able)})" if able else ""
    return (
        f"The rule requires {rule.required} {people}, but {environment} has {len(able)}{names}. "
        "Give more people the reviewer role"
        + (" and the group" if rule.group is not None else "")
        + " first; disabled users and service accounts do not count."
    )


def _reviewer_assignment_errors(policy: Policy, reviewers: Sequence[User]) -> Iterator[FieldError]:
    """Yield an error wherever different people cannot give all the required approvals."""
    stages = policy.approval_stages
    if policy.distinct_reviewers:
        if not can_satisfy(stages, reviewers):
            yield FieldError(
                field="approval_stages",
                code="impossible_rule",
                detail="Too few different people can approve in all stages: with "
                "distinct_reviewers, each person approves in one stage only.",
            )
        return
    for index, stage in enumerate(stages):
        if not can_satisfy((stage,), reviewers):
            yield FieldError(
                field=f"approval_stages/{index}/rules",
                code="impossible_rule",
                detail=f"Too few different people can satisfy all rules of stage {stage.name}: "
                "each approval counts toward one rule only.",
            )


def can_satisfy(stages: Sequence[ApprovalStage], reviewers: Sequence[User]) -> bool:
    """Return whether each required approval can be given by a different person.

    This matches people to rules, using augmenting paths. A rule is left out if at least as many
    people can satisfy it as all rules together require, because it can never lack a person.
    """
    rules = [rule for stage in stages for rule in stage.rules]
    total = sum(rule.required for rule in rules)
    able = {
        position: [user.name for user in reviewers if _accepts(rule, user)]
        for position, rule in enumerate(rules)
    }
    assigned: dict[str, int] = {}
    for position, rule in enumerate(rules):
        if len(able[position]) < total:
            for _ in range(rule.required):
                if not _assign(position, able, assigned, set()):
                    return False
    return True


def _assign(
    position: int, able: Mapping[int, list[str]], assigned: dict[str, int], visited: set[int]
) -> bool:
    """Assign one more person to a rule, reassigning others if necessary."""
    visited.add(position)
    for name in able[position]:
        if name not in assigned:
            assigned[name] = position
            return True
    for name in able[position]:
        other = assigned[name]
        if other not in visited and _assign(other, able, assigned, visited):
            assigned[name] = position
            return True
    return False


def _accepts(rule: ApprovalRule, user: User) -> bool:
    if rule.user is not None:
        return normalize_name(rule.user) in {user.key, user.name}
    return rule.group is None or rule.group in user.groups


def _is_reviewer(user: User, environment: str) -> bool:
    """Return whether the user can review in the environment, for at least some services."""
    roles = ROLES_WITH[Right.REVIEW]
    return (
        not user.disabled
        and user.kind is UserKind.HUMAN
        and any(
            grant.role in roles and grant.environment in {None, environment}
            for grant in user.grants
        )
    )
