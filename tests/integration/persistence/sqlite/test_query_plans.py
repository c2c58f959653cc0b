"""The queries of gates, workers and reports use an index, so long histories stay fast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select

from gatepost_domain.deployments.lane_state import WaitingFor
from gatepost_domain.reports.measurements import ReportFilter
from gatepost_domain.reports.periods import Span
from gatepost_persistence.reads import current_state, delivery_report, latest_rollout, next_in_lane
from gatepost_persistence.reads import prefix_search as search
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.writes import blocks_and_holds as restrictions
from gatepost_persistence.writes import (
    claims,
    deployment_statements,
    event_log,
    github_protection_answers,
    lane_queue_reads,
    notifications,
    open_request_limit,
    target_retirements,
    target_settings,
    webhooks,
)
from tests.support.builders import NOON

LANE: dict[str, Any] = {"in_service": "shop", "in_environment": "production"}
VERSION = LANE | {"of_version": "1.0.0"}
SPAN = {"since": "2026-11-01T00:00:00.000000Z", "until": "2026-11-21T12:00:00.000000Z"}
EVERYWHERE = ReportFilter(span=Span(since=NOON, until=NOON))
IN_LANE = ReportFilter(
    span=Span(since=NOON, until=NOON), services=("shop", "cart"), environments=("production",)
)
QUEUE = LANE | {"after_number": 7, "limit": 4, "offset": 3}
NOW: dict[str, Any] = {"at": "2026-11-21T12:00:00.000000Z"}
RANGE: dict[str, Any] = {"low": "1.4", "high": "1.4\U0010ffff", "row_limit": 8}

PLANS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "due answer to a job": (
        github_protection_answers.DUE_ANSWER,
        dict(NOW),
        "waiting_answers (due_at<?)",
    ),
    "deployments of a version": (
        deployment_statements.DEPLOYMENTS_OF_VERSION,
        dict(VERSION),
        "versions_ever_deployed (service=? AND environment=? AND version=?)",
    ),
    "deployed since": (
        deployment_statements.DEPLOYED_SINCE,
        LANE | {"since": NOW["at"]},
        "history_of_lane (service=? AND environment=? AND happened_at>?)",
    ),
    "last known good": (
        deployment_statements.LAST_GOOD_DEPLOYMENT,
        LANE | {"excluded_versions": ["2.0.0"]},
        "history_of_lane",
    ),
    "last known good of any version": (
        deployment_statements.LAST_GOOD_DEPLOYMENT,
        LANE | {"excluded_versions": []},
        "history_of_lane",
    ),
    "live before": (
        deployment_statements.LIVE_BEFORE,
        LANE | {"before": NOW["at"]},
        "history_of_lane (service=? AND environment=? AND happened_at<?)",
    ),
    "promotion": (
        deployment_statements.PROMOTION_OF_DEPLOYMENT,
        {"source": "source", "in_environment": "production"},
        "one_promotion_per_environment (promoted_from=? AND environment=?)",
    ),
    "expired deployments": (
        deployment_statements.EXPIRED_DEPLOYMENTS,
        NOW | {"limit": 10},
        "deployments_that_expire (expires_at<?)",
    ),
    "overdue review": (
        deployment_statements.OLDEST_OVERDUE_REVIEW,
        NOW | {"in_environment": "production"},
        "after_reviews_owed (environment=? AND after_review_due_at<?)",
    ),
    "reviews becoming overdue": (
        deployment_statements.REVIEWS_BECOMING_OVERDUE,
        NOW | {"limit": 10},
        "after_reviews_falling_due (after_review_due_at<?)",
    ),
    "waiting deployments of a lane": (
        open_request_limit.WAITING_IN_LANE,
        LANE | {"others": 499},
        "COVERING INDEX deployments_by_lane (service=? AND environment=? AND status=?)",
    ),
    "waiting deployments of a requester": (
        open_request_limit.WAITING_OF_REQUESTER,
        {
            "by_requester": "ada",
            "by_former_name": "Ada L",
            "in_environment": "production",
            "others": 999,
        },
        "COVERING INDEX waiting_of_requester (environment=? AND requester=? AND status=?)",
    ),
    "policies of waiting deployments": (
        open_request_limit.WAITING_POLICY_VERSIONS,
        {"in_environment": "production"},
        "waiting_of_requester (environment=?)",
    ),
    "waiting deployments approved by a reviewer": (
        deployment_statements.WAITING_APPROVED_BY,
        {"approval_by": '"actor":"quinn"'},
        "waiting_with_approvals (status=?)",
    ),
    "waiting deployments with approvals of somebody unknown": (
        deployment_statements.WAITING_APPROVED_OF_UNMAPPED,
        {"from_issuer": "https://ci.example"},
        "waiting_with_approvals (status=?)",
    ),
    "waiting automatic starts of a requester": (
        deployment_statements.WAITING_FOR_AUTO_START_OF,
        {"by_requester": "ada"},
        "waiting_with_auto_start (status=?)",
    ),
    "event that set a target": (
        target_settings.TARGET_EVENTS_AT,
        {"set_at": NOW["at"]},
        "events_that_set_targets (at=?)",
    ),
    "latest rollout": (
        latest_rollout.LATEST_ROLLOUT,
        {"service": "shop", "environment": "production"},
        "rollouts_of_lane (service=? AND environment=?",
    ),
    "latest import": (
        latest_rollout.LATEST_IMPORT,
        {"service": "shop", "environment": "production", "since": NOW["at"]},
        "history_of_lane (service=? AND environment=? AND happened_at>?)",
    ),
    "deployments that have not ended": (
        next_in_lane.open_deployments_statement("sqlite", ("service",)),
        {"service": ["shop"]},
        "deployments_by_status (status=?)",
    ),
    "newest in the lanes of deployments that have not ended": (
        next_in_lane.open_deployments_statement("sqlite", ()),
        {},
        "deployments_that_went_ahead (service=? AND environment=?",
    ),
    "lanes to roll back": (
        next_in_lane.rollbackable_lanes_statement("sqlite", ("service",)),
        {"service": ["shop"]},
        "history_of_lane (service=? AND environment=?)",
    ),
    "rollback states": (
        next_in_lane.ROLLBACK_STATES,
        {"ids": ["a"]},
        "sqlite_autoindex_deployments_1 (id=?)",
    ),
    "retirements": (
        target_retirements.RETIREMENTS_OF_LANE,
        {"of_service": "shop", "of_environment": "production"},
        "retirements_of_lane (service=? AND environment=?)",
    ),
    "block of a version": (
        restrictions.BLOCK_BY_VERSION,
        dict(VERSION),
        "sqlite_autoindex_version_blocks_1",
    ),
    "blocked versions": (
        restrictions.BLOCKED_VERSIONS,
        dict(LANE),
        "sqlite_autoindex_version_blocks_1",
    ),
    "event that set a policy": (
        event_log.POLICY_EVENTS_AT,
        {"set_at": NOW["at"]},
        "events_that_set_policies (at=?)",
    ),
    "queue of a lane": (
        lane_queue_reads.queue_of_lane(WaitingFor.WORKER, only_exempt=False),
        dict(QUEUE),
        "queue_of_lane (service=? AND environment=?)",
    ),
    "exempt deployments in the queue of a lane": (
        lane_queue_reads.queue_of_lane(WaitingFor.WORKER, only_exempt=True),
        dict(QUEUE),
        "exempt_in_queue (service=? AND environment=?)",
    ),
    "automatic starts of a lane": (
        lane_queue_reads.queue_of_lane(WaitingFor.GATES, only_exempt=False),
        dict(QUEUE),
        "auto_starts_of_lane (service=? AND environment=? AND number>?)",
    ),
    "exempt automatic starts of a lane": (
        lane_queue_reads.queue_of_lane(WaitingFor.GATES, only_exempt=True),
        dict(QUEUE),
        "exempt_auto_starts (service=? AND environment=? AND number>?)",
    ),
    "started in a lane": (
        deployment_statements.STARTED_IN_LANE,
        dict(LANE),
        "one_started_per_lane (service=? AND environment=?)",
    ),
    "newest in a lane": (
        deployment_statements.NEWEST_SUCCEEDED_IN_LANE,
        dict(LANE),
        "deployments_that_went_ahead (service=? AND environment=?)",
    ),
    "lapsed claims": (
        claims.LAPSED_CLAIMS,
        dict(NOW),
        "sqlite_autoindex_claims_2 (deployment_id=? AND attempt=?)",
    ),
    "claims past their deadline": (
        claims.CLAIMS_PAST_DEADLINE,
        dict(NOW),
        "sqlite_autoindex_claims_2 (deployment_id=? AND attempt=?)",
    ),
    "claim by id": (claims.CLAIM_BY_ID, {"lookup_key": "id"}, "sqlite_autoindex_claims_1"),
    "steps of a deployment": (
        claims.STEPS_OF_DEPLOYMENT,
        {"lookup_key": "id"},
        "steps_by_deployment (deployment_id=?)",
    ),
    "versions by the start of their name": (
        search.VERSIONS_BY_NAME,
        RANGE,
        "versions_by_version (version>? AND version<?)",
    ),
    "versions by the start of their commit": (
        search.VERSIONS_BY_COMMIT,
        RANGE,
        "versions_by_commit (commit_sha>? AND commit_sha<?)",
    ),
    "deployments by the start of their work references": (
        search.DEPLOYMENTS_BY_WORK_REFERENCE,
        RANGE,
        "deployments_by_work_reference (work_references_start>? AND work_references_start<?)",
    ),
    "deliveries that are no longer kept": (
        webhooks.FIRST_ENDED_DELIVERY,
        dict(NOW),
        "ended_deliveries (ended_at>? AND ended_at<?)",
    ),
    "notifications that are no longer kept": (
        notifications.FIRST_ENDED_NOTIFICATION,
        dict(NOW),
        "ended_notifications (ended_at>? AND ended_at<?)",
    ),
    "hold of a lane": (restrictions.HOLD_BY_LANE, dict(LANE), "sqlite_autoindex_holds_1"),
}
"""A statement, its parameters and the index it must use."""
SORTED = {
    "deployments that have not ended",
    "newest in the lanes of deployments that have not ended",
    "lapsed claims",
    "claims past their deadline",
    "retirements",
    "waiting deployments approved by a reviewer",
    "waiting deployments with approvals of somebody unknown",
    "policies of waiting deployments",
    "waiting automatic starts of a requester",
}
"""Queries that sort their result, which has few rows."""


@pytest.mark.parametrize("waiting_for", WaitingFor)
def test_lanes_are_found_without_reading_what_waits(
    connection: Connection, waiting_for: WaitingFor
) -> None:
    """Each lane, its head and its started deployment are a search of a partial index."""
    plan = plan_of(
        connection, str(lane_queue_reads.waiting_lanes(waiting_for, "sqlite").statement), ()
    )

    for index in ("one_started_per_lane", "exempt_"):
        assert re.search(rf"SEARCH deployments USING .*INDEX {index}\w* \(service=\?", plan)
    assert "((service,environment)>(?,?))" in plan
    assert "SEARCH head USING INTEGER PRIMARY KEY" in plan
    assert plan.count("SCAN deployments") == 1  # the first entry only


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    engine = create_write_engine(path)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def plan_of(connection: Connection, statement: str, parameters: tuple[object, ...]) -> str:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "\n".join(row.detail for row in rows)


@pytest.mark.parametrize("query", PLANS)
def test_query_uses_its_index(connection: Connection, query: str) -> None:
    """The query scans no table of deployments or claims, and sorts only short results."""
    statement, parameters, index = PLANS[query]
    plain: Any = statement.statement if isinstance(statement, PreparedStatement) else statement
    compiled = plain.compile(dialect=connection.dialect).construct_expanded_state(parameters)

    values = compiled.parameters
    plan = plan_of(
        connection, compiled.statement, tuple(values[name] for name in compiled.positiontup or ())
    )

    assert plan.startswith("SEARCH ")
    assert index in plan
    assert not any(f"SCAN {table}" in plan for table in ("deployments", "started", "claims"))
    assert ("TEMP B-TREE" in plan) is (query in SORTED)


def test_versions_of_a_service_are_listed_in_the_order_of_registration(
    connection: Connection,
) -> None:
    """A page is read from the index, however many versions the service has."""
    listing = "SELECT * FROM versions WHERE service = ? AND id < ? ORDER BY id DESC LIMIT 51"

    plan = plan_of(connection, listing, ("shop", 1000))

    assert "versions_by_registration (service=? AND id<?)" in plan
    assert "TEMP B-TREE" not in plan


def test_versions_of_a_target_are_listed_from_the_events_of_targets(
    connection: Connection,
) -> None:
    """Of all events, only those that set a version of any target are read, and not sorted."""
    listing = target_settings.TARGET_EVENTS_OF_LANE.statement
    assert isinstance(listing, Select)
    compiled = listing.compile(dialect=connection.dialect)

    plan = plan_of(connection, str(compiled), ("x",) * len(compiled.positiontup or ()))

    assert plan.startswith("SCAN deployment_events USING INDEX events_that_set_targets")
    assert "TEMP B-TREE" not in plan


def test_duplicate_check_of_deployments_uses_an_index_per_key(
    connection: Connection,
) -> None:
    """The check for duplicates, which an import runs for every row, scans no table."""
    duplicates = (
        "SELECT 1 FROM deployments WHERE number = ? OR id = ? "
        "OR service = ? AND environment = ? AND external_id = ? "
        "OR promoted_from = ? AND environment = ?"
    )

    plan = plan_of(connection, duplicates, (1, *["x"] * 6))

    assert plan.startswith("MULTI-INDEX OR")
    assert plan.count("SEARCH deployments") == 4
    assert "SCAN" not in plan


def test_state_at_a_past_time_is_one_lookup_per_lane(connection: Connection) -> None:
    """The latest deployment of each lane is found by index, without scanning its history."""
    state = current_state.LIVE_AT.compile(dialect=connection.dialect)

    plan = plan_of(connection, str(state), (NOW["at"],) * len(state.positiontup or ()))

    assert "SEARCH deployments USING INDEX history_of_lane (service=? AND environment=? AND" in plan
    assert "SEARCH live USING INTEGER PRIMARY KEY" in plan
    assert "SCAN deployments" not in plan


@pytest.mark.parametrize("criteria", [EVERYWHERE, IN_LANE], ids=["everywhere", "in a lane"])
def test_report_uses_indexes_on_time(connection: Connection, criteria: ReportFilter) -> None:
    """Neither a bucket nor the recovery after a failure nor a due review scans the history."""
    names = {"service_0": "shop", "service_1": "cart", "environment_0": "production"}

    driver: Any = connection.connection.driver_connection
    live, others, failed_records = [
        "\n".join(
            row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", {**SPAN, **names})
        )
        for statement in delivery_report.measurement_statements("sqlite", criteria)
    ]
    reviews = delivery_report.REVIEWS_OWED.compile(dialect=connection.dialect)
    due = plan_of(connection, str(reviews), ("",))

    assert "SEARCH d USING INDEX deployments_by_deployment (deployed_at>? AND" in live
    assert "SEARCH d USING INDEX deployments_by_creation (created_at>? AND" in others
    assert "SEARCH d USING INDEX failed_records (kind=? AND happened_at>? AND" in failed_records
    for plan in (live, others, failed_records):
        assert "SEARCH l USING INDEX history_of_lane (service=? AND environment=? AND" in plan
        assert "SEARCH f USING INDEX live_versions (service=? AND version=? AND" in plan
        assert [line for line in plan.splitlines() if "SCAN" in line] == ["SCAN d"]
    assert "SEARCH deployments USING INDEX after_reviews_owed (environment>?)" in due
