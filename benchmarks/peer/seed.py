"""Creation of the peer's database, with the same users, services and number of deployments."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.peer.models import (
    Base,
    Deployment,
    DeploymentEvent,
    Environment,
    Service,
    Status,
    Token,
    User,
    Version,
    open_engine,
)
from benchmarks.support.catalog import (
    ENVIRONMENTS,
    FIRST_VERSION,
    LANES,
    REQUESTERS,
    REVIEWER,
    SERVICES,
    Dataset,
)
from benchmarks.support.history import INTERVAL
from gatepost_api.auth.token_secrets import secret_digest

_STEPS: Final = (
    ("requested", None, Status.PENDING_APPROVAL),
    ("approved", Status.PENDING_APPROVAL, Status.APPROVED),
    ("queued", Status.APPROVED, Status.APPROVED),
    ("started", Status.APPROVED, Status.STARTED),
    ("succeeded", Status.STARTED, Status.SUCCEEDED),
)
_BATCH: Final = 10_000


def create_database(file: Path, dataset: Dataset, count: int) -> None:
    """Create the peer's database with `count` successful deployments of five events each."""
    engine = open_engine(file)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        _add_catalog(session, dataset)
        for model, rows in (
            (Deployment, _deployments(count, dataset.begin)),
            (DeploymentEvent, _events(count, dataset.begin)),
        ):
            while batch := list(islice(rows, _BATCH)):
                session.execute(insert(model), batch)
        session.commit()
    engine.dispose()


def _add_catalog(session: Session, dataset: Dataset) -> None:
    users = {name: User(name=name, roles=["requester"]) for name in REQUESTERS}
    reviewer = User(name=REVIEWER, roles=["reviewer"])
    session.add_all([*users.values(), reviewer])
    tokens = {**dict(zip(REQUESTERS, dataset.requesters, strict=True)), REVIEWER: dataset.reviewer}
    for name, secret in tokens.items():
        session.add(Token(digest=secret_digest(secret), user=users.get(name, reviewer)))
    session.add_all(Environment(name=name, tier=tier) for name, tier in ENVIRONMENTS.items())
    session.add_all(Service(name=name) for name in SERVICES)
    session.flush()
    session.add_all(Version(service=name, version=FIRST_VERSION) for name in SERVICES)
    session.flush()


def _deployments(count: int, begin: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        service, environment = LANES[number % len(LANES)]
        at = begin + INTERVAL * number
        yield {
            "number": number,
            "id": uuid.UUID(int=number),
            "service": service,
            "environment": environment,
            "tier": ENVIRONMENTS[environment],
            "version": FIRST_VERSION,
            "requester": REQUESTERS[number % len(REQUESTERS)],
            "work_references": ["SHOP-812"],
            "risk": "Checkout may be slow for a minute.",
            "rollback_plan": "Redeploy the previous version.",
            "status": Status.SUCCEEDED,
            "reviewed_by": REVIEWER,
            "reviewed_at": at,
            "created_at": at,
            "started_at": at,
            "finished_at": at,
            "revision": len(_STEPS),
        }


def _events(count: int, begin: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        for kind, before, after in _STEPS:
            yield {
                "deployment_number": number,
                "kind": kind,
                "actor": REVIEWER,
                "at": begin + INTERVAL * number,
                "from_status": before,
                "to_status": after,
            }
