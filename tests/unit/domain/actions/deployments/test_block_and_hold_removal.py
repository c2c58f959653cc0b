"""Unblocking versions and releasing holds."""

from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.event import EventKind
from tests.support.builders import a_policy, an_actor
from tests.support.domain.promotion import (
    AUTO_PROMOTE_POLICY,
    deploy,
    expect_refusal,
    get_block,
    get_hold,
    last_event,
    promotion_ledger,
    release_hold,
    roll_back,
    unblock_version,
)
from tests.support.memory.ledger import InMemoryLedger

BO = an_actor("bo", roles=[role for role in Role if role is not Role.OPERATOR])
ELSEWHERE = an_actor("bo", grants=(Grant(role=Role.OPERATOR, environment="test"),))
NEEDS_ROLE = "bo needs the operator role for shop in production."


async def a_ledger() -> InMemoryLedger:
    """Return a ledger with a blocked version and a hold in production.

    Version 3.0.0 was rolled back, and the manual deployment of 2.0.0 set the hold.
    """
    ledger = await promotion_ledger(test=AUTO_PROMOTE_POLICY, staging=a_policy())
    await deploy(ledger, "test")
    await deploy(ledger, "production", "2.0.0")
    await roll_back(ledger, (await deploy(ledger, "production", "3.0.0")).id)
    return ledger


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        ({"service": "nope"}, "unknown_service", "There is no service nope."),
        ({"version": "9.9"}, "unknown_version", "There is no version 9.9."),
        ({"environment": "nope"}, "unknown_environment", "There is no environment nope."),
        ({"by": BO, "reason": None}, "forbidden", NEEDS_ROLE),
        ({"by": ELSEWHERE}, "forbidden", NEEDS_ROLE),
        ({"reason": None}, "reason_required", "A reason is required; it is recorded permanently."),
        ({"reason": " \n"}, "reason_required", "A reason is required; it is recorded permanently."),
        (
            {"version": "1.0.0"},
            "version_not_blocked",
            "1.0.0 of shop is not blocked in production.",
        ),
        (
            {"environment": "staging"},
            "version_not_blocked",
            "3.0.0 of shop is not blocked in staging.",
        ),
    ],
)
async def test_unblock_is_refused_with_the_first_failing_rule(
    options: dict[str, Any], code: str, sentence: str
) -> None:
    """The checks are, in order: unknown name, missing right, missing reason, no block."""
    ledger = await a_ledger()

    refusal = await expect_refusal(
        ledger, unblock_version(ledger, **({"version": "3.0.0"} | options))
    )

    assert (refusal.code, str(refusal)) == (code, sentence)
    assert await get_block(ledger, "3.0.0") is not None


async def test_unblocked_version_can_be_requested_again() -> None:
    """After the unblock, the version can be deployed. The event names the actor and reason."""
    ledger = await a_ledger()
    block = await get_block(ledger, "3.0.0")

    answer = await unblock_version(ledger, "3.0.0")

    event = await last_event(ledger)
    assert (answer, await get_block(ledger, "3.0.0")) == (block, None)
    assert (event.kind, event.actor, event.note) == (
        EventKind.VERSION_UNBLOCKED,
        "olga",
        "Mended.",
    )
    assert event.data == {"service": "shop", "environment": "production", "version": "3.0.0"}
    assert (await deploy(ledger, "production", "3.0.0")).deployed_at is not None


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        ({"service": "nope"}, "unknown_service", "There is no service nope."),
        ({"environment": "nope"}, "unknown_environment", "There is no environment nope."),
        ({"by": BO, "reason": None}, "forbidden", NEEDS_ROLE),
        ({"by": ELSEWHERE}, "forbidden", NEEDS_ROLE),
        ({"reason": None}, "reason_required", "A reason is required; it is recorded permanently."),
        (
            {"environment": "staging"},
            "no_hold",
            "Automatic promotion of shop to staging is not on hold.",
        ),
    ],
)
async def test_release_is_refused_with_the_first_failing_rule(
    options: dict[str, Any], code: str, sentence: str
) -> None:
    """The checks are, in order: unknown name, missing right, missing reason, no hold."""
    ledger = await a_ledger()

    refusal = await expect_refusal(ledger, release_hold(ledger, **options))

    assert (refusal.code, str(refusal)) == (code, sentence)
    assert await get_hold(ledger) is not None


async def test_released_lane_is_promoted_to_again() -> None:
    """After the release, promotions are no longer blocked. The event names the actor and reason."""
    ledger = await a_ledger()
    hold = await get_hold(ledger)

    answer = await release_hold(ledger)

    event = await last_event(ledger)
    assert (answer, await get_hold(ledger)) == (hold, None)
    assert (event.kind, event.actor, event.note) == (
        EventKind.HOLD_RELEASED,
        "olga",
        "All is well.",
    )
    assert event.data == {"service": "shop", "environment": "production"}
    assert (await deploy(ledger, "test", "2.0.0")).promotion_blocked is None


@pytest.mark.parametrize("undo", [partial(unblock_version, version="3.0.0"), release_hold])
@pytest.mark.parametrize("by", [BO, ELSEWHERE])
async def test_denied_attempts_are_recorded(undo: Any, by: Actor) -> None:
    """Both actions record attempts by people who lack the right."""
    ledger = await a_ledger()

    refusal = await expect_refusal(ledger, undo(ledger, by=by))

    assert refusal.audit_event is not None
    assert (refusal.audit_event.kind, refusal.audit_event.actor) == (EventKind.ACCESS_DENIED, "bo")
