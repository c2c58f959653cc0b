"""The rules of approvals decide as the domain's review does."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.credential_provenance import (
    Identity,
    Means,
    build_identity,
    may_be_same_human,
    shared_provenance,
)
from gatepost_domain.catalog.policy import ApprovalRule, Policy, RollbackApprovals
from gatepost_domain.deployments.deployment import Approval, DeploymentKind, consent_digest
from gatepost_domain.deployments.errors.reviews import NotEligible
from gatepost_domain.deployments.review import (
    find_reviewable_stage,
    required_stages,
    review_progress,
)
from gatepost_domain.verification import approval_rules
from tests.support.builders import NOON, a_deployment, a_policy, a_stage, an_actor

GROUPS = ("qa", "devops", "ops")
NAMES = ("ada", "Ada", "ＡＤＡ", "bo", "straße", "STRASSE")

humans = st.sampled_from(["ada", "bo", "carl"])
identities = st.builds(
    lambda counted, provenance: build_identity(counted, Identity(provenance=provenance)),
    st.sets(humans, min_size=1, max_size=2),
    st.dictionaries(humans, st.sampled_from(Means)),
)
rules = st.one_of(
    st.builds(ApprovalRule, required=st.integers(1, 3)),
    st.builds(ApprovalRule, required=st.integers(1, 3), group=st.sampled_from(GROUPS)),
    st.builds(ApprovalRule, user=st.sampled_from(NAMES)),
)
stage_rules = st.lists(rules, min_size=1, max_size=4)


@st.composite
def stages_with_approvals(draw: st.DrawFn) -> tuple[list[ApprovalRule], list[tuple[int, ...]]]:
    """Generate the rules of a stage, and the rules that accepted each of its reviewers."""
    chosen = draw(stage_rules)
    positions = st.sets(st.integers(0, len(chosen) - 1), min_size=1).map(
        lambda accepted: tuple(sorted(accepted))
    )
    return chosen, draw(st.lists(positions, max_size=6))


def on_the_wire(value: Any) -> Any:
    return msgspec.to_builtins(value)


def progress_of_review(policy: Policy, approvals: list[tuple[int, ...]]) -> int:
    """Return how many approvals the first stage lacks according to the domain."""
    deployment = a_deployment(policy=policy)
    digest = consent_digest(deployment)
    given_approvals = tuple(
        Approval(
            stage=policy.approval_stages[0].name,
            actor=f"person-{index}",
            at=NOON,
            note=None,
            digest=digest,
            rules=accepted,
            identity=Identity(humans=(f"person-{index}",)),
        )
        for index, accepted in enumerate(approvals)
    )
    stage = review_progress(replace(deployment, approvals=given_approvals), policy).stages[0]
    return sum(rule.required for rule in stage.missing)


@given(stages_with_approvals())
def test_missing_approvals_are_those_of_the_review(
    stage: tuple[list[ApprovalRule], list[tuple[int, ...]]],
) -> None:
    """Both find the same number of missing approvals for every stage."""
    chosen, approvals = stage
    expected = progress_of_review(a_policy(a_stage("review", *chosen)), approvals)

    assert approval_rules.count_missing_approvals(on_the_wire(chosen), approvals) == expected


@given(stages_with_approvals())
def test_order_of_approvals_does_not_matter(
    stage: tuple[list[ApprovalRule], list[tuple[int, ...]]],
) -> None:
    """Every order of the approvals satisfies the same number of requirements."""
    chosen, approvals = stage
    wire = on_the_wire(chosen)

    found = {
        approval_rules.count_missing_approvals(wire, order) for order in permutations(approvals[:4])
    }

    assert len(found) == 1


def test_person_in_two_groups_never_blocks_a_stage() -> None:
    """A reviewer in both groups leaves the rule that only the other reviewer satisfies."""
    both_first = [(0, 1), (0,)]
    wire = [{"group": "qa", "required": 1}, {"group": "devops", "required": 1}]

    assert approval_rules.count_missing_approvals(wire, both_first) == 0


@given(stage_rules, st.sampled_from(NAMES), st.sets(st.sampled_from(GROUPS)))
def test_reviewers_are_accepted_by_the_same_rules(
    chosen: list[ApprovalRule], name: str, groups: set[str]
) -> None:
    """The same rules accept a reviewer by name and groups."""
    policy = a_policy(a_stage("review", *chosen))
    actor = an_actor(name, groups=groups)
    try:
        _, expected = find_reviewable_stage(
            a_deployment(policy=policy), policy, actor=actor, stage=None
        )
    except NotEligible:
        expected = ()

    accepted = approval_rules.accepting_rules(on_the_wire(chosen), [name, None], sorted(groups))

    assert accepted == expected


@given(identities, identities)
def test_people_are_independent_by_the_same_rule(one: Identity, other: Identity) -> None:
    """Two recorded identities may be the same human exactly if the domain says so."""
    people = [
        approval_rules.to_person(f"account-{index}", identity.to_event_data())
        for index, identity in enumerate([one, other])
    ]

    assert approval_rules.may_be_same_person(*people) == may_be_same_human(one, other)
    assert approval_rules.is_dependent(*people) == bool(shared_provenance(one, other))


@pytest.mark.parametrize(
    ("identity", "is_same"),
    [
        (None, False),
        ({"human": "ada", "issuer": None}, True),
        ({"human": "bo", "issuer": "ada"}, True),
        ({"human": "bo", "issuer": "carl"}, False),
    ],
)
def test_older_identities_count_as_the_human_and_the_issuer(
    identity: dict[str, str | None] | None, *, is_same: bool
) -> None:
    """An event of an older version has one human, or only a name."""
    older = approval_rules.to_person("robot", identity)
    ada = Identity(humans=("ada",), provenance={"carl": Means.INVITATION})
    newer = approval_rules.to_person("ada", ada.to_event_data())

    assert approval_rules.may_be_same_person(older, newer) is is_same
    assert approval_rules.is_dependent(newer, older) is (identity is not None and not is_same)
    assert not approval_rules.is_dependent(older, newer)


def test_two_older_people_are_compared_as_then() -> None:
    """Without identity, only the names count; else equal humans, or one who issued the token."""
    carl = approval_rules.to_person("ada", {"human": "carl", "issuer": None})
    robot = approval_rules.to_person("robot", {"human": "bo", "issuer": "carl"})
    other = approval_rules.to_person("other", {"human": "dora", "issuer": "carl"})

    assert approval_rules.may_be_same_person(approval_rules.to_person("ADA", None), carl)
    assert not approval_rules.may_be_same_person(approval_rules.to_person("carl", None), carl)
    assert approval_rules.may_be_same_person(robot, carl)
    assert not approval_rules.may_be_same_person(robot, other)


@given(st.text())
def test_names_are_normalized_as_in_the_domain(name: str) -> None:
    """Both use the same form of a name."""
    assert approval_rules.normalize_name(name) == normalize_name(name)


@pytest.mark.parametrize("kind", DeploymentKind)
@pytest.mark.parametrize("unreviewed", [False, True])
@pytest.mark.parametrize("rollback_approvals", RollbackApprovals)
def test_rollbacks_are_exempt_as_in_the_domain(
    kind: DeploymentKind, *, unreviewed: bool, rollback_approvals: RollbackApprovals
) -> None:
    """The same stages are required of every kind of deployment."""
    policy = a_policy(a_stage("qa"), rollback_approvals=rollback_approvals)
    deployment = replace(a_deployment(policy=policy), kind=kind, unreviewed=unreviewed)
    request = {"kind": kind, "unreviewed": unreviewed}

    stages = approval_rules.required_stages(request, on_the_wire(policy))

    assert list(stages) == on_the_wire(list(required_stages(deployment, policy)))
