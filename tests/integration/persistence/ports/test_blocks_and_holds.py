"""Every ledger keeps blocked versions and holds alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest

from gatepost_domain.event import EventKind
from gatepost_domain.gates.blocks_and_holds import PromotionHold, VersionBlock
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON, an_event, an_id, create_catalog
from tests.support.domain.actions import all_entries, request_deployment
from tests.support.storage.ledgers import AnyLedger

T = TypeVar("T")

LATER = NOON + timedelta(microseconds=1)
BLOCKED, UNBLOCKED = EventKind.VERSION_BLOCKED, EventKind.VERSION_UNBLOCKED
HELD, RELEASED = EventKind.HOLD_SET, EventKind.HOLD_RELEASED


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """One in which two deployments were asked for."""
    await create_catalog(ledger, services=["shop", "cart"], versions=["1.0.0", "2.0.0"])
    await request_deployment(ledger)
    await request_deployment(ledger)
    return ledger


def a_block(**changes: Any) -> VersionBlock:
    whole: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "at": NOON,
        "by": "olga",
        "reason": "It was broken.",
        "deployment_id": an_id(),
        "number": 1,
    }
    return VersionBlock(**(whole | changes))


def a_hold(**changes: Any) -> PromotionHold:
    whole: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "at": NOON,
        "by": "olga",
        "deployment_id": an_id(),
        "number": 1,
    }
    return PromotionHold(**(whole | changes))


async def block(ledger: AnyLedger, *blocks: VersionBlock) -> None:
    for each in blocks:
        await ledger.perform(partial(_block, block=each))


def _block(uow: UnitOfWork, *, block: VersionBlock) -> None:
    uow.restrictions.add_block(block, an_event(BLOCKED))


async def hold(ledger: AnyLedger, *holds: PromotionHold) -> None:
    for each in holds:
        await ledger.perform(partial(_hold, hold=each))


def _hold(uow: UnitOfWork, *, hold: PromotionHold) -> None:
    uow.restrictions.add_hold(hold, an_event(HELD))


async def told(ledger: AnyLedger, question: Callable[[UnitOfWork], T]) -> T:
    """What a transaction answers, and whoever only looks with it."""
    answer = await ledger.perform(question)
    assert await ledger.reads.read_snapshot(question) == answer
    return answer


async def block_of(ledger: AnyLedger, *key: str) -> VersionBlock | None:
    return await told(ledger, lambda uow: uow.restrictions.find_block(*key))


async def blocked(ledger: AnyLedger, *lane: str) -> frozenset[str]:
    return await told(ledger, lambda uow: uow.restrictions.blocked_versions(*lane))


async def hold_on(ledger: AnyLedger, *lane: str) -> PromotionHold | None:
    return await told(ledger, lambda uow: uow.restrictions.find_hold(*lane))


async def last_kinds(ledger: AnyLedger, count: int) -> list[EventKind]:
    return [entry.event.kind for entry in (await all_entries(ledger.reads))[-count:]]


async def test_nothing_is_blocked_or_held_unless_somebody_did(ledger: AnyLedger) -> None:
    """Also where neither service nor environment exist."""
    assert await block_of(ledger, "shop", "production", "1.0.0") is None
    assert await blocked(ledger, "shop", "production") == frozenset()
    assert await hold_on(ledger, "shop", "production") is None
    assert await hold_on(ledger, "moon", "moon") is None


async def test_a_block_keeps_one_version_from_one_lane(ledger: AnyLedger) -> None:
    """Every field of it is told; each block leaves its event."""
    blocks = [
        a_block(at=LATER, by="Zoë", reason="'Grund' ✓", number=2),
        a_block(version="2.0.0"),
        a_block(environment="development"),
        a_block(service="cart"),
    ]

    await block(ledger, *blocks)

    for each in blocks:
        assert await block_of(ledger, each.service, each.environment, each.version) == each
    assert await block_of(ledger, "cart", "production", "2.0.0") is None
    assert await blocked(ledger, "shop", "production") == {"1.0.0", "2.0.0"}
    assert await blocked(ledger, "cart", "production") == {"1.0.0"}
    assert await last_kinds(ledger, 4) == [BLOCKED] * 4


async def test_a_later_block_takes_the_place_of_an_earlier(ledger: AnyLedger) -> None:
    """Why a version is kept out is why it was last."""
    other = a_block(version="2.0.0")
    again = a_block(at=LATER, by="otto", reason="Broken again.", number=2)

    await block(ledger, a_block(), other, again)

    assert await block_of(ledger, "shop", "production", "1.0.0") == again
    assert await block_of(ledger, "shop", "production", "2.0.0") == other
    assert await last_kinds(ledger, 3) == [BLOCKED] * 3


async def test_a_version_that_is_let_in_again_is_blocked_no_more(ledger: AnyLedger) -> None:
    """No other is; and it can be blocked anew."""
    first, others = a_block(), [a_block(version="2.0.0"), a_block(service="cart")]
    await block(ledger, first, *others)

    await ledger.perform(lambda uow: uow.restrictions.remove_block(first, an_event(UNBLOCKED)))

    assert await block_of(ledger, "shop", "production", "1.0.0") is None
    assert await blocked(ledger, "shop", "production") == {"2.0.0"}
    assert await blocked(ledger, "cart", "production") == {"1.0.0"}
    assert await last_kinds(ledger, 2) == [BLOCKED, UNBLOCKED]
    await block(ledger, first)
    assert await block_of(ledger, "shop", "production", "1.0.0") == first


async def test_a_hold_is_on_one_lane(ledger: AnyLedger) -> None:
    """Every field of it is told; the later takes the place of the earlier."""
    other, elsewhere = a_hold(service="cart"), a_hold(environment="development")
    later = a_hold(version="2.0.0", at=LATER, by="Zoë", number=2)

    await hold(ledger, a_hold(), other, elsewhere, later)

    assert await hold_on(ledger, "shop", "production") == later
    assert await hold_on(ledger, "cart", "production") == other
    assert await hold_on(ledger, "shop", "development") == elsewhere
    assert await hold_on(ledger, "cart", "development") is None
    assert await last_kinds(ledger, 4) == [HELD] * 4


async def test_a_hold_that_is_released_holds_no_more(ledger: AnyLedger) -> None:
    """No other lane is let go with it; and the lane can be held anew."""
    first, other = a_hold(), a_hold(service="cart")
    await hold(ledger, first, other)

    await ledger.perform(lambda uow: uow.restrictions.remove_hold(first, an_event(RELEASED)))

    assert await hold_on(ledger, "shop", "production") is None
    assert await hold_on(ledger, "cart", "production") == other
    assert await last_kinds(ledger, 2) == [HELD, RELEASED]
    again = replace(first, at=LATER)
    await hold(ledger, again)
    assert await hold_on(ledger, "shop", "production") == again


async def test_all_that_restricts_a_service_is_listed(ledger: AnyLedger) -> None:
    """By environment and version; nothing of another service."""
    blocks = [a_block(environment="development"), a_block(), a_block(version="2.0.0")]
    holds = [a_hold(environment="development"), a_hold()]
    await block(ledger, *blocks[::-1], a_block(service="cart"))
    await hold(ledger, *holds[::-1], a_hold(service="cart"))

    found = await ledger.reads.read_snapshot(lambda uow: uow.restrictions.list_for_service("shop"))

    assert found == (tuple(blocks), tuple(holds))
    assert await ledger.reads.read_snapshot(
        lambda uow: uow.restrictions.list_for_service("moon")
    ) == ((), ())


async def test_what_a_refused_action_blocked_or_held_is_not_kept(ledger: AnyLedger) -> None:
    """Nor what it let go: all of an action or nothing."""
    await block(ledger, stands := a_block())

    def fail(uow: UnitOfWork) -> None:
        uow.restrictions.remove_block(stands, an_event(UNBLOCKED))
        uow.restrictions.add_block(a_block(version="2.0.0"), an_event(BLOCKED))
        uow.restrictions.add_hold(a_hold(), an_event(HELD))
        uow.services.get("moon")

    with pytest.raises(Exception, match="There is no service moon"):
        await ledger.perform(fail)

    assert await blocked(ledger, "shop", "production") == {"1.0.0"}
    assert await hold_on(ledger, "shop", "production") is None
