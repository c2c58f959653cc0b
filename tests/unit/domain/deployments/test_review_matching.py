"""Several rules in one stage: who counts for which, whatever the order of the clicks."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor, Identity
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.deployments.deployment import Approval, Deployment, consent_digest
from gatepost_domain.deployments.errors import NotEligible, TransitionRefused
from gatepost_domain.deployments.review import StageProgress, review_progress
from gatepost_domain.lifecycle import approval
from gatepost_domain.status import Status
from tests.support.builders import NOON, a_command, a_deployment, a_policy, a_stage, an_actor

QA_AND_DEVOPS = a_policy(a_stage("review", ApprovalRule(group="qa"), ApprovalRule(group="devops")))
QUINN = an_actor("quinn", groups=["qa"])
DORA = an_actor("dora", groups=["devops"])
BOTH = an_actor("bo", groups=["qa", "devops"])

Eligible = tuple[int, ...]
"""The rules that one person counts for, by position."""


def groups(*required: int) -> tuple[ApprovalRule, ...]:
    """A rule for each of group 0, group 1, …, with the number it wants."""
    return tuple(
        ApprovalRule(group=str(index), required=number) for index, number in enumerate(required)
    )


def progress(required: Sequence[int], people: Sequence[Eligible]) -> StageProgress:
    """How far a stage is once these people have approved it, in this order."""
    policy = a_policy(a_stage("review", *groups(*required)))
    deployment = a_deployment(policy=policy)
    digest = consent_digest(deployment)
    given = tuple(
        Approval(
            stage="review",
            actor=name,
            at=NOON,
            note=None,
            digest=digest,
            rules=tuple(rules),
            identity=Identity(human=name),
        )
        for name, rules in named(people)
    )
    (stage,) = review_progress(replace(deployment, approvals=given), policy).stages
    return stage


def named(people: Sequence[Eligible]) -> list[tuple[str, Eligible]]:
    return [(f"person-{index}", rules) for index, rules in enumerate(people)]


def most_that_count(required: Sequence[int], people: Sequence[Eligible]) -> int:
    """The most approvals any assignment puts to use, by trying them all."""
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


def test_ten_thousand_orders_of_clicks_make_no_difference() -> None:
    """The same approvals in any order leave a stage equally far, and missing the same."""
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
def test_as_many_approvals_count_as_any_assignment_could_use(
    stage: tuple[list[int], list[Eligible]],
) -> None:
    """No consent is wasted that could have been put to use."""
    required, people = stage

    found = progress(required, people)

    missing = sum(rule.required for rule in found.missing)
    assert sum(required) - missing == most_that_count(required, people)
    assert found.satisfied == (missing == 0)


@pytest.mark.parametrize("order", [(QUINN, BOTH), (BOTH, QUINN), (DORA, BOTH), (BOTH, DORA)])
def test_one_person_in_two_groups_never_deadlocks_a_stage(order: tuple[Actor, ...]) -> None:
    """Whoever is in both groups makes room for whoever is in one, first or second to click."""
    deployment = a_deployment(policy=QA_AND_DEVOPS)

    for actor in order:
        deployment = clicked(deployment, QA_AND_DEVOPS, actor)

    assert deployment.status is Status.APPROVED


def test_one_person_in_two_groups_counts_once() -> None:
    """Four eyes are two people, however many groups one of them is in."""
    half = clicked(a_deployment(policy=QA_AND_DEVOPS), QA_AND_DEVOPS, BOTH)

    assert half.status is Status.PENDING_APPROVAL
    (stage,) = review_progress(half, QA_AND_DEVOPS).stages
    assert sum(rule.required for rule in stage.missing) == 1


def test_a_chain_of_people_in_two_groups_makes_room() -> None:
    """Each moves over for the next, so that the last one still finds a place."""
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


def test_too_many_of_one_group_do_not_stand_in_for_another() -> None:
    """Two testers are not a tester and an operator."""
    policy = QA_AND_DEVOPS
    deployment = clicked(a_deployment(policy=policy), policy, QUINN)

    deployment = clicked(deployment, policy, an_actor("qadir", groups=["qa"]))

    (stage,) = review_progress(deployment, policy).stages
    assert stage.missing == (ApprovalRule(group="devops"),)
    assert clicked(deployment, policy, DORA).status is Status.APPROVED


@given(stages, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_clicks_in_any_order_approve_exactly_what_suffices(
    stage: tuple[list[int], list[Eligible]], random: Random
) -> None:
    """A deployment is approved as soon as, and only if, the approvals given can fill its rules."""
    required, people = stage
    policy = a_policy(a_stage("review", *groups(*required)))
    actors = [an_actor(name, groups=[str(rule) for rule in rules]) for name, rules in named(people)]

    deployment = a_deployment(policy=policy)
    for actor in random.sample(actors, len(actors)):
        deployment = clicked(deployment, policy, actor)

    enough = most_that_count(required, people) == sum(required)
    assert (deployment.status is Status.APPROVED) == enough


def clicked(deployment: Deployment, policy: Policy, actor: Actor) -> Deployment:
    """The deployment after somebody pressed approve, whether they still could or not."""
    try:
        return approval.approve(deployment, policy, a_command(actor))[0]
    except (TransitionRefused, NotEligible):
        return deployment
