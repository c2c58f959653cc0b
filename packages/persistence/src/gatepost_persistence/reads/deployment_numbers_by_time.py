"""Finding the range of deployment numbers that can be on a page of the list.

A filter on time is translated to a range of numbers, because every index of the list contains the
number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_persistence.mapping.values import format_optional_instant
from gatepost_persistence.statements.handwritten_sql import index_hint, prepare_text
from gatepost_persistence.tables.deployment_numbers_by_time import BLOCK_SIZE

_LOWEST: Final = 0
_HIGHEST: Final = 2**62

LAG: Final = "SELECT coalesce(max(seconds), 0) FROM creation_lag"
BLOCKS_OF_PERIOD: Final = (
    "SELECT min(block), max(block) FROM deployment_blocks "
    "WHERE earliest < :until AND latest >= :since AND block BETWEEN :low AND :high"
)
_AFTER_ALL_TIMES: Final = "A"
"""A text that sorts after every stored time."""


def find_number_range(
    connection: Connection, criteria: DeploymentFilter, page_request: PageRequest
) -> tuple[int, int]:
    """Return the exclusive bounds of the numbers of all deployments that can be on a page."""
    low, high = _LOWEST, _HIGHEST
    if page_request.after is not None:
        after = int(page_request.after)
        low, high = (after, high) if criteria.oldest_first else (low, after)
    if criteria.since is not None or criteria.until is not None:
        low, high = _narrow_to_creation_period(connection, criteria, low, high)
    if criteria.deployed_since is not None or criteria.deployed_until is not None:
        low, high = _narrow_to_deployment_period(connection, criteria, low, high)
    return low, high


def _narrow_to_creation_period(
    connection: Connection, criteria: DeploymentFilter, low: int, high: int
) -> tuple[int, int]:
    """Narrow a range of numbers to deployments created in a period.

    A deployment with a higher number than another was created at most the stored lag before it.
    So every deployment created before `until` has a lower number than the first one created at
    `until` plus the lag or later. The lower bound follows from `since` in the same way.
    """
    lag = timedelta(seconds=prepare_text(LAG).scalar(connection))
    dialect = connection.dialect.name
    if (bound := _shift(criteria.since, -lag)) is not None:
        statement = prepare_text(select_last_created_before(dialect))
        low = max(low, statement.scalar(connection, {"at": bound}) or _LOWEST)
    if (bound := _shift(criteria.until, lag)) is not None:
        statement = prepare_text(select_first_created_since(dialect))
        high = min(high, statement.scalar(connection, {"at": bound}) or _HIGHEST)
    return low, high


def _narrow_to_deployment_period(
    connection: Connection, criteria: DeploymentFilter, low: int, high: int
) -> tuple[int, int]:
    """Narrow a range to the blocks of numbers with deployments that went live in a period."""
    first, last = prepare_text(BLOCKS_OF_PERIOD).one(
        connection,
        {
            "since": format_optional_instant(criteria.deployed_since) or "",
            "until": format_optional_instant(criteria.deployed_until) or _AFTER_ALL_TIMES,
            "low": low // BLOCK_SIZE,
            "high": high // BLOCK_SIZE,
        },
    )
    if first is None:
        return low, low
    return max(low, first * BLOCK_SIZE - 1), min(high, (last + 1) * BLOCK_SIZE)


def select_last_created_before(dialect: str) -> str:
    """Return a statement for the number of the latest deployment created before `:at`."""
    hint = index_hint("deployments_by_creation", dialect)
    return (
        f"SELECT number FROM deployments{hint} WHERE created_at < :at "
        "ORDER BY created_at DESC, number DESC LIMIT 1"
    )


def select_first_created_since(dialect: str) -> str:
    """Return a statement for the number of the earliest deployment created at `:at` or later."""
    hint = index_hint("deployments_by_creation", dialect)
    return (
        f"SELECT number FROM deployments{hint} WHERE created_at >= :at "
        "ORDER BY created_at, number LIMIT 1"
    )


def _shift(instant: datetime | None, by: timedelta) -> str | None:
    if instant is None:
        return None
    try:
        return to_rfc3339(instant + by)
    except OverflowError:  # before year 1 or after year 9999, so there is no bound
        return None
