"""Checking whether too many deployments are waiting to start, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Select, bindparam, literal_column, select, text

from gatepost_persistence.statements.index_hinted_table import IndexHintedTable
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import WAITING_CONDITION, DeploymentRow

_deployments = DeploymentRow.table()
_of_requester = IndexHintedTable(_deployments, "waiting_of_requester")

_LAST_WAITING: Select[int] = (
    select(literal_column("1"))
    .select_from(_deployments)
    .where(_deployments.c.environment == bindparam("in_environment"))
    .where(text(WAITING_CONDITION))
    .limit(1)
    .offset(bindparam("others"))
)
WAITING_IN_LANE = PreparedStatement(
    _LAST_WAITING.where(_deployments.c.service == bindparam("in_service"))
)
WAITING_OF_REQUESTER = PreparedStatement(
    _LAST_WAITING.where(
        _deployments.c.requester.in_((bindparam("by_requester"), bindparam("by_former_name")))
    )
)
"""Like `WAITING_IN_LANE`, this reads no more index entries than the policy allows waiting
deployments. It uses the index `waiting_of_requester`; `WAITING_IN_LANE` uses
`deployments_by_lane`."""

WAITING_POLICY_VERSIONS = PreparedStatement(
    select(_of_requester.c.policy_version)
    .distinct()
    .where(_of_requester.c.environment == bindparam("in_environment"))
    .where(text(WAITING_CONDITION))
    .order_by(_of_requester.c.policy_version)
)


def list_waiting_policy_versions(connection: Connection, environment: str) -> tuple[int, ...]:
    """Return the policy versions under which deployments are waiting to start, ascending."""
    rows = WAITING_POLICY_VERSIONS.all(connection, {"in_environment": environment})
    return tuple(row.policy_version for row in rows)


def has_waiting_in_lane(
    connection: Connection, service: str, environment: str, at_least: int
) -> bool:
    """Return whether at least this many deployments in a lane are waiting to start."""
    parameters = {
        "in_service": service,
        "in_environment": environment,
        "others": at_least - 1,
    }
    return WAITING_IN_LANE.one_or_none(connection, parameters) is not None


def has_waiting_of_requester(
    connection: Connection, names: Sequence[str], environment: str, at_least: int
) -> bool:
    """Return whether at least this many of a requester's deployments are waiting to start.

    `names` contains the requester's name and, if there is one, the former name.
    """
    parameters = {
        "by_requester": names[0],
        "by_former_name": names[-1],
        "in_environment": environment,
        "others": at_least - 1,
    }
    return WAITING_OF_REQUESTER.one_or_none(connection, parameters) is not None
