"""Reading and writing answers to waiting GitHub jobs inside a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, text, update

from gatepost_domain.errors import NotFound
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ingest.github_protection_answer import VERDICTS, ProtectionAnswer
from gatepost_persistence.mapping.github_protection_answers import (
    answer_from_row,
    answer_progress_values,
    answer_to_row,
)
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.github_protection_answers import (
    WAITING_CONDITION,
    ProtectionAnswerRow,
)

_answers = ProtectionAnswerRow.table()
_deployments = DeploymentRow.table()

_DECIDED: Final = tuple(status.value for status, verdict in VERDICTS.items() if verdict)
"""The statuses of deployments that decide the answer to a job."""

ANSWER_BY_ID = PreparedStatement(select(_answers).where(_answers.c.id == bindparam("lookup_key")))
ANSWER_BY_EXTERNAL_ID = PreparedStatement(
    select(_answers).where(_answers.c.external_id == bindparam("lookup_key"))
)
ANSWER_OF_DELIVERY = PreparedStatement(
    select(_answers).where(_answers.c.delivery == bindparam("lookup_key"))
)
DUE_ANSWER = PreparedStatement(
    select(_answers)
    .join(_deployments, _deployments.c.id == _answers.c.deployment_id)
    .where(text(f"{_answers.name}.{WAITING_CONDITION}"))
    .where(_answers.c.due_at <= bindparam("at"))
    .where(_deployments.c.status.in_(_DECIDED))
    .order_by(_answers.c.due_at, _answers.c.id)
    .limit(1)
)
"""Reads few rows, because few answers are waiting: about one for each open request of a job."""
INSERT_ANSWER = PreparedStatement(insert(_answers))
UPDATE_ANSWER = PreparedStatement(update(_answers).where(_answers.c.id == bindparam("lookup_key")))


class SqlProtectionAnswers:
    """The SQL repository for answers to waiting GitHub jobs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, answer: UUID) -> ProtectionAnswer:
        """Return the answer with this id.

        Raises:
            NotFound: there is no such answer.
        """
        found = self._find(ANSWER_BY_ID, str(answer))
        if found is None:
            raise NotFound("protection_answer", str(answer))
        return found

    def find_by_external_id(self, external_id: str) -> ProtectionAnswer | None:
        """Return the answer to the job whose GitHub deployment has this id, or None."""
        return self._find(ANSWER_BY_EXTERNAL_ID, external_id)

    def find_by_delivery(self, delivery: UUID) -> ProtectionAnswer | None:
        """Return the answer to the job that a delivery reported, or None."""
        return self._find(ANSWER_OF_DELIVERY, str(delivery))

    def find_due(self, at: datetime) -> ProtectionAnswer | None:
        """Return the answer that has been due longest, or None.

        Answers whose deployment can still start but has not started are not due.
        """
        row = DUE_ANSWER.one_or_none(self._connection, {"at": to_rfc3339(at)})
        return None if row is None else answer_from_row(row)

    def add(self, answer: ProtectionAnswer) -> None:
        """Store a new answer."""
        INSERT_ANSWER.run(self._connection, answer_to_row(answer))

    def save(self, answer: ProtectionAnswer) -> None:
        """Store an answer that was claimed, attempted or scheduled to be sent again."""
        UPDATE_ANSWER.run(
            self._connection, {"lookup_key": str(answer.id), **answer_progress_values(answer)}
        )

    def _find(self, statement: PreparedStatement, key: str) -> ProtectionAnswer | None:
        row = statement.one_or_none(self._connection, {"lookup_key": key})
        return None if row is None else answer_from_row(row)
