"""Every ledger imports history in the same way: completely, once and with one event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.tracking import import_history
from gatepost_domain.actions.tracking.import_catalog_lookup import tier_required_message
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import EventKind, to_rfc3339
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.external_ids import ConflictingRow, ExternalKey, OnConflict
from gatepost_domain.tracking.history_files.rows import HistoryRow
from gatepost_domain.tracking.import_result import ImportResult
from gatepost_domain.verification.event_hash import canonical_json
from tests.support.builders import NOON, an_actor, create_catalog
from tests.support.domain.actions import all_entries, all_events, request_deployment, without_state
from tests.support.domain.event_chain import find_chain_fault
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
)
from tests.support.storage.ledgers import AnyLedger

ALL = PageRequest(limit=2000)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1.0.0"], policies=ENVIRONMENTS
    )
    return ledger


async def deployments(ledger: AnyLedger) -> Sequence[Deployment]:
    return (await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
async def test_only_an_admin_imports(ledger: AnyLedger, role: Role) -> None:
    """Users without the admin role cannot import, and their attempts are recorded."""
    with pytest.raises(Forbidden):
        await import_rows(ledger, [history_row()], by=an_actor("mo", roles=[role]))

    assert (await all_events(ledger.reads))[-1].kind is EventKind.ACCESS_DENIED


@pytest.mark.parametrize(
    ("rows", "create_missing", "expected"),
    [
        (
            [history_row(2), history_row(3, service="moon"), history_row(4, environment="eu")],
            False,
            [
                ("rows/3/service", "unknown_service", "Row 3: There is no service moon."),
                ("rows/4/environment", "unknown_environment", "Row 4: There is no environment eu."),
            ],
        ),
        (
            [history_row(2, version="9.9"), history_row(3), history_row(4, version="9.9")],
            False,
            [
                (
                    "rows/2/version",
                    "version_not_of_service",
                    "Row 2: Version 9.9 does not belong to service shop.",
                )
            ],
        ),
        (
            [history_row(2, service="moon"), history_row(3, deployed_at=minutes_after_noon(1))],
            True,
            [
                (
                    "rows/3/deployed_at",
                    "deployed_at_in_future",
                    "Row 3: 21 November 2026, 12:01 UTC is in the future.",
                )
            ],
        ),
        (
            [
                history_row(2),
                FieldError(field="rows/3", code="wrong_columns", detail="Row 3: it has 1 …"),
            ],
            True,
            [("rows/3", "wrong_columns", "Row 3: it has 1 …")],
        ),
    ],
)  # fmt: skip
async def test_import_with_an_invalid_row_stores_nothing(
    ledger: AnyLedger,
    rows: list[HistoryRow | FieldError],
    expected: list[tuple[str, str, str]],
    *,
    create_missing: bool,
) -> None:
    """Each error names the row and column, and nothing is stored."""
    before = await all_entries(ledger.reads)

    with pytest.raises(ValidationFailed) as refused:
        await import_rows(ledger, rows, create_missing=create_missing)

    errors = [(error.field, error.code, error.detail) for error in refused.value.errors]
    assert errors == expected
    assert await deployments(ledger) == ()
    assert await all_entries(ledger.reads) == before
    assert len((await ledger.reads.services(ALL)).items) == 2


async def test_import_stops_reading_after_a_hundred_errors(ledger: AnyLedger) -> None:
    """Reading stops soon after the hundredth error, and rows already stored are rolled back."""
    number = 0

    def rows() -> Iterator[HistoryRow]:
        nonlocal number
        for number in range(2, 5000):
            yield history_row(number, version="1.0.0" if number < 1500 else f"none-{number}")

    with pytest.raises(ValidationFailed) as refused:
        await import_rows(ledger, rows())

    assert len(refused.value.errors) == import_history.MAX_ERRORS
    assert refused.value.errors[0].field == "rows/1500/version"
    assert number <= 1600 + import_history.BATCH_SIZE
    assert await deployments(ledger) == ()


async def test_imported_row_becomes_a_record(ledger: AnyLedger) -> None:
    """The record has every field of the row; fields that the row omits are null."""
    result = await import_rows(
        ledger,
        [
            history_row(2, deployed_by="ada", notes="By hand.", external_id="run-1"),
            history_row(3, environment="development"),
        ],
        at=minutes_after_noon(5),
    )

    assert result == ImportResult(imported=2)
    first, second = await deployments(ledger)
    assert (first.kind, first.status, first.requester) == (
        DeploymentKind.RECORD,
        Status.SUCCEEDED,
        "root",
    )
    assert (first.deployed_at, first.created_at) == (NOON, minutes_after_noon(5))
    assert (first.deployed_by, first.notes, first.external_id) == ("ada", "By hand.", "run-1")
    assert (first.unreviewed, second.unreviewed) == (True, False)
    assert (second.deployed_by, second.notes, second.external_id) == (None, None, None)
    assert await ledger.reads.deployment(first.id) == first


async def test_import_adds_one_event(ledger: AnyLedger) -> None:
    """The event contains the counts and a digest, and is the first event of every record."""
    await request_deployment(ledger)
    before = await all_entries(ledger.reads)

    await import_rows(ledger, [history_row(2), history_row(3, service="cart", external_id="run-1")])

    entries = await all_entries(ledger.reads)
    assert entries[:-1] == before
    event, seq = without_state(entries[-1].event), entries[-1].seq
    records = (await deployments(ledger))[1:]
    facts = [
        (
            record.number,
            str(record.id),
            record.service,
            record.environment,
            record.tier,
            record.version,
            record.artifact_digest,
            record.policy_version,
            to_rfc3339(NOON),
            record.deployed_by,
            record.notes,
            record.external_id,
            record.unreviewed,
        )
        for record in records
    ]
    assert (event.kind, event.deployment_id) == (EventKind.HISTORY_IMPORTED, None)
    assert event.data == {
        "imported": 2,
        "repeated": 0,
        "differing": 0,
        "first_number": 2,
        "last_number": 3,
        "digest": sha256(canonical_json(facts)).hexdigest(),
        "services": [],
        "environments": {},
        "versions": 0,
    }
    assert [record.import_seq for record in records] == [seq, seq]
    for record in records:
        assert (await ledger.reads.entries_of(record.id, ALL)).items == (entries[-1],)
    assert find_chain_fault(entries) is None


async def test_numbers_and_events_continue_after_an_import(ledger: AnyLedger) -> None:
    """The next deployment gets the next number, and later events follow the import event."""
    await import_rows(ledger, [history_row(2)])
    await hide_deployment(ledger, 1)
    requested = await request_deployment(ledger)

    imported = await ledger.reads.deployment(1)
    kinds = [entry.event.kind for entry in (await ledger.reads.entries_of(imported.id, ALL)).items]
    page = await ledger.reads.entries_of(imported.id, PageRequest(limit=1))
    rest = await ledger.reads.entries_of(imported.id, PageRequest(limit=1, after=page.next_key))
    assert kinds == [EventKind.HISTORY_IMPORTED, EventKind.HIDDEN]
    assert [entry.event.kind for entry in (*page.items, *rest.items)] == kinds
    assert rest.next_key is None
    assert requested.number == 2
    assert find_chain_fault(await all_entries(ledger.reads)) is None


async def test_missing_catalog_entries_are_created(ledger: AnyLedger) -> None:
    """New services belong to the team `imported`; tiers are given, or said by names."""
    rows = [
        history_row(2, service="moon", environment="staging", version="feat/x"),
        history_row(3, service="moon", environment="eu", version="feat/x"),
        history_row(4, service="shop", environment="production", version="v123"),
    ]

    result = await import_rows(
        ledger,
        rows,
        create_missing=True,
        tiers={"eu": Tier.PRODUCTION, "production": Tier.PRODUCTION},
    )

    assert result == ImportResult(
        imported=3, services_created=1, environments_created=2, versions_created=2
    )
    moon, staging = await ledger.reads.service("moon"), await ledger.reads.environment("staging")
    assert (moon.team, moon.display_name, moon.created_by) == ("imported", "moon", "root")
    assert (staging.tier, (await ledger.reads.environment("eu")).tier) == (
        Tier.STAGING,
        Tier.PRODUCTION,
    )
    policy = await ledger.reads.policy("staging", 1)
    assert policy.policy == DEFAULT_POLICIES[Tier.STAGING]
    assert [record.unreviewed for record in await deployments(ledger)] == [True, True, True]
    event = (await all_events(ledger.reads))[-1]
    assert event.data["services"] == ["moon"]
    assert event.data["environments"] == {"staging": "staging", "eu": "production"}
    assert event.data["versions"] == 2


@pytest.mark.parametrize("name", ["eu", "prod", "live", "prod-us", "stage", "testing"])
async def test_tier_of_a_new_environment_is_not_guessed(ledger: AnyLedger, name: str) -> None:
    """A name that is not a tier is refused unless its tier is given."""
    with pytest.raises(ValidationFailed) as refused:
        await import_rows(ledger, [history_row(2, environment=name)], create_missing=True)

    (error,) = refused.value.errors
    assert (error.field, error.code, error.detail) == (
        "rows/2/environment",
        "tier_required",
        f"Row 2: {tier_required_message(name)}",
    )
    assert f"as in tier.{name}=production." in error.detail


@pytest.mark.parametrize(
    ("create_missing", "name", "code"),
    [
        (True, "prod-us", "tier_unused"),
        (False, "prod-us", "tier_unused"),
        (True, "production", "tier_differs"),
        (True, "development", "tier_unused"),
    ],
)
async def test_tier_that_no_row_needs_is_refused(
    ledger: AnyLedger, name: str, code: str, *, create_missing: bool
) -> None:
    """Given tiers must be those of environments of the file; nothing is stored."""
    with pytest.raises(ValidationFailed) as refused:
        await import_rows(
            ledger, [history_row(2)], create_missing=create_missing, tiers={name: Tier.STAGING}
        )

    (error,) = refused.value.errors
    assert (error.field, error.code) == (f"query/tier.{name}", code)
    assert await deployments(ledger) == ()


async def test_rows_with_the_same_external_id_are_one_record(ledger: AnyLedger) -> None:
    """The first record is kept; repetitions in the ledger or in the file are counted."""
    await create_record(ledger, external_id="run-0", deployed_by="ada")
    same = history_row(2, external_id="run-0", deployed_by="ada")
    filler = [history_row(9, external_id=f"x{n}") for n in range(import_history.BATCH_SIZE)]
    rows = [
        same,
        same._replace(number=3, version="other"),
        history_row(4, external_id="run-1"),
        history_row(5, external_id="run-1"),
        history_row(6, external_id="run-1", notes="Other."),
        *filler,
        history_row(7, external_id="run-1"),
        history_row(8, external_id="run-1", deployed_at=minutes_after_noon(-1)),
    ]

    result = await import_rows(ledger, rows, on_conflict=OnConflict.SKIP)

    run_0, run_1 = (ExternalKey("shop", "production", f"run-{number}") for number in (0, 1))
    assert result == ImportResult(
        imported=1 + len(filler),
        repeated=6,
        differing=3,
        conflicts=(
            ConflictingRow(3, run_0, 1, ("version",)),
            ConflictingRow(6, run_1, 2, ("notes",)),
            ConflictingRow(8, run_1, 2, ("deployed_at",)),
        ),
    )
    assert (await deployments(ledger))[1].external_id == "run-1"


async def test_rows_with_a_taken_external_id_are_refused(ledger: AnyLedger) -> None:
    """Each error names the record, or the earlier row, and what differs; nothing is stored."""
    await create_record(ledger, external_id="run-0", deployed_by="ada")
    rows = [
        history_row(2, external_id="run-0"),
        history_row(3, external_id="run-0", environment="development"),
        history_row(4, external_id="run-1"),
        history_row(5, external_id="run-1", notes="Other."),
    ]

    with pytest.raises(ValidationFailed) as refused:
        await import_rows(ledger, rows)

    cure = "send the recorded values, or another external id."
    start = "The external id run-{} of shop in production is taken by {}, which differs ({})"
    assert [(error.field, error.code, error.detail) for error in refused.value.errors] == [
        (
            f"rows/{row}/external_id",
            "external_id_taken",
            f"Row {row}: {start.format(*details)}; {cure}",
        )
        for row, *details in (
            (2, 0, "the record DEP-1", "deployed_by is ada, not unknown"),
            (5, 1, "an earlier row of this file", "notes"),
        )
    ]
    assert len(await deployments(ledger)) == 1


async def test_repeated_import_changes_nothing(ledger: AnyLedger) -> None:
    """A repeated import adds neither a record nor an event."""
    rows = [history_row(number, external_id=f"run-{number}") for number in range(2, 5)]
    await import_rows(ledger, rows)
    before = await all_entries(ledger.reads), await deployments(ledger)

    repeated = await import_rows(ledger, rows, at=minutes_after_noon(1), create_missing=True)
    empty = await import_rows(ledger, [])

    assert (repeated, empty) == (ImportResult(repeated=3), ImportResult())
    assert (await all_entries(ledger.reads), await deployments(ledger)) == before


async def test_row_without_an_external_id_is_recorded_once(ledger: AnyLedger) -> None:
    """A row that equals an earlier row, or a record, in all facts is counted and left out."""
    rows = [history_row(2), history_row(3), history_row(4, notes="Other."), history_row(5)]
    with_id = [
        history_row(2, external_id="run-1", deployed_by="bo"),
        history_row(3, deployed_by="bo"),
    ]

    first = await import_rows(ledger, rows)
    second = await import_rows(ledger, [*rows, history_row(6, deployed_by="ada")])
    third = await import_rows(ledger, with_id)

    assert first == ImportResult(imported=2, repeated=2, repeated_in_file=2)
    assert second == ImportResult(imported=1, repeated=4, repeated_records=4)
    assert third == ImportResult(imported=1, repeated=1, repeated_in_file=1)
