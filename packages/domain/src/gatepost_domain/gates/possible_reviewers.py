"""Finding who can give a deployment's missing approvals, and who would qualify but cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.credential_provenance import may_be_same_human
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import User, UserKind, actor_with_all_grants
from gatepost_domain.catalog.policy import ApprovalRule, IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Dependence, Deployment
from gatepost_domain.deployments.independence import (
    ParticipantPart,
    counts_as_requester,
    describe_dependence,
    find_dependences,
    participants_of,
)
from gatepost_domain.deployments.pipeline_self_review import may_have_triggered
from gatepost_domain.deployments.review import StageProgress, rule_accepts

MAX_NAMED: Final = 20
"""The maximum number of people named; if there are more, the groups are also named."""
_MAX_EXPLAINED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleReviewers:
    """The people whom the unsatisfied rules currently accept."""

    who_can_act: tuple[str, ...]
    """The people who can approve, followed by the rules' labels if not all are named."""
    explanation: str
    """Sentences about who cannot approve and why, whose approval would be marked, and what to do if
    too few people can approve."""
    would_be_dependent: tuple[Dependence, ...]
    """The dependences that would be marked on approvals by the named people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    actor: Actor
    dependences: tuple[tuple[Dependence, ParticipantPart], ...] = ()
    obstacle: str | None = None


def find_possible_reviewers(
    deployment: Deployment, policy: Policy, progress: StageProgress, users: Iterable[User]
) -> PossibleReviewers:
    """Return which of these users can give the approvals that a stage is missing."""
    candidates = [
        candidate
        for user in users
        if (candidate := _evaluate_candidate(deployment, policy, progress, user)) is not None
    ]
    able = [candidate for candidate in candidates if candidate.obstacle is None]
    named = able[:MAX_NAMED]
    labels = [rule.approver_label() for rule in progress.missing]
    sentences = [
        *_limit_sentences([candidate.obstacle for candidate in candidates if candidate.obstacle]),
        *_limit_sentences(
            [
                _describe_dependence_mark(deployment, candidate)
                for candidate in named
                if candidate.dependences
            ]
        ),
        *_describe_shortages(progress.missing, able, policy),
    ]
    return PossibleReviewers(
        who_can_act=(
            *(f"user:{candidate.actor.name}" for candidate in named),
            *(labels if len(able) > MAX_NAMED else ()),
        ),
        explanation=" ".join(sentences),
        would_be_dependent=tuple(
            dependence for candidate in named for dependence, _ in candidate.dependences
        ),
    )


def _evaluate_candidate(
    deployment: Deployment, policy: Policy, progress: StageProgress, user: User
) -> _Candidate | None:
    """Return whether and how a user can approve; None if no unsatisfied rule accepts them."""
    actor = actor_with_all_grants(user)
    if (
        user.disabled
        or user.kind is not UserKind.HUMAN
        or not actor.may(
            Right.REVIEW, service=deployment.service, environment=deployment.environment
        )
        or not any(rule_accepts(rule, actor) for rule in progress.missing)
    ):
        return None
    if counts_as_requester(deployment, actor.identity) or may_have_triggered(deployment, actor):
        return None  # already stated in the gate's message
    if any(
        may_be_same_human(approval.identity, actor.identity)
        for approval in deployment.approvals
        if policy.distinct_reviewers or approval.stage == progress.stage.name
    ):
        return _Candidate(actor=actor, obstacle=f"{user.name} has already approved.")
    dependences = find_dependences(actor, participants_of(deployment))
    if dependences and policy.independent_reviewers is IndependentReviewers.REQUIRED:
        names = deployment.current_name_by_key
        reasons = "; ".join(
            describe_dependence(*dependence, names=names) for dependence in dependences
        )
        return _Candidate(
            actor=actor,
            obstacle=f"{user.name} is not independent, but the policy requires independent "
            f"reviewers: {reasons}.",
        )
    return _Candidate(actor=actor, dependences=dependences)


def _describe_dependence_mark(deployment: Deployment, candidate: _Candidate) -> str:
    names = deployment.current_name_by_key
    reasons = "; ".join(
        describe_dependence(*dependence, names=names) for dependence in candidate.dependences
    )
    return f"An approval by {candidate.actor.name} would be marked as dependent: {reasons}."


def _limit_sentences(sentences: Sequence[str]) -> list[str]:
    """Return the first sentences, followed by the number of people who were left out, if any."""
    left_out = len(sentences) - _MAX_EXPLAINED
    if left_out <= 0:
        return list(sentences)
    people = "1 more person" if left_out == 1 else f"{left_out} more people"
    return [*sentences[:_MAX_EXPLAINED], f"The same applies to {people}."]


def _describe_shortages(
    missing: Sequence[ApprovalRule], able: Sequence[_Candidate], policy: Policy
) -> list[str]:
    shortages: list[str] = []
    for rule in missing:
        count = sum(rule_accepts(rule, candidate.actor) for candidate in able)
        if count >= rule.required:
            continue
        who = "Nobody" if count == 0 else f"Only {count} of the {rule.required} people needed"
        shortages.append(
            f"{who} can approve for {rule.approver_label()} now; {_remedy(rule, policy)}."
        )
    return shortages


def _remedy(rule: ApprovalRule, policy: Policy) -> str:
    if rule.user is not None:
        return (
            f"make sure that {rule.user} is an enabled person with the reviewer role, or change "
            "the policy"
        )
    members = "" if rule.group is None else f" to the group {rule.group}"
    people = f"people with the reviewer role{members}"
    if policy.independent_reviewers is IndependentReviewers.REQUIRED:
        return f"an admin can add independent {people}, for example in the server's terminal"
    return f"an admin can add {people}"
