"""Rows of deployments, kept until the end of a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from gatepost_domain.deployments.deployment import Deployment
from gatepost_persistence.mapping.deployments import (
    DEPLOYMENT_COLUMNS,
    deployment_from_row,
)
from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS, Values
from gatepost_persistence.statements.prepared_statement import PreparedStatement


class DeploymentRowCache:
    """Reads deployments in a transaction, and keeps their rows as last read or stored."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[int, Values] = {}

    def forget(self) -> None:
        """Forget the rows that were read."""
        self._rows.clear()

    def remember(self, number: int, row: Values) -> None:
        """Keep the row of a deployment as it was stored."""
        self._rows[number] = row

    def fetch_all(
        self, statement: PreparedStatement, parameters: Mapping[str, object]
    ) -> tuple[Deployment, ...]:
        """Return the deployments that a statement selects."""
        return tuple(map(self.from_row, statement.all(self._connection, parameters)))

    def fetch_one(
        self, statement: PreparedStatement, parameters: Mapping[str, object]
    ) -> Deployment | None:
        """Return the deployment that a statement selects, or None."""
        row = statement.one_or_none(self._connection, parameters)
        return None if row is None else self.from_row(row)

    def previous_row(self, number: int) -> Values:
        """Return the row of a deployment as last read or stored in this transaction."""
        row = self._rows.get(number)
        if row is not None:
            return row
        return DEPLOYMENTS.find_row_or_empty(self._connection, {"number": number})

    def from_row(self, row: Sequence[Any]) -> Deployment:
        """Return the deployment in a row, and keep the row to compare the next revision with it."""
        deployment = deployment_from_row(row)
        self._rows[deployment.number] = dict(zip(DEPLOYMENT_COLUMNS, row, strict=True))
        return deployment
