"""The soak gate in each of its states."""

from datetime import timedelta

import pytest

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.gates.gate import GateState
from gatepost_domain.gates.soak import soak_gate
from gatepost_domain.gates.upstream_status import UpstreamStatus
from tests.support.builders import NOON, a_deployment
from tests.support.domain.gates import (
    LATER,
    NEEDS_ANY,
    NEEDS_BOTH,
    NEEDS_TEST,
    NO_REQUIREMENTS,
    ROLLBACK,
    a_context,
    missing,
    of_kind,
    soaking,
    too_old,
    up,
)

LAST = NOON + timedelta(hours=2)
SOAKING = "1.0.0 must be live in {} for 3600 s without interruption{}."
UNTIL = "; the gate should open on 21 November 2026, {}:00 UTC"


@pytest.mark.parametrize(
    ("policy", "upstream", "message", "opens_at"),
    [
        (NEEDS_TEST, [missing()], SOAKING.format("test", ""), None),
        (NEEDS_TEST, [soaking()], SOAKING.format("test", UNTIL.format(13)), LATER),
        (NEEDS_TEST, [soaking(soaked_at=None)], SOAKING.format("test", ""), None),
        (
            NEEDS_BOTH,
            [soaking(), soaking("staging", soaked_at=LAST)],
            SOAKING.format("test and staging", UNTIL.format(14)),
            LAST,
        ),
        (NEEDS_BOTH, [soaking(), missing("staging")], SOAKING.format("test and staging", ""), None),
        (
            NEEDS_ANY,
            [soaking(), soaking("staging", soaked_at=LAST)],
            SOAKING.format("test or staging", UNTIL.format(13)),
            LATER,
        ),
        (
            NEEDS_ANY,
            [soaking(), missing("staging")],
            SOAKING.format("test", UNTIL.format(13)),
            LATER,
        ),
        (
            NEEDS_ANY,
            [soaking(), too_old("staging")],
            SOAKING.format("test", UNTIL.format(13)),
            LATER,
        ),
    ],
)
def test_soak_gate_waits_for_the_soak_time(
    policy: Policy, upstream: list[UpstreamStatus], message: str, opens_at: object
) -> None:
    """The gate names the environments and, if known, the time at which it opens.

    With mode `any`, only environments where the version succeeded count.
    """
    gate = soak_gate(a_deployment(), policy, a_context(*upstream))

    assert (gate.state, gate.code) == (GateState.WAITING, "soaking")
    assert (gate.message, gate.opens_at, gate.who_can_act) == (message, opens_at, ("emergency",))


@pytest.mark.parametrize(
    ("deployment", "policy", "upstream", "code", "message"),
    [
        (of_kind(), NO_REQUIREMENTS, [], "no_soak", "No soak time is required."),
        (ROLLBACK, NEEDS_TEST, [missing()], "soak_passed", "Rollbacks need no soak time."),
        (of_kind(), NEEDS_TEST, [up()], "soaked", "1.0.0 was live in test for 3600 s."),
        (
            of_kind(),
            NEEDS_BOTH,
            [up(), up("staging")],
            "soaked",
            "1.0.0 was live in test and staging for 3600 s.",
        ),
        (
            of_kind(),
            NEEDS_ANY,
            [soaking(), up("staging")],
            "soaked",
            "1.0.0 was live in staging for 3600 s.",
        ),
        (
            of_kind(),
            NEEDS_ANY,
            [too_old(), too_old("staging")],
            "soaked",
            "1.0.0 was live in test and staging for 3600 s.",
        ),
    ],
)
def test_soak_gate_is_open_after_the_soak_time(
    deployment: Deployment, policy: Policy, upstream: list[UpstreamStatus], code: str, message: str
) -> None:
    """The gate names the environments. Rollbacks need no soak time."""
    gate = soak_gate(deployment, policy, a_context(*upstream))

    assert (gate.state, gate.code, gate.message) == (GateState.OPEN, code, message)
    assert (gate.since, gate.opens_at, gate.who_can_act) == (None, None, ())
