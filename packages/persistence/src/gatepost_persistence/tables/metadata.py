"""The metadata of every table, complete because each module of tables is imported here."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

from gatepost_persistence.tables import (  # noqa: F401  # importing a module registers its tables
    catalog,
    claims,
    deployments,
    events,
    freezes,
    idempotency,
    restrictions,
    tracking,
    users,
)
from gatepost_persistence.tables.base import Row

METADATA: Final[MetaData] = Row.metadata
