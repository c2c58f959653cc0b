"""Which records count as a success for which deployments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import AcceptRecords
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gates.promotion import promotion_gate
from gatepost_domain.gates.soak import soak_gate
from gatepost_domain.gates.trusted_records import (
    DisregardedRecord,
    describe_disregarded,
    find_objection,
)
from tests.support.builders import a_deployment, a_policy, a_user
from tests.support.domain.gates import NEEDS_TEST, a_context, missing

OPERATOR = a_user("olga", grants=(Grant(role=Role.OPERATOR),))
REQUEST = replace(
    a_deployment(),
    requester="ada",
    identities=(Identity(humans=("ada",), provenance={"root": Means.ACCOUNT}),),
)


def recorded(*identities: Identity, by: str = "olga") -> Deployment:
    """Return a record by somebody."""
    return replace(
        a_deployment(),
        kind=DeploymentKind.RECORD,
        environment="test",
        requester=by,
        identities=identities or (Identity(humans=(by,)),),
    )


@pytest.mark.parametrize(
    ("accept", "recorder", "record", "objection"),
    [
        (AcceptRecords.ANY, None, recorded(Identity(humans=("ada",)), by="ada"), None),
        (
            AcceptRecords.NONE,
            OPERATOR,
            recorded(),
            "the policy of production accepts no records",
        ),
        (AcceptRecords.OPERATORS, OPERATOR, recorded(), None),
        (
            AcceptRecords.OPERATORS,
            None,
            recorded(),
            "olga, who recorded it, is not a user",
        ),
        (
            AcceptRecords.OPERATORS,
            replace(OPERATOR, disabled=True),
            recorded(),
            "olga, who recorded it, is disabled",
        ),
        *(
            (
                AcceptRecords.OPERATORS,
                replace(OPERATOR, grants=(grant,)),
                recorded(),
                "olga, who recorded it, is not an operator of shop in test",
            )
            for grant in (
                Grant(role=Role.REQUESTER),
                Grant(role=Role.ADMIN),
                Grant(role=Role.OPERATOR, environment="production"),
                Grant(role=Role.OPERATOR, service="cart"),
            )
        ),
        (
            AcceptRecords.OPERATORS,
            replace(OPERATOR, grants=(Grant(role=Role.OPERATOR, environment="test"),)),
            recorded(),
            None,
        ),
        *(
            (
                AcceptRecords.OPERATORS,
                OPERATOR,
                recorded(*identities),
                "olga, who recorded it, may be the same person as ada, who made the request",
            )
            for identities in (
                (Identity(humans=("ada",)),),
                (Identity(humans=("olga",), provenance={"ada": Means.ACCOUNT}),),
                (Identity(humans=("root",)),),
                (Identity(humans=("olga",)), Identity(humans=("ada",))),
            )
        ),
    ],
)
def test_record_counts_as_the_policy_says(
    accept: AcceptRecords, recorder: User | None, record: Deployment, objection: str | None
) -> None:
    """By default, only records by current operators who are independent of the requester count."""
    policy = a_policy(accept_records=accept)

    assert find_objection(record, REQUEST, policy, recorder) == objection


def test_gates_say_why_a_record_does_not_count() -> None:
    """Both gates name the record, the reason and the cure."""
    disregarded = DisregardedRecord(number=4, reason="olga, who recorded it, is disabled")
    upstream = replace(missing(), disregarded=disregarded)
    expected = describe_disregarded("1.0.0", [("test", disregarded)])

    for gate_of in (promotion_gate, soak_gate):
        gate = gate_of(a_deployment(), NEEDS_TEST, a_context(upstream))
        assert gate.message.endswith(expected)

    assert expected == (
        " The record DEP-4 of 1.0.0 in test does not count, because olga, who recorded it, is "
        "disabled. Deploy the version there through Gatepost, or have an operator who is "
        "independent of the requester record the deployment, if the policy accepts records."
    )
