"""Values for the delivery report that depend on other deployments of the same lane or version.

A record does not name the deployment that it reverts. A record therefore counts as going back if
its version first went live in the lane earlier than the version that it replaced; the replaced
deployment then counts as reverted. A record of the version that is already live is a redeployment.
A record of a version that first went live later than the replaced one goes forward, even if its
version was live before.
"""

from __future__ import annotations

from typing import Final

from gatepost_domain.catalog.tier import Tier
from gatepost_persistence.tables.deployments import LIVE_CONDITION

_COLUMNS: Final = (
    "number",
    "service",
    "environment",
    "version",
    "kind",
    "status",
    "tier",
    "started_in_production",
    "cancel_reason",
    "created_at",
    "approved_at",
    "started_at",
    "finished_at",
    "deployed_at",
    "rolled_back_at",
    "recorded_rollback",
    "reviewed_at",
    "reviewed_by",
    "overrides",
    "break_glass",
    "independence",
)


def _live_condition(alias: str) -> str:
    return " AND ".join(f"{alias}.{part}" for part in LIVE_CONDITION.split(" AND "))


def _adjacent_deployment_value(value: str, comparison: str, order: str) -> str:
    """Return a subquery for a value of the deployment live before or after this one in the lane."""
    return (
        f"(SELECT {value} FROM deployments AS n WHERE n.service = d.service "
        f"AND n.environment = d.environment AND (n.happened_at, n.number) {comparison} "
        f"(d.happened_at, d.number) AND {_live_condition('n')} "
        f"ORDER BY n.happened_at {order}, n.number {order} LIMIT 1)"
    )


def _first_live_at(version: str) -> str:
    """Return a subquery for when a version first went live in the lane; uses `live_versions`."""
    return (
        "(SELECT min(f.happened_at) FROM deployments AS f WHERE f.service = d.service "
        f"AND f.version = {version} AND f.environment = d.environment AND {_live_condition('f')})"
    )


_BEFORE: Final = _adjacent_deployment_value("n.version", "<", "DESC")
_RECORDED_AFTER: Final = _adjacent_deployment_value(
    "CASE WHEN n.kind = 'record' THEN n.version END", ">", "ASC"
)
_OWN_FIRST: Final = _first_live_at("d.version")
_GOES_BACK: Final = (
    f"CASE WHEN d.kind = 'record' AND {_OWN_FIRST} < d.deployed_at "
    f"THEN {_OWN_FIRST} < {_first_live_at(_BEFORE)} END"
)
"""Whether a record goes back to an earlier version. Most versions are new to their lane, so the
first condition saves the other lookups."""
_REVERTED: Final = f"d.deployed_at IS NOT NULL AND {_first_live_at(_RECORDED_AFTER)} < {_OWN_FIRST}"
_RANK: Final = "CASE {}.tier " + " ".join(
    f"WHEN '{tier}' THEN {rank}" for rank, tier in enumerate(Tier)
)
_LIVE_BELOW_AT: Final = (
    "(SELECT min(f.happened_at) FROM deployments AS f WHERE f.service = d.service "
    f"AND f.version = d.version AND {_live_condition('f')} "
    f"AND {_RANK.format('f')} END < {_RANK.format('d')} END)"
)

_OF_INCIDENTS: Final = "(SELECT {} FROM incidents AS i WHERE i.caused_by = d.number)"
"""An aggregate over the incidents that a deployment caused: one lookup in `incidents_by_cause`."""

_LAST_END: Final = "CASE WHEN count(*) = count(i.resolved_at) THEN max(i.resolved_at) END"

SELECT_WITH_LANE_FACTS: Final = (
    f"SELECT {', '.join(f'd.{column}' for column in _COLUMNS)}, "
    f"coalesce({_GOES_BACK}, false) AS goes_back, coalesce({_REVERTED}, false) AS reverted, "
    f"CASE WHEN d.deployed_at IS NOT NULL THEN {_LIVE_BELOW_AT} END AS live_below_at, "
    f"{_OF_INCIDENTS.format('min(i.started_at)')} AS incident_since, "
    f"{_OF_INCIDENTS.format(_LAST_END)} AS incident_until "
    "FROM deployments AS d WHERE d.hidden_at IS NULL"
)
"""Selects the visible deployments and, for each one: whether it goes backward or was reverted, when
its version first went live in a lower tier, when the first incident that it caused began, and when
all of these incidents had ended. More conditions can be appended."""
