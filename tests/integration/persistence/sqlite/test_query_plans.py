"""What gates and workers ask is answered from an index, however long the history is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select

from gatepost_domain.reports.deployment_facts import DeliveryFilter
from gatepost_domain.reports.periods import Span
from gatepost_persistence.reads import delivery_report
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.writes import blocks_and_holds as restrictions
from gatepost_persistence.writes import claims, deployments, retirements
from tests.support.builders import NOON

LANE = {"in_service": "shop", "in_environment": "production"}
VERSION = LANE | {"of_version": "1.0.0"}
SPAN = {"since": "2026-11-01T00:00:00.000000Z", "until": "2026-11-21T12:00:00.000000Z"}
IN_LANE = DeliveryFilter(
    span=Span(since=NOON, until=NOON), services=("shop", "cart"), environments=("production",)
)
NOW = {"at": "2026-11-21T12:00:00.000000Z"}

PLANS: dict[str, tuple[Select[*tuple[Any, ...]], dict[str, Any], str]] = {
    "of a version": (
        deployments.DEPLOYMENTS_OF_VERSION,
        dict(VERSION),
        "history_of_lane (service=? AND environment=?)",
    ),
    "stood since": (
        deployments.DEPLOYED_SINCE,
        LANE | {"since": NOW["at"]},
        "history_of_lane (service=? AND environment=? AND happened_at>?)",
    ),
    "last good": (
        deployments.LAST_GOOD_DEPLOYMENT,
        LANE | {"excluded_versions": ["2.0.0"]},
        "history_of_lane",
    ),
    "last good of any version": (
        deployments.LAST_GOOD_DEPLOYMENT,
        LANE | {"excluded_versions": []},
        "history_of_lane",
    ),
    "promoted": (
        deployments.PROMOTION_OF_DEPLOYMENT,
        {"source": "source", "in_environment": "production"},
        "one_promotion_per_environment (promoted_from=? AND environment=?)",
    ),
    "expired": (
        deployments.EXPIRED_DEPLOYMENTS,
        dict(NOW),
        "deployments_that_expire (expires_at<?)",
    ),
    "overdue": (
        deployments.OLDEST_OVERDUE_REVIEW,
        NOW | {"in_environment": "production"},
        "after_reviews_owed (environment=? AND after_review_due_at<?)",
    ),
    "falling due": (
        deployments.REVIEWS_BECOMING_OVERDUE,
        dict(NOW),
        "after_reviews_falling_due (after_review_due_at<?)",
    ),
    "retired": (
        retirements.RETIREMENTS_OF_LANE,
        {"of_service": "shop", "of_environment": "production"},
        "retirements_of_lane (service=? AND environment=?)",
    ),
    "a block": (restrictions.BLOCK_BY_VERSION, dict(VERSION), "sqlite_autoindex_version_blocks_1"),
    "blocked versions": (
        restrictions.BLOCKED_VERSIONS,
        dict(LANE),
        "sqlite_autoindex_version_blocks_1",
    ),
    "claimable": (deployments.CLAIMABLE, {"limit": 200}, "deployments_queued (status=?)"),
    "claimable behind": (
        deployments.CLAIMABLE_AFTER,
        {"limit": 200, "queued_at": NOW["at"], "number": 7},
        "deployments_queued (status=? AND queued_at>?)",
    ),
    "lapsed": (
        claims.LAPSED_CLAIMS,
        dict(NOW),
        "sqlite_autoindex_claims_2 (deployment_id=? AND attempt=?)",
    ),
    "past deadline": (
        claims.CLAIMS_PAST_DEADLINE,
        dict(NOW),
        "sqlite_autoindex_claims_2 (deployment_id=? AND attempt=?)",
    ),
    "a claim": (claims.CLAIM_BY_ID, {"lookup_key": "id"}, "sqlite_autoindex_claims_1"),
    "steps": (
        claims.STEPS_OF_DEPLOYMENT,
        {"lookup_key": "id"},
        "steps_by_deployment (deployment_id=?)",
    ),
    "stood within": (
        delivery_report.DEPLOYED_WITHIN,
        dict(SPAN),
        "deployments_by_deployment (deployed_at>? AND deployed_at<?)",
    ),
    "stood within, in a lane": (
        delivery_report.apply_filter(delivery_report.DEPLOYED_WITHIN, IN_LANE),
        dict(SPAN),
        "deployments_by_deployment (deployed_at>? AND deployed_at<?)",
    ),
    "asked within": (
        delivery_report.REQUESTED_WITHIN,
        dict(SPAN),
        "deployments_by_creation (created_at>? AND created_at<?)",
    ),
    "asked within, in a lane": (
        delivery_report.apply_filter(delivery_report.REQUESTED_WITHIN, IN_LANE),
        dict(SPAN),
        "deployments_by_creation (created_at>? AND created_at<?)",
    ),
    "a hold": (restrictions.HOLD_BY_LANE, dict(LANE), "sqlite_autoindex_holds_1"),
}
"""What is asked, of whom, and by which index."""
SORTED = {"expired", "falling due", "lapsed", "past deadline", "retired"}
"""Few rows are found there, which are put in order afterwards."""


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    engine = create_write_engine(path)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def plan_of(connection: Connection, statement: str, wanted: tuple[object, ...]) -> str:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", wanted)
    return "\n".join(row.detail for row in rows)


@pytest.mark.parametrize("question", PLANS)
def test_what_the_gates_ask_is_looked_up_in_its_index(
    connection: Connection, question: str
) -> None:
    """No table is read through, and nothing is put in order that may be much."""
    statement, wanted, index = PLANS[question]
    asked = statement.compile(dialect=connection.dialect).construct_expanded_state(wanted)

    named = asked.parameters
    plan = plan_of(
        connection, asked.statement, tuple(named[name] for name in asked.positiontup or ())
    )

    assert plan.startswith("SEARCH ")
    assert index in plan
    assert not any(f"SCAN {table}" in plan for table in ("deployments", "started", "claims"))
    assert ("TEMP B-TREE" in plan) is (question in SORTED)


def test_whether_a_deployment_is_in_the_place_of_another_is_looked_up(
    connection: Connection,
) -> None:
    """By each of its keys in turn, since it is asked for every row of an import."""
    there = (
        "SELECT 1 FROM deployments WHERE number = ? OR id = ? OR external_id = ? "
        "OR promoted_from = ? AND environment = ?"
    )

    plan = plan_of(connection, there, (1, "x", "x", "x", "x"))

    assert plan.startswith("MULTI-INDEX OR")
    assert plan.count("SEARCH deployments") == 4
    assert "SCAN" not in plan


def test_owed_reviews_and_recoveries_are_looked_up(connection: Connection) -> None:
    """Few reviews are owed at a time; a recovery is one look into the index of its lane."""
    engine_of = connection.dialect
    owed = delivery_report.REVIEWS_OWED.compile(dialect=engine_of)
    stood = delivery_report.DEPLOYED_WITHIN.compile(dialect=engine_of).construct_expanded_state(
        SPAN
    )

    plan = plan_of(connection, str(owed), ("",))
    recovery = plan_of(
        connection,
        stood.statement,
        tuple(stood.parameters[name] for name in stood.positiontup or ()),
    )

    assert "SEARCH deployments USING INDEX after_reviews_owed (environment>?)" in plan
    assert (
        "SEARCH later USING INDEX history_of_lane "
        "(service=? AND environment=? AND happened_at>?)" in recovery
    )
