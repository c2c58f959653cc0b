"""Stages with several rules: which approval counts for which rule."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.deployments.deployment import Approval, Deployment, consent_digest
from gatepost_domain.deployments.errors.reviews import NotEligible
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.deployments.review import StageProgress, review_progress
from gatepost_domain.lifecycle import approval
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, a_command, a_deployment, a_policy, a_stage, an_actor

QA_AND_DEVOPS = a_policy(a_stage("review", ApprovalRule(group="qa"), ApprovalRule(group="devops")))
QUINN = an_actor("quinn", groups=["qa"])
DORA = an_actor("dora", groups=["devops"])
BOTH = an_actor("bo", groups=["qa", "devops"])

Eligible = tuple[int, ...]
"""The rules that one person counts for, by position."""


def groups(*required: int) -> tuple[ApprovalRule, ...]:
    """Return one rule per group with the number of approvals that it requires."""
    return tuple(
        ApprovalRule(group=str(index), required=number) for index, number in enumerate(required)
    )


def progress(required: Sequence[int], people: Sequence[Eligible]) -> StageProgress:
    """Return the progress of a stage after these people approved in this order."""
    policy = a_policy(a_stage("review", *groups(*required)))
    deployment = a_deployment(policy=policy)
    digest = consent_digest(deployment)
    approvals = tuple(
        Approval(
            stage="review",
            actor=name,
            at=NOON,
            note=None,
            digest=digest,
            rules=tuple(rules),
            identity=Identity(humans=(name,)),
        )
        for name, rules in named(people)
    )
    (stage,) = review_progress(replace(deployment, approvals=approvals), policy).stages
    return stage


def named(people: Sequence[Eligible]) -> list[tuple[str, Eligible]]:
    return [(f"person-{index}", rules) for index, rules in enumerate(people)]


def most_that_count(required: Sequence[int], people: Sequence[Eligible]) -> int:
    """Return the largest number of usable approvals by trying every assignment."""
    best = 0
    for choice in product(*((None, *rules) for rules in people)):
        used = [rule for rule in choice if rule is not None]
        if all(used.count(rule) <= number for rule, number in enumerate(required)):
            best = max(best, len(used))
    return best


stages = st.lists(st.integers(1, 3), min_size=1, max_size=3).flatmap(
    lambda required: st.tuples(
        st.just(required),
        st.lists(
            st.sets(st.integers(0, len(required) - 1), min_size=1).map(lambda s: tuple(sorted(s))),
            max_size=5,
        ),
    )
)


def test_order_of_approvals_does_not_matter_in_ten_thousand_examples() -> None:
    """The same approvals satisfy the same rules in any order."""
    random = Random(20261121)
    orders = 0
    while orders < 10_000:
        required = [random.randint(1, 3) for _ in range(random.randint(1, 4))]
        rules = range(len(required))
        people = [
            tuple(sorted(random.sample(rules, random.randint(1, len(rules)))))
            for _ in range(random.randint(1, 7))
        ]
        expected = progress(required, people).missing
        for _ in range(20):
            shuffled = random.sample(people, len(people))
            orders += 1

            assert progress(required, shuffled).missing == expected, (required, shuffled)


@given(stages)
@settings(max_examples=300)
def test_matching_uses_as_many_approvals_as_possible(
    stage: tuple[list[int], list[Eligible]],
) -> None:
    """The matching agrees with an exhaustive search over all assignments."""
    required, people = stage

    stage_progress = progress(required, people)

    missing = sum(rule.required for rule in stage_progress.missing)
    assert sum(required) - missing == most_that_count(required, people)
    assert stage_progress.satisfied == (missing == 0)


@pytest.mark.parametrize("order", [(QUINN, BOTH), (BOTH, QUINN), (DORA, BOTH), (BOTH, DORA)])
def test_person_in_two_groups_never_blocks_a_stage(order: tuple[Actor, ...]) -> None:
    """The stage is satisfied for either order of approvals."""
    deployment = a_deployment(policy=QA_AND_DEVOPS)

    for actor in order:
        deployment = clicked(deployment, QA_AND_DEVOPS, actor)

    assert deployment.status is Status.APPROVED


def test_person_in_two_groups_counts_once() -> None:
    """An approval by a person in both groups leaves one more approval missing."""
    half = clicked(a_deployment(policy=QA_AND_DEVOPS), QA_AND_DEVOPS, BOTH)

    assert half.status is Status.PENDING_APPROVAL
    (stage,) = review_progress(half, QA_AND_DEVOPS).stages
    assert sum(rule.required for rule in stage.missing) == 1


def test_chain_of_people_in_two_groups_is_reassigned() -> None:
    """Earlier approvals are reassigned so that the last approval still counts."""
    policy = a_policy(a_stage("review", *groups(1, 1, 1)))
    chain = [
        an_actor("one", groups=["0", "1"]),
        an_actor("two", groups=["1", "2"]),
        an_actor("three", groups=["0"]),
    ]

    outcomes = set()
    for order in permutations(chain):
        deployment = a_deployment(policy=policy)
        for actor in order:
            deployment = clicked(deployment, policy, actor)
        outcomes.add(deployment.status)

    assert outcomes == {Status.APPROVED}


def test_surplus_of_one_group_does_not_count_for_another() -> None:
    """Two approvals by testers do not replace an approval by an operator."""
    policy = QA_AND_DEVOPS
    deployment = clicked(a_deployment(policy=policy), policy, QUINN)

    deployment = clicked(deployment, policy, an_actor("qadir", groups=["qa"]))

    (stage,) = review_progress(deployment, policy).stages
    assert stage.missing == (ApprovalRule(group="devops"),)
    assert clicked(deployment, policy, DORA).status is Status.APPROVED


@given(stages, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_deployment_is_approved_exactly_when_its_rules_are_satisfied(
    stage: tuple[list[int], list[Eligible]], random: Random
) -> None:
    """Approvals in any order approve a deployment if and only if they can satisfy all rules."""
    required, people = stage
    policy = a_policy(a_stage("review", *groups(*required)))
    actors = [an_actor(name, groups=[str(rule) for rule in rules]) for name, rules in named(people)]

    deployment = a_deployment(policy=policy)
    for actor in random.sample(actors, len(actors)):
        deployment = clicked(deployment, policy, actor)

    enough = most_that_count(required, people) == sum(required)
    assert (deployment.status is Status.APPROVED) == enough


def clicked(deployment: Deployment, policy: Policy, actor: Actor) -> Deployment:
    """Return the deployment after an attempted approval, whether or not it was allowed."""
    try:
        return approval.approve(deployment, policy, a_command(actor))[0]
    except (TransitionRefused, NotEligible):
        return deployment
