"""Lookup of recorded deployments by external id, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.tracking.external_ids import ExternalKey
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import DeploymentRow

_deployments = DeploymentRow.table()

RECORD_BY_EXTERNAL_ID = PreparedStatement(
    select(_deployments).where(
        _deployments.c.service == bindparam("of_service"),
        _deployments.c.environment == bindparam("in_environment"),
        _deployments.c.external_id == bindparam("lookup_key"),
    ),
    named=False,
)


class SqlRecords:
    """The SQL repository for recorded deployments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_by_external_id(self, key: ExternalKey) -> Deployment | None:
        """Return the record with this external id, or None."""
        parameters = {
            "of_service": key.service,
            "in_environment": key.environment,
            "lookup_key": key.external_id,
        }
        row = RECORD_BY_EXTERNAL_ID.one_or_none(self._connection, parameters)
        return None if row is None else deployment_from_row(row)
