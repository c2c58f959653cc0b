"""The hashed form of events, and the chain that makes every change detectable."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.event import (
    Event,
    EventKind,
    LedgerEntry,
    entry_hash,
    format_instant,
    next_entry,
    to_rfc3339,
)
from gatepost_domain.status_transitions import Status
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_json
from tests.support.builders import NOON, an_event, an_id
from tests.support.domain.event_chain import find_chain_fault

SHOP, PORTAL = an_id(), an_id()
KATHMANDU = timezone(timedelta(hours=5, minutes=45))


def a_chain(*events: Event) -> list[LedgerEntry]:
    """Return the ledger entries of these events."""
    entries: list[LedgerEntry] = []
    for event in events:
        of = event.deployment_id
        before = [entry.hash for entry in entries if entry.event.deployment_id == of]
        entries.append(
            next_entry(
                event,
                after=entries[-1] if entries else None,
                deployment_prev_hash=None if of is None else (before or [GENESIS_HASH])[-1],
            )
        )
    return entries


CHAIN = a_chain(
    an_event(data={"service": "shop"}),
    an_event(EventKind.REQUESTED, deployment_id=SHOP, to_status=Status.PENDING_APPROVAL),
    an_event(EventKind.REQUESTED, deployment_id=PORTAL, to_status=Status.PENDING_APPROVAL),
    an_event(
        EventKind.APPROVED,
        actor="quinn",
        deployment_id=SHOP,
        on_behalf_of="dora",
        from_status=Status.PENDING_APPROVAL,
        to_status=Status.APPROVED,
        stage="qa",
        note="Tested.",
    ),
    an_event(EventKind.POLICY_CHANGED, data={"policy": {"stages": [1, None, True]}}),
    an_event(EventKind.REJECTED, deployment_id=PORTAL, at=NOON + timedelta(seconds=1)),
)
EDITS: dict[str, Any] = {
    "kind": EventKind.CANCELLED,
    "actor": "eve",
    "at": NOON + timedelta(microseconds=1),
    "deployment_id": UUID(int=1),
    "on_behalf_of": "eve",
    "from_status": Status.QUEUED,
    "to_status": Status.QUEUED,
    "stage": "other",
    "note": "",
    "data": {"eve": "was here"},
}


@pytest.mark.parametrize("place", range(len(CHAIN)))
@pytest.mark.parametrize("field", [field.name for field in fields(Event)])
def test_edit_of_any_event_field_is_found(place: int, field: str) -> None:
    """The break is reported at the edited entry."""
    edited = replace(CHAIN[place], event=replace(CHAIN[place].event, **{field: EDITS[field]}))

    fault = find_chain_fault([*CHAIN[:place], edited, *CHAIN[place + 1 :]])

    assert fault is not None
    assert fault.subject == f"event {CHAIN[place].seq}"


@pytest.mark.parametrize(
    ("place", "field", "forged"),
    [
        (place, field, forged)
        for place, entry in enumerate(CHAIN)
        for field in ("prev_hash", "deployment_prev_hash", "hash")
        for forged in ("", GENESIS_HASH, CHAIN[2].hash, "f" * 64)
        if getattr(entry, field) != forged
    ],
)
def test_edit_of_any_link_is_found(place: int, field: str, forged: str) -> None:
    """The break is reported at the edited entry."""
    changes: dict[str, Any] = {field: forged}
    edited = replace(CHAIN[place], **changes)

    fault = find_chain_fault([*CHAIN[:place], edited, *CHAIN[place + 1 :]])

    assert fault is not None
    assert fault.subject == f"event {CHAIN[place].seq}"


@pytest.mark.parametrize(
    ("place", "seq"), [(place, seq) for place in range(6) for seq in range(8) if seq != place + 1]
)
def test_renumbered_entry_is_found(place: int, seq: int) -> None:
    """If an entry's number is not its position, others are missing before it, or it is added."""
    edited = replace(CHAIN[place], seq=seq)

    fault = find_chain_fault([*CHAIN[:place], edited, *CHAIN[place + 1 :]])

    assert fault is not None
    if seq > place + 1:
        assert fault.code == "event_missing"
        assert f"{place + 1}" in fault.subject
    else:
        assert (fault.subject, fault.code) == (f"event {seq}", "event_added")


@pytest.mark.parametrize("place", range(len(CHAIN) - 1))
def test_removed_entry_is_found(place: int) -> None:
    """A removed entry is reported as missing."""
    fault = find_chain_fault([*CHAIN[:place], *CHAIN[place + 1 :]])

    assert fault is not None
    assert (fault.subject, fault.code) == (f"event {place + 1}", "event_missing")


@pytest.mark.parametrize("place", range(len(CHAIN) - 1))
def test_swapped_entries_are_found(place: int) -> None:
    """The swap is found whether or not the entries are renumbered."""
    one, other = CHAIN[place], CHAIN[place + 1]
    rest = CHAIN[place + 2 :]
    renumbered = [replace(other, seq=one.seq), replace(one, seq=other.seq)]

    as_they_are = find_chain_fault([*CHAIN[:place], other, one, *rest])
    with_numbers = find_chain_fault([*CHAIN[:place], *renumbered, *rest])

    assert as_they_are is not None
    assert with_numbers is not None
    assert as_they_are.subject == with_numbers.subject == f"event {one.seq}"


@pytest.mark.parametrize("remaining", range(1, len(CHAIN) - 1))
def test_a_gap_in_the_middle_is_found(remaining: int) -> None:
    """The gap is found even if the following entries are renumbered."""
    last = replace(CHAIN[-1], seq=remaining + 1)

    fault = find_chain_fault([*CHAIN[:remaining], last])

    assert fault is not None
    assert fault.subject == f"event {remaining + 1}"


@pytest.mark.parametrize("place", range(len(CHAIN) - 1))
def test_edit_with_a_matching_hash_breaks_the_next_entry(place: int) -> None:
    """The next entry's `prev_hash` no longer matches the hash of the edited entry."""
    forged = rehashed(CHAIN[place], replace(CHAIN[place].event, actor="eve"))

    fault = find_chain_fault([*CHAIN[:place], forged, *CHAIN[place + 1 :]])

    assert fault is not None
    assert (fault.subject, fault.code) == (f"event {place + 2}", "chain_broken")


def test_unchanged_chain_has_no_break() -> None:
    """Every prefix of the chain is valid, including the empty one."""
    assert [find_chain_fault(CHAIN[:length]) for length in range(len(CHAIN) + 1)] == [None] * 7


def test_entry_links_to_the_last_entry_and_its_deployments_last() -> None:
    """Each entry has the next number and links to the global and deployment chains."""
    first, second, third, fourth, *_ = CHAIN

    assert [entry.seq for entry in CHAIN] == [1, 2, 3, 4, 5, 6]
    assert (first.prev_hash, first.deployment_prev_hash) == (GENESIS_HASH, None)
    assert (second.prev_hash, second.deployment_prev_hash) == (first.hash, GENESIS_HASH)
    assert (fourth.prev_hash, fourth.deployment_prev_hash) == (third.hash, second.hash)


def test_hash_of_an_event_never_changes() -> None:
    """The hash equals a recorded value, so that later releases can verify today's history."""
    event = Event(
        kind=EventKind.APPROVED,
        actor="quinn",
        at=datetime(2026, 11, 21, 17, 45, tzinfo=KATHMANDU),
        deployment_id=UUID("01936f2e-7c1a-7000-8000-000000000001"),
        from_status=Status.PENDING_APPROVAL,
        to_status=Status.APPROVED,
        stage="qa",
        note='Geprüft: "prima" – 承認',
        data={"policy_version": 1, "digest": "00", "list": [True, None, {"b": 1, "a": 2}]},
    )

    golden = entry_hash(7, event, prev_hash=GENESIS_HASH, deployment_prev_hash="f" * 64)

    assert golden == "4a1ec1e68c76be83d44f72e7cd5089bf2c4325ff5408b5436bd64ffb060472f7"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [None, True, "é"]}, '{"a":[null,true,"é"],"b":1}'),
        ('a/b\u2028"\\\n', '"a/b\u2028\\"\\\\\\n"'),
        (Status.APPROVED, '"approved"'),
        ((1, 2), "[1,2]"),
    ],
)
def test_canonical_form_is_plain_json(value: object, text: str) -> None:
    """The JSON is UTF-8, with sorted keys and without white space or unnecessary escapes."""
    assert canonical_json(value) == text.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_json_are_refused(value: float) -> None:
    """A value that JSON cannot represent is refused, as other programs could not read it."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(value)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOON, "2026-11-21T12:00:00.000000Z"),
        (NOON.astimezone(KATHMANDU), "2026-11-21T12:00:00.000000Z"),
        (NOON + timedelta(microseconds=1), "2026-11-21T12:00:00.000001Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
        (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_instant_is_formatted_in_utc_with_six_decimals(at: datetime, text: str) -> None:
    """The text is the same for every time zone and has a four-digit year."""
    assert to_rfc3339(at) == text


times = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  # the zone is generated separately
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.timezones(),
)


@given(times, times)
def test_formatted_instants_sort_like_instants(one: datetime, other: datetime) -> None:
    """The order of the texts is the order of the instants."""
    assert (to_rfc3339(one) < to_rfc3339(other)) == (one.astimezone(UTC) < other.astimezone(UTC))


@given(times)
def test_formatted_instant_is_parsed_back(at: datetime) -> None:
    """Parsing a formatted instant returns the same instant."""
    assert datetime.fromisoformat(to_rfc3339(at)) == at.astimezone(UTC)


def rehashed(entry: LedgerEntry, event: Event) -> LedgerEntry:
    """Return the entry with this event and a matching hash."""
    new = entry_hash(
        entry.seq,
        event,
        prev_hash=entry.prev_hash,
        deployment_prev_hash=entry.deployment_prev_hash,
    )
    return replace(entry, event=event, hash=new)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2027-01-01T00:00:00+00:00", "1 January 2027, 00:00 UTC"),
        ("2026-12-31T23:30:05.9-01:00", "1 January 2027, 00:30:05 UTC"),
        ("0900-09-09T09:09:00+00:00", "9 September 900, 09:09 UTC"),
    ],
)
def test_instant_in_a_sentence_is_written_as_people_write_it(at: str, text: str) -> None:
    """The time is in UTC, without fractions of a second."""
    assert format_instant(datetime.fromisoformat(at)) == text
