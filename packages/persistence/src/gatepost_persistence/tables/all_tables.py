"""The metadata of all tables; it is complete because this module imports every table module."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

from gatepost_persistence.tables import (
    adopted_rows,
    catalog,
    change_counts,
    check_runs,
    claims,
    deployment_numbers_by_time,
    deployments,
    event_tree,
    events,
    freezes,
    github_protection_answers,
    idempotency,
    incidents,
    ingest,
    lanes_and_current_state,
    notifications,
    passkeys,
    search_terms,
    settings_changes,
    users,
    webhooks,
    workers,
)
from gatepost_persistence.tables import blocks_and_holds as restrictions
from gatepost_persistence.tables.base import Row

TABLE_MODULES: Final = (
    adopted_rows,
    catalog,
    change_counts,
    check_runs,
    claims,
    deployments,
    event_tree,
    events,
    freezes,
    github_protection_answers,
    idempotency,
    ingest,
    incidents,
    deployment_numbers_by_time,
    lanes_and_current_state,
    notifications,
    passkeys,
    restrictions,
    search_terms,
    settings_changes,
    users,
    webhooks,
    workers,
)
"""All modules with tables. Importing a module registers its tables."""
METADATA: Final[MetaData] = Row.metadata
