"""Every combination of the filters of the list of deployments reads ranges of indexes only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, text

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Status
from gatepost_persistence.reads.deployment_list import select_by_numbers
from gatepost_persistence.reads.deployment_list_conditions import build_query
from gatepost_persistence.reads.deployment_numbers_by_time import (
    LAG,
    select_first_created_since,
    select_last_created_before,
)
from gatepost_persistence.reads.search_term_resolution import (
    SERVICE_NAMES,
    ResolvedTerms,
    select_distinct_values,
)
from gatepost_persistence.sqlite.engine import create_write_engine
from tests.support.builders import NOON

FILTERS: dict[str, dict[str, Any]] = {
    "service": {"services": ("shop",)},
    "environment": {"environments": ("production", "staging")},
    "status": {"statuses": (Status.FAILED, Status.REJECTED)},
    "review": {"review_labels": ("requested",)},
    "kind": {"kinds": (DeploymentKind.ROLLBACK,)},
    "requester": {"requesters": ("ada", "bob")},
    "version": {"versions": ("1.0.0",)},
    "work_reference": {"work_references": ("SHOP-812", "SHOP-813")},
    "commit": {"commits": ("c0ffee1",)},
    "reviewer": {"reviewers": ("quinn",)},
    "external_id": {"external_ids": ("a", "b")},
    "words": {"words": ("shop", "812")},
    "since": {"since": NOON},
    "until": {"until": NOON},
    "deployed_since": {"deployed_since": NOON},
    "deployed_until": {"deployed_until": NOON},
    "awaiting review": {"awaiting_review": True},
    "visible": {"only_visible": True},
}
COMBINATIONS = [names for size in (0, 1, 2, len(FILTERS)) for names in combinations(FILTERS, size)]
"""All single filters and pairs, and all filters at once: a query has one driving search per filter
or lane, so a pair contains every kind of statement."""
RANGE = {"low": 0, "high": 10**9, "rows": 51, "examined": 100, "at": "2026-11-21T12:00:00.000000Z"}
RESOLVED = ResolvedTerms(
    commits={"c0ffee1": ["c0ffee12", "c0ffee13"]},
    versions={"shop": ["shop-1"], "812": None},
    services={"shop": ["shop", "webshop"], "812": []},
)
MISLEADING_STATISTICS = "1000000 900000 800000 700000 600000 500000"


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    engine = create_write_engine(path)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def mislead_planner(connection: Connection) -> None:
    """Store statistics that say that no index finds anything faster than reading the table."""
    connection.exec_driver_sql("ANALYZE")
    for (name,) in connection.exec_driver_sql(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'deployments'"
    ).fetchall():
        columns = connection.exec_driver_sql(f"PRAGMA index_info({name})").fetchall()
        statistics = " ".join(MISLEADING_STATISTICS.split()[: len(columns) + 1])
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 VALUES ('deployments', ?, ?)", (name, statistics)
        )
    connection.exec_driver_sql("ANALYZE sqlite_schema")


def plan_of(
    connection: Connection, statement: Executable, parameters: dict[str, object]
) -> list[str]:
    compiled = statement.compile(dialect=connection.dialect)  # type: ignore[attr-defined]
    values = tuple(parameters[name] for name in compiled.positiontup or ())
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
    return [row.detail for row in rows]


def assert_reads_ranges(plan: list[str], *, is_sorted: bool = False) -> None:
    for step in plan:
        assert not step.startswith("SCAN deployments"), plan
        assert is_sorted or "TEMP B-TREE" not in step, plan


@pytest.mark.parametrize("oldest_first", [False, True], ids=["newest first", "oldest first"])
@pytest.mark.parametrize("misled", [False, True], ids=["no statistics", "misleading statistics"])
def test_combination_of_filters_reads_ranges_of_indexes(
    connection: Connection,
    misled: bool,  # noqa: FBT001
    oldest_first: bool,  # noqa: FBT001
) -> None:
    """No combination scans or sorts the table, whatever the planner believes about it."""
    if misled:
        mislead_planner(connection)

    for names in COMBINATIONS:
        fields: dict[str, Any] = {}
        for name in names:
            fields |= FILTERS[name]
        query = build_query(DeploymentFilter(**fields, oldest_first=oldest_first), RESOLVED)
        parameters = {**query.parameters, **RANGE}
        direct = query.direct_driving_search()
        if direct is None:
            assert_reads_ranges(
                plan_of(
                    connection, text(query.driving_search_counts_statement("sqlite")), parameters
                )
            )
        for driving_search in query.driving_searches if direct is None else [direct]:
            for examine_all in {True, driving_search is direct}:
                numbers = query.matching_numbers_statement(
                    driving_search, "sqlite", examine_all=examine_all
                )
                statement = select_by_numbers(numbers, oldest_first=oldest_first)
                plan = plan_of(connection, statement, parameters)
                is_sorted = not driving_search.is_ordered or driving_search.has_duplicates
                assert_reads_ranges(plan, is_sorted=is_sorted)


@pytest.mark.parametrize(
    "statement", [select_first_created_since("sqlite"), select_last_created_before("sqlite")]
)
def test_bound_of_creation_times_is_one_search(connection: Connection, statement: str) -> None:
    """The first and the last deployment created around an instant are found without sorting."""
    plan = plan_of(connection, text(statement), dict(RANGE))

    assert len(plan) == 1
    assert plan[0].startswith("SEARCH deployments USING COVERING INDEX deployments_by_creation")


def test_lag_of_creation_times_reads_one_row(connection: Connection) -> None:
    """The lag is the only row of its table."""
    assert not any("deployments" in step for step in plan_of(connection, text(LAG), {}))


@pytest.mark.parametrize("column", ["commit_sha", "version"])
def test_different_values_are_read_from_an_index_one_by_one(
    connection: Connection, column: str
) -> None:
    """A version of many services costs one search."""
    mislead_planner(connection)
    parameters = {"low": "1", "high": "2", "row_limit": 33}

    plan = plan_of(connection, text(select_distinct_values(column)), parameters)

    index = {"commit_sha": "versions_by_commit", "version": "versions_by_version"}[column]
    searches = [step for step in plan if "versions" in step]
    assert len(searches) == 2
    assert all(
        f"SEARCH versions USING COVERING INDEX {index} ({column}>? AND" in step for step in searches
    )


def test_names_of_services_are_read_from_an_index(connection: Connection) -> None:
    """No row of a service is read."""
    (step,) = plan_of(connection, text(SERVICE_NAMES), {})

    assert "COVERING INDEX" in step
