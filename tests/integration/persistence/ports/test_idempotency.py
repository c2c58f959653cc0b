"""Every ledger keeps the answers to repeatable requests alike."""

from datetime import datetime, timedelta

import pytest

from gatepost_domain.errors import IdempotencyKeyReused
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON
from tests.support.storage.ledgers import AnyLedger

WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


def a_receipt(caller: str = "ada", key: str = "key", at: datetime = NOON) -> IdempotencyRecord:
    return IdempotencyRecord(
        caller=caller,
        key=key,
        fingerprint="f" * 64,
        status=201,
        headers=(("Location", "/api/v1/deployments/1"), ("ETag", '"é"')),
        body=b'{"bytes":"\xc3\xa9\x00\xff"}',
        created_at=at,
    )


async def keep(
    ledger: AnyLedger, *receipts: IdempotencyRecord, forget_before: datetime = NOON - WEEK
) -> None:
    def all_of_them(uow: UnitOfWork) -> None:
        for receipt in receipts:
            uow.idempotency_records.save(receipt, expire_before=forget_before)

    await ledger.perform(all_of_them)


async def find(
    ledger: AnyLedger, caller: str = "ada", key: str = "key", *, since: datetime = NOON - WEEK
) -> IdempotencyRecord | None:
    return await ledger.perform(lambda uow: uow.idempotency_records.find(caller, key, since=since))


@pytest.mark.parametrize(("caller", "key"), [("bo", "key"), ("ada", "other"), ("ADA", "key")])
async def test_nobody_gets_an_answer_that_was_not_theirs(
    ledger: AnyLedger, caller: str, key: str
) -> None:
    """A key is its caller's own: somebody else's, or another key, finds nothing."""
    await keep(ledger, a_receipt())

    assert await find(ledger, caller, key) is None


async def test_an_answer_too_old_is_not_given_again(ledger: AnyLedger) -> None:
    """A key that was used before the time asked for counts as new."""
    await keep(ledger, a_receipt())

    assert await find(ledger, since=NOON + TICK) is None


async def test_an_answer_older_than_what_is_to_be_forgotten_is_gone(ledger: AnyLedger) -> None:
    """Keeping an answer forgets those that have expired, whoever they were for."""
    await keep(ledger, a_receipt(), a_receipt("bo"), a_receipt("bo", "later", NOON + TICK))

    await keep(ledger, a_receipt("carl", at=NOON + WEEK), forget_before=NOON + TICK)

    found = [await find(ledger, caller) for caller in ("ada", "bo", "carl")]
    assert [receipt is not None for receipt in found] == [False, False, True]
    assert await find(ledger, "bo", "later") is not None


async def test_an_answer_of_a_refused_action_is_not_kept(ledger: AnyLedger) -> None:
    """A refusal is not remembered: the same key may be tried again."""

    def refused(uow: UnitOfWork) -> None:
        uow.idempotency_records.save(a_receipt(), expire_before=NOON - WEEK)
        raise IdempotencyKeyReused

    with pytest.raises(IdempotencyKeyReused):
        await ledger.perform(refused)

    assert await find(ledger) is None


@pytest.mark.parametrize("since", [NOON - WEEK, NOON])
async def test_an_answer_is_given_again_as_it_was(ledger: AnyLedger, since: datetime) -> None:
    """Byte for byte, up to the last instant of its time."""
    await keep(ledger, a_receipt())

    assert await find(ledger, since=since) == a_receipt()


async def test_a_caller_may_use_many_keys_and_a_key_may_have_many_callers(
    ledger: AnyLedger,
) -> None:
    """Each is kept for itself."""
    receipts = [a_receipt(caller, key) for caller in ("ada", "bo") for key in ("one", "two")]

    await keep(ledger, *receipts)

    assert [await find(ledger, each.caller, each.key) for each in receipts] == receipts


async def test_an_expired_key_may_be_used_anew(ledger: AnyLedger) -> None:
    """The new answer takes the place of the one forgotten."""
    await keep(ledger, a_receipt())
    again = a_receipt(at=NOON + WEEK + TICK)

    await keep(ledger, again, forget_before=NOON + TICK)

    assert await find(ledger, since=NOON + TICK) == again
