"""Finding rows that refer to missing deployments, and adopted claims that are missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from sqlalchemy import Connection, Table, func, select

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.adopted_rows import AdoptedRow
from gatepost_persistence.tables.claims import ClaimRow, StepRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.verification.expected_rows import parse_data
from gatepost_persistence.verification.row_names import subject_of

_deployments = DeploymentRow.table()
_events = EventRow.table()
_claims = ClaimRow.table()
_steps = StepRow.table()
_adopted = AdoptedRow.table()

_NO_EVENT: Final = "0" * 64


def _without_deployment(table: Table, key: str) -> PreparedStatement:
    """Return a statement for the rows whose deployment is not stored, sorted by key."""
    stored = select(1).where(_deployments.c.id == table.c.deployment_id).exists()
    statement = select(table).where(table.c.deployment_id.is_not(None)).where(~stored)
    if table is _events:
        statement = statement.where(_events.c.deployment_prev_hash == _NO_EVENT)
    return PreparedStatement(statement.order_by(table.c[key]))


FIRST_EVENTS_WITHOUT_DEPLOYMENT = _without_deployment(_events, "seq")
_ADOPTED_ID = func.substr(_adopted.c.key, 3, func.length(_adopted.c.key) - 4)
"""Extracts the id from a key such as `["…"]`, so that the index on ids can be used."""
CLAIMS_WITHOUT_DEPLOYMENT = _without_deployment(_claims, "fencing_token")
STEPS_WITHOUT_DEPLOYMENT = _without_deployment(_steps, "number")
MISSING_ADOPTED_CLAIMS = PreparedStatement(
    select(_adopted.c.key)
    .where(_adopted.c.of_table == "claims")
    .where(~select(1).where(_claims.c.id == _ADOPTED_ID).exists())
    .order_by(_adopted.c.key)
)


def find_orphans(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each missing deployment or claim, and each row without its deployment."""
    for event in FIRST_EVENTS_WITHOUT_DEPLOYMENT.all(connection):
        number = parse_data(event.data).get("number", event.deployment_id)
        detail = f"Event {event.seq} recorded the deployment, but it is not stored."
        yield Fault("row_missing", "deployments", f"DEP-{number}", None, detail)
    detail = "The row is stored, but its deployment is not."
    for claim in CLAIMS_WITHOUT_DEPLOYMENT.all(connection):
        subject = subject_of("claims", [claim.id])
        yield Fault("row_without_event", "claims", subject, "deployment_id", detail)
    for step in STEPS_WITHOUT_DEPLOYMENT.all(connection):
        subject = f"step {step.number}"
        yield Fault("row_without_event", StepRow.table_name(), subject, "deployment_id", detail)
    for key in MISSING_ADOPTED_CLAIMS.scalars(connection):
        subject = subject_of("claims", msgspec.json.decode(key))
        detail = "The row was stored when row states were first recorded; it is gone."
        yield Fault("row_missing", "claims", subject, None, detail)
