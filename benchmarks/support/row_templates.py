"""Templates for copies of a deployment, made from the rows that the product's actions created.

The product's own mapping produces the rows of a copy whose values are placeholders. Where a
placeholder occurs in a row, in text or within JSON, each copy gets its own value. A check compares
the hash of each event's text with the result of the product's hash function.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, select

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import Deployment, consent_digest
from gatepost_domain.event import (
    Event,
    EventKind,
    LedgerEntry,
    entry_hash,
    to_rfc3339,
)
from gatepost_domain.verification.event_hash import canonical_json
from gatepost_persistence.mapping.claims import claim_from_row, claim_to_row
from gatepost_persistence.mapping.deployments import deployment_from_row, deployment_to_row
from gatepost_persistence.mapping.events import entry_from_row, entry_to_row
from gatepost_persistence.tables.catalog import VersionRow
from gatepost_persistence.tables.claims import ClaimRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow

Facts = dict[str, Any]
"""A mapping from placeholder name to its value in one copy."""

MINUTES: Final = (0, 1, 2, 3, 4, 63)
"""When each event of a deployment happens, in minutes after the request."""

_BEGIN: Final = datetime(1111, 1, 1, tzinfo=UTC)
_NUMBERS: Final = {"number": 10**17 + 1, "fencing_token": 10**17 + 2, "seq": 10**17 + 3}
_IDS: Final = {"id": UUID(int=1), "build_id": UUID(int=2), "claim_id": UUID(int=3)}
_TEXTS: Final = {
    name: f"@{name}@"
    for name in ("service", "environment", "tier", "version", "requester", "digest")
}
_HASHES: Final = {name: f"@{name}@" for name in ("prev_hash", "deployment_prev_hash", "hash")}


def _placeholders() -> dict[str, str]:
    """Return a mapping from name to the text that marks its value."""
    instants = {f"at_{minutes}": _BEGIN + timedelta(minutes=minutes) for minutes in MINUTES}
    texts = {name: to_rfc3339(at) for name, at in instants.items()}
    short = {f"short_{name}": f"{text[:19]}Z" for name, text in texts.items()}
    numbers = {name: f"{number}" for name, number in _NUMBERS.items()}
    ids = {name: f"{id_}" for name, id_ in _IDS.items()}
    return {**texts, **short, **numbers, **ids, **_TEXTS, **_HASHES}


_PLACEHOLDERS: Final = _placeholders()


def _to_format(text: str) -> str:
    """Convert a text with placeholders to a format string for the operator `%`."""
    text = text.replace("%", "%%")
    for name, placeholder in _PLACEHOLDERS.items():
        text = text.replace(placeholder, f"%({name})s")
    # The original deployment started in a production environment, but a copy may not have.
    return text.replace('"was_production":true', '"was_production":%(was_production)s')


class RowTemplate:
    """The template of a table row."""

    def __init__(self, table: Table, row: Mapping[str, Any]) -> None:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        self.insert = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608
        self._values = list(row.values())
        self._formats: list[tuple[int, str]] = []
        self._copied: list[tuple[int, str]] = []
        names = {placeholder: name for name, placeholder in _PLACEHOLDERS.items()}
        for position, (column, value) in enumerate(row.items()):
            text = f"{value}"
            if column == "started_in_production" and value:
                self._copied.append((position, "started_in_production"))
            elif text in names:
                self._copied.append((position, names[text]))
            elif isinstance(value, str) and (format_ := _to_format(text)) != text:
                self._formats.append((position, format_))

    def fill(self, facts: Facts) -> tuple[Any, ...]:
        """Return the values of one copy, in the order of the columns of `insert`."""
        values = self._values.copy()
        for position, name in self._copied:
            values[position] = facts[name]
        for position, format_ in self._formats:
            values[position] = format_ % facts
        return tuple(values)


@dataclass(frozen=True, slots=True)
class EventTemplate:
    """The template of an event: its row, and the text that is hashed."""

    row: RowTemplate
    hashed: str


_SHARED_CONSENT: Final = (
    "artifact_digest",
    "risk",
    "rollback_plan",
    "work_references",
    "policy_version",
    "target_version",
    "target_digest",
)
"""The part of what reviewers approve that is the same in every copy."""


@dataclass(frozen=True, slots=True)
class DeploymentTemplate:
    """The template of a deployment, its events, and its claim if it has one."""

    deployment: Deployment
    row: RowTemplate
    events: tuple[EventTemplate, ...]
    claim: RowTemplate | None

    def consent_digest(self, facts: Facts) -> str:
        """Return the digest of what the reviewer of a copy approves."""
        copied = {name: facts[name] for name in ("service", "environment", "version")}
        others = {name: getattr(self.deployment, name) for name in _SHARED_CONSENT}
        copy: Any = SimpleNamespace(**copied, **others)
        return consent_digest(copy)


def load_templates(connection: Connection) -> tuple[DeploymentTemplate, ...]:
    """Return a template of each deployment, ordered by number."""
    table = DeploymentRow.table()
    rows = connection.execute(select(table).order_by(table.c.number)).all()
    return tuple(_load(connection, deployment_from_row(row)) for row in rows)


def _load(connection: Connection, deployment: Deployment) -> DeploymentTemplate:
    events, claims, id_ = EventRow.table(), ClaimRow.table(), f"{deployment.id}"
    entries = connection.execute(
        select(events).where(events.c.deployment_id == id_).order_by(events.c.seq)
    )
    claim = connection.execute(select(claims).where(claims.c.deployment_id == id_)).first()
    copy = _with_placeholders(deployment)
    return DeploymentTemplate(
        deployment=copy,
        row=RowTemplate(DeploymentRow.table(), deployment_to_row(copy)),
        events=tuple(
            _event_template(_event_with_placeholders(entry_from_row(entry).event, deployment))
            for entry in entries
        ),
        claim=None
        if claim is None
        else RowTemplate(claims, claim_to_row(_claim_with_placeholders(claim_from_row(claim)))),
    )


def load_version_template(connection: Connection) -> tuple[RowTemplate, EventTemplate]:
    """Return the templates of a registered version and of its event."""
    versions, events = VersionRow.table(), EventRow.table()
    row = dict(connection.execute(select(versions).limit(1)).mappings().one())
    del row["id"]  # the database assigns the numbers of versions
    row |= {"service": _TEXTS["service"], "version": _TEXTS["version"]}
    row["created_at"] = _PLACEHOLDERS["at_0"]
    registered = events.c.kind == EventKind.VERSION_REGISTERED
    event = entry_from_row(
        connection.execute(select(events).where(registered).limit(1)).one()
    ).event
    data = {name: _TEXTS.get(name, value) for name, value in _without_state(event).items()}
    return RowTemplate(versions, row), _event_template(replace(event, at=_BEGIN, data=data))


def _with_placeholders(deployment: Deployment) -> Deployment:
    texts: dict[str, Any] = {name: text for name, text in _TEXTS.items() if name != "digest"}
    instants: dict[str, Any] = {
        name: _BEGIN + (value - deployment.created_at)
        for name in Deployment.__slots__
        if isinstance(value := getattr(deployment, name), datetime)
    }
    return replace(
        deployment,
        id=_IDS["id"],
        number=_NUMBERS["number"],
        build_id=None if deployment.build_id is None else _IDS["build_id"],
        identities=(Identity(humans=(_TEXTS["requester"],)),),
        approvals=tuple(
            replace(
                approval,
                at=_BEGIN + (approval.at - deployment.created_at),
                digest=_TEXTS["digest"],
            )
            for approval in deployment.approvals
        ),
        **texts,
        **instants,
    )


def _without_state(event: Event) -> dict[str, object]:
    """Return an event's data without the state of rows, which the copies do not have."""
    return {name: value for name, value in event.data.items() if name != "state"}


def _event_with_placeholders(event: Event, deployment: Deployment) -> Event:
    values = {
        **_TEXTS,
        "number": _NUMBERS["number"],
        "build_id": f"{_IDS['build_id']}",
        "claim": f"{_IDS['claim_id']}",
        "identities": [{"humans": [_TEXTS["requester"]], "provenance": {}}],
    }
    return replace(
        event,
        deployment_id=_IDS["id"],
        actor=_TEXTS["requester"] if event.actor == deployment.requester else event.actor,
        at=_BEGIN + (event.at - deployment.created_at),
        data={name: values.get(name, value) for name, value in _without_state(event).items()},
    )


def _claim_with_placeholders(claim: Claim) -> Claim:
    shift = _BEGIN + timedelta(minutes=3) - claim.claimed_at
    return replace(
        claim,
        id=_IDS["claim_id"],
        fencing_token=_NUMBERS["fencing_token"],
        deployment_id=_IDS["id"],
        number=_NUMBERS["number"],
        claimed_at=claim.claimed_at + shift,
        leased_until=claim.leased_until + shift,
        deadline_at=claim.deadline_at + shift,
    )


def _event_template(event: Event) -> EventTemplate:
    previous = None if event.deployment_id is None else _HASHES["deployment_prev_hash"]
    seq, prev_hash = _NUMBERS["seq"], _HASHES["prev_hash"]
    expected = entry_hash(seq, event, prev_hash=prev_hash, deployment_prev_hash=previous)
    entry = LedgerEntry(
        seq=seq,
        event=event,
        prev_hash=prev_hash,
        deployment_prev_hash=previous,
        hash=_HASHES["hash"],
    )
    row = entry_to_row(entry)
    fields = {name: value for name, value in row.items() if name != "hash"}
    hashed = canonical_json({**fields, "data": json.loads(f"{row['data']}")}).decode()
    if hashlib.sha256(hashed.encode()).hexdigest() != expected:
        raise RuntimeError("Events are not hashed in the way that this module assumes.")
    return EventTemplate(row=RowTemplate(EventRow.table(), row), hashed=_to_format(hashed))
