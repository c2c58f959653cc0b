"""Every ledger stores idempotency records in the same way."""

from datetime import datetime, timedelta

import pytest

from gatepost_domain.errors import IdempotencyKeyReused
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON
from tests.support.storage.ledgers import AnyLedger

WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


def a_record(caller: str = "ada", key: str = "key", at: datetime = NOON) -> IdempotencyRecord:
    return IdempotencyRecord(
        caller=caller,
        key=key,
        fingerprint="f" * 64,
        status=201,
        headers=(("Location", "/api/v1/deployments/1"), ("ETag", '"é"')),
        body=b'{"bytes":"\xc3\xa9\x00\xff"}',
        created_at=at,
    )


async def save(
    ledger: AnyLedger, *records: IdempotencyRecord, expire_before: datetime = NOON - WEEK
) -> None:
    def save_all(uow: UnitOfWork) -> None:
        for record in records:
            uow.idempotency_records.save(record, expire_before=expire_before)

    await ledger.perform(save_all)


async def find(
    ledger: AnyLedger, caller: str = "ada", key: str = "key", *, since: datetime = NOON - WEEK
) -> IdempotencyRecord | None:
    return await ledger.perform(lambda uow: uow.idempotency_records.find(caller, key, since=since))


@pytest.mark.parametrize(("caller", "key"), [("bo", "key"), ("ada", "other"), ("ADA", "key")])
async def test_record_is_found_by_its_caller_and_key_only(
    ledger: AnyLedger, caller: str, key: str
) -> None:
    """Neither the same key of another caller nor another key finds the record."""
    await save(ledger, a_record())

    assert await find(ledger, caller, key) is None


async def test_expired_record_is_not_found(ledger: AnyLedger) -> None:
    """The key of an expired record counts as new."""
    await save(ledger, a_record())

    assert await find(ledger, since=NOON + TICK) is None


async def test_saving_a_record_deletes_expired_ones(ledger: AnyLedger) -> None:
    """Expired records of other callers are deleted too."""
    await save(ledger, a_record(), a_record("bo"), a_record("bo", "later", NOON + TICK))

    await save(ledger, a_record("carl", at=NOON + WEEK), expire_before=NOON + TICK)

    records = [await find(ledger, caller) for caller in ("ada", "bo", "carl")]
    assert [record is not None for record in records] == [False, False, True]
    assert await find(ledger, "bo", "later") is not None


async def test_record_of_a_refused_action_is_not_stored(ledger: AnyLedger) -> None:
    """The key of a refused action can be used again."""

    def refused(uow: UnitOfWork) -> None:
        uow.idempotency_records.save(a_record(), expire_before=NOON - WEEK)
        raise IdempotencyKeyReused

    with pytest.raises(IdempotencyKeyReused):
        await ledger.perform(refused)

    assert await find(ledger) is None


@pytest.mark.parametrize("since", [NOON - WEEK, NOON])
async def test_record_is_stored_byte_for_byte(ledger: AnyLedger, since: datetime) -> None:
    """The record is found unchanged until it expires."""
    await save(ledger, a_record())

    assert await find(ledger, since=since) == a_record()


async def test_records_are_separate_per_caller_and_key(
    ledger: AnyLedger,
) -> None:
    """A caller may use many keys, and several callers may use the same key."""
    records = [a_record(caller, key) for caller in ("ada", "bo") for key in ("one", "two")]

    await save(ledger, *records)

    assert [await find(ledger, record.caller, record.key) for record in records] == records


async def test_expired_key_can_be_used_again(ledger: AnyLedger) -> None:
    """The new record replaces the expired one."""
    await save(ledger, a_record())
    replacement = a_record(at=NOON + WEEK + TICK)

    await save(ledger, replacement, expire_before=NOON + TICK)

    assert await find(ledger, since=NOON + TICK) == replacement
