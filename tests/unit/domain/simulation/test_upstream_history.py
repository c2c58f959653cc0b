"""What is known of a version in the required environments at a past instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import AcceptRecords, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gates.upstream_status import evaluate_upstream, find_successes
from gatepost_domain.simulation.history import EnvironmentHistory, PastDeployment, PastRetirement
from gatepost_domain.simulation.upstream_history import PastStatus, UpstreamHistory
from tests.support.builders import NOON, a_deployment, a_user
from tests.support.memory.simulation import upstream_deployment

OTTO = a_user("otto", grants=(Grant(role=Role.OPERATOR),))


def instant(hour: int) -> datetime:
    return NOON + timedelta(hours=hour)


@st.composite
def live_deployments(draw: st.DrawFn) -> Deployment:
    """Generate deployments of the lane shop in staging that went live."""
    deployed = draw(st.integers(0, 20))
    deployment = a_deployment(environment="staging", version=draw(st.sampled_from(["1", "2"])))
    later = st.integers(deployed, 24).map(instant)
    kind = draw(st.sampled_from([DeploymentKind.REQUEST, DeploymentKind.RECORD]))
    return replace(
        deployment,
        kind=kind,
        created_at=draw(later) if kind is DeploymentKind.RECORD else instant(deployed),
        deployed_at=instant(deployed),
        rolled_back_at=draw(st.none() | st.none() | later),
    )


def past(at: datetime, **changes: Any) -> PastDeployment:
    """Build a deployment of shop 1 that started at an instant."""
    fields: dict[str, Any] = {
        "number": 99,
        "kind": DeploymentKind.REQUEST,
        "service": "shop",
        "version": "1",
        "tier": Tier.PRODUCTION,
        "identities": (Identity(humans=("ada",)),),
        "at": at,
        "created_at": at,
    }
    return PastDeployment(**(fields | changes))


def history_of(
    deployments: Iterable[Deployment], retired: Iterable[datetime] = (), *, checked: bool = False
) -> EnvironmentHistory:
    return EnvironmentHistory(
        deployments=[past(NOON)],
        upstream=[
            upstream_deployment(each, each.deployed_at)
            for each in deployments
            if each.deployed_at is not None
        ],
        retirements=[
            PastRetirement(environment="staging", service="shop", at=at) for at in retired
        ],
        checked_lanes=frozenset({("shop", "staging")} if checked else ()),
    )


def as_of(deployments: Iterable[Deployment], at: datetime) -> list[Deployment]:
    """Return what had gone live until an instant, rolled back only if it was by then."""
    return [
        each
        if each.rolled_back_at is None or each.rolled_back_at <= at
        else replace(each, rolled_back_at=None)
        for each in deployments
        if each.deployed_at is not None and each.deployed_at <= at
    ]


@given(
    st.lists(live_deployments(), max_size=8),
    st.lists(st.integers(0, 24).map(instant), max_size=2),
    st.integers(0, 26).map(instant),
    st.integers(0, 8),
    st.none() | st.integers(1, 12),
    st.booleans(),
)
@settings(max_examples=400)
def test_the_status_is_what_the_gates_saw_then(
    lane: list[Deployment],
    retired: list[datetime],
    at: datetime,
    soak_h: int,
    max_age_h: int | None,
    checked: bool,  # noqa: FBT001
) -> None:
    """For every lane and instant, as the gates evaluate what had happened until then."""
    deployments = [replace(each, number=number) for number, each in enumerate(lane, start=1)]
    policy = Policy(
        requires=("staging",),
        accept_records=AcceptRecords.ANY,
        soak_s=soak_h * 3600,
        max_age_s=None if max_age_h is None else max_age_h * 3600,
    )

    (status,) = UpstreamHistory(
        history_of(deployments, retired, checked=checked), policy, ()
    ).statuses(past(at))

    known = as_of(deployments, at)
    successes = find_successes(
        [each for each in known if each.version == "1"], has_required_checks=checked
    )
    since = successes.first_at
    expected = evaluate_upstream(
        "staging",
        successes,
        [each for each in known if each.deployed_at and since and each.deployed_at >= since],
        [each for each in retired if each <= at and since is not None and each >= since],
        version="1",
        policy=policy,
        at=at,
    )
    assert status.has_recent_success == expected.has_recent_success
    if expected.succeeded_at is not None:
        assert status.is_soaked == expected.soaked


def a_record(**changes: Any) -> Deployment:
    """Build a record of shop 1 in staging by otto, made long after it was deployed."""
    deployment = a_deployment(environment="staging", version="1", requester="otto")
    return replace(
        deployment,
        kind=DeploymentKind.RECORD,
        deployed_at=instant(0),
        created_at=instant(500),
        **changes,
    )


@pytest.mark.parametrize(
    ("accepted", "users", "requester", "kind", "counts"),
    [
        (AcceptRecords.NONE, (OTTO,), "ada", DeploymentKind.REQUEST, False),
        (AcceptRecords.OPERATORS, (), "ada", DeploymentKind.REQUEST, False),
        (
            AcceptRecords.OPERATORS,
            (a_user("otto", grants=()),),
            "ada",
            DeploymentKind.REQUEST,
            False,
        ),
        (
            AcceptRecords.OPERATORS,
            (replace(OTTO, disabled=True),),
            "ada",
            DeploymentKind.REQUEST,
            False,
        ),
        (AcceptRecords.OPERATORS, (OTTO,), "otto", DeploymentKind.REQUEST, False),
        (AcceptRecords.OPERATORS, (OTTO,), "otto", DeploymentKind.RECORD, True),
        (AcceptRecords.OPERATORS, (OTTO,), "ada", DeploymentKind.REQUEST, True),
        (AcceptRecords.ANY, (), "otto", DeploymentKind.REQUEST, True),
    ],
)
def test_a_record_counts_as_the_policy_says(
    accepted: AcceptRecords,
    users: tuple[User, ...],
    requester: str,
    kind: DeploymentKind,
    *,
    counts: bool,
) -> None:
    """By its recorder as of now, and independently of the requester if there is one.

    Its soak time counts from when it was recorded if a gate was to hold the deployment.
    """
    policy = Policy(requires=("staging",), accept_records=accepted, soak_s=3600)
    judged = past(instant(1), kind=kind, identities=(Identity(humans=(requester,)),))

    statuses = UpstreamHistory(history_of([a_record()]), policy, users).statuses(judged)

    is_soaked = counts and kind is DeploymentKind.RECORD
    assert statuses == [PastStatus(has_recent_success=counts, is_soaked=is_soaked)]
