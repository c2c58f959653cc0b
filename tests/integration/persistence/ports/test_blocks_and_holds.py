"""Every ledger stores version blocks and promotion holds in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.event import EventKind
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
    """Return a ledger with two requested deployments."""
    await create_catalog(ledger, services=["shop", "cart"], versions=["1.0.0", "2.0.0"])
    await request_deployment(ledger)
    await request_deployment(ledger)
    return ledger


def a_block(**changes: Any) -> VersionBlock:
    defaults: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "at": NOON,
        "by": "olga",
        "reason": "It was broken.",
        "deployment_id": an_id(),
        "number": 1,
    }
    return VersionBlock(**(defaults | changes))


def a_hold(**changes: Any) -> AutoPromotionHold:
    defaults: dict[str, Any] = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "at": NOON,
        "by": "olga",
        "deployment_id": an_id(),
        "number": 1,
    }
    return AutoPromotionHold(**(defaults | changes))


async def block(ledger: AnyLedger, *blocks: VersionBlock) -> None:
    for version_block in blocks:
        await ledger.perform(partial(_block, block=version_block))


def _block(uow: UnitOfWork, *, block: VersionBlock) -> None:
    uow.restrictions.put_block(block, an_event(BLOCKED))


async def hold(ledger: AnyLedger, *holds: AutoPromotionHold) -> None:
    for promotion_hold in holds:
        await ledger.perform(partial(_hold, hold=promotion_hold))


def _hold(uow: UnitOfWork, *, hold: AutoPromotionHold) -> None:
    uow.restrictions.put_hold(hold, an_event(HELD))


async def query(ledger: AnyLedger, action: Callable[[UnitOfWork], T]) -> T:
    """Return the result of a query, which is the same in a transaction and in a snapshot."""
    result = await ledger.perform(action)
    assert await ledger.reads.read_snapshot(action) == result
    return result


async def block_of(ledger: AnyLedger, *key: str) -> VersionBlock | None:
    return await query(ledger, lambda uow: uow.restrictions.find_block(*key))


async def list_blocked_versions(ledger: AnyLedger, *lane: str) -> frozenset[str]:
    return await query(ledger, lambda uow: uow.restrictions.list_blocked_versions(*lane))


async def hold_on(ledger: AnyLedger, *lane: str) -> AutoPromotionHold | None:
    return await query(ledger, lambda uow: uow.restrictions.find_hold(*lane))


async def last_kinds(ledger: AnyLedger, count: int) -> list[EventKind]:
    return [entry.event.kind for entry in (await all_entries(ledger.reads))[-count:]]


async def test_new_lane_has_no_block_and_no_hold(ledger: AnyLedger) -> None:
    """No version is blocked and nothing is held, even if the service does not exist."""
    assert await block_of(ledger, "shop", "production", "1.0.0") is None
    assert await list_blocked_versions(ledger, "shop", "production") == frozenset()
    assert await hold_on(ledger, "shop", "production") is None
    assert await hold_on(ledger, "moon", "moon") is None


async def test_block_applies_to_one_version_in_one_lane(ledger: AnyLedger) -> None:
    """The same version in other lanes and other versions in the lane are not blocked."""
    blocks = [
        a_block(at=LATER, by="Zoë", reason="'Grund' ✓", number=2),
        a_block(version="2.0.0"),
        a_block(environment="development"),
        a_block(service="cart"),
    ]

    await block(ledger, *blocks)

    for version_block in blocks:
        assert (
            await block_of(
                ledger, version_block.service, version_block.environment, version_block.version
            )
            == version_block
        )
    assert await block_of(ledger, "cart", "production", "2.0.0") is None
    assert await list_blocked_versions(ledger, "shop", "production") == {"1.0.0", "2.0.0"}
    assert await list_blocked_versions(ledger, "cart", "production") == {"1.0.0"}
    assert await last_kinds(ledger, 4) == [BLOCKED] * 4


async def test_later_block_replaces_the_earlier(ledger: AnyLedger) -> None:
    """Blocking a version again replaces the time, author and reason of its block."""
    other = a_block(version="2.0.0")
    replacement = a_block(at=LATER, by="otto", reason="Broken again.", number=2)

    await block(ledger, a_block(), other, replacement)

    assert await block_of(ledger, "shop", "production", "1.0.0") == replacement
    assert await block_of(ledger, "shop", "production", "2.0.0") == other
    assert await last_kinds(ledger, 3) == [BLOCKED] * 3


async def test_removed_block_no_longer_applies(ledger: AnyLedger) -> None:
    """Other blocks still apply, and the version can be blocked again."""
    first, others = a_block(), [a_block(version="2.0.0"), a_block(service="cart")]
    await block(ledger, first, *others)

    await ledger.perform(lambda uow: uow.restrictions.remove_block(first, an_event(UNBLOCKED)))

    assert await block_of(ledger, "shop", "production", "1.0.0") is None
    assert await list_blocked_versions(ledger, "shop", "production") == {"2.0.0"}
    assert await list_blocked_versions(ledger, "cart", "production") == {"1.0.0"}
    assert await last_kinds(ledger, 2) == [BLOCKED, UNBLOCKED]
    await block(ledger, first)
    assert await block_of(ledger, "shop", "production", "1.0.0") == first


async def test_hold_applies_to_one_lane(ledger: AnyLedger) -> None:
    """Other lanes are not held, and a later hold on the same lane replaces the earlier one."""
    other_service, other_environment = a_hold(service="cart"), a_hold(environment="development")
    later = a_hold(version="2.0.0", at=LATER, by="Zoë", number=2)

    await hold(ledger, a_hold(), other_service, other_environment, later)

    assert await hold_on(ledger, "shop", "production") == later
    assert await hold_on(ledger, "cart", "production") == other_service
    assert await hold_on(ledger, "shop", "development") == other_environment
    assert await hold_on(ledger, "cart", "development") is None
    assert await last_kinds(ledger, 4) == [HELD] * 4


async def test_released_hold_no_longer_applies(ledger: AnyLedger) -> None:
    """Holds on other lanes still apply, and the lane can be held again."""
    first, other = a_hold(), a_hold(service="cart")
    await hold(ledger, first, other)

    await ledger.perform(lambda uow: uow.restrictions.remove_hold(first, an_event(RELEASED)))

    assert await hold_on(ledger, "shop", "production") is None
    assert await hold_on(ledger, "cart", "production") == other
    assert await last_kinds(ledger, 2) == [HELD, RELEASED]
    renewed = replace(first, at=LATER)
    await hold(ledger, renewed)
    assert await hold_on(ledger, "shop", "production") == renewed


async def test_restrictions_of_a_service_are_listed(ledger: AnyLedger) -> None:
    """Only restrictions of the service are listed, ordered by environment and version."""
    blocks = [a_block(environment="development"), a_block(), a_block(version="2.0.0")]
    holds = [a_hold(environment="development"), a_hold()]
    await block(ledger, *blocks[::-1], a_block(service="cart"))
    await hold(ledger, *holds[::-1], a_hold(service="cart"))

    restrictions = await ledger.reads.restrictions("shop")

    assert restrictions == (tuple(blocks), tuple(holds))
    assert await ledger.reads.restrictions("moon") == ((), ())


async def test_refused_action_changes_no_restriction(ledger: AnyLedger) -> None:
    """A refused action adds no block or hold and removes none."""
    await block(ledger, existing := a_block())

    def fail(uow: UnitOfWork) -> None:
        uow.restrictions.remove_block(existing, an_event(UNBLOCKED))
        uow.restrictions.put_block(a_block(version="2.0.0"), an_event(BLOCKED))
        uow.restrictions.put_hold(a_hold(), an_event(HELD))
        uow.services.get("moon")

    with pytest.raises(Exception, match="There is no service moon"):
        await ledger.perform(fail)

    assert await list_blocked_versions(ledger, "shop", "production") == {"1.0.0"}
    assert await hold_on(ledger, "shop", "production") is None
