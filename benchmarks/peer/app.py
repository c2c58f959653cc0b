"""The peer: the product's main endpoints, written by hand as most teams would write them.

It uses FastAPI, pydantic, SQLAlchemy's synchronous ORM, and `transitions` for the lifecycle. It has
the same bearer tokens, the same request validation, and an event for each action, but not the
product's hash chain, policies, idempotency keys or error documentation.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from transitions import MachineError

from benchmarks.peer.lifecycle import apply
from benchmarks.peer.models import (
    Deployment,
    DeploymentEvent,
    Environment,
    Service,
    Status,
    Token,
    User,
    Version,
    open_engine,
    utc_now,
)
from benchmarks.peer.schemas import (
    ApproveBody,
    Cell,
    CurrentState,
    DeploymentCreate,
    DeploymentOut,
    DeploymentPage,
)
from benchmarks.support.uvicorn_process import run

app = FastAPI(openapi_url=None)


def open_session(request: Request) -> Iterator[Session]:
    """Open a session for one request."""
    with request.app.state.sessions() as session:
        yield session


SessionOfRequest = Annotated[Session, Depends(open_session)]


def authenticate(
    session: SessionOfRequest, authorization: Annotated[str | None, Header()] = None
) -> User:
    """Return the user to whom the request's token belongs."""
    scheme, _, secret = (authorization or "").partition(" ")
    digest = hashlib.sha256(secret.encode()).hexdigest()
    token = session.scalar(select(Token).where(Token.digest == digest))
    if scheme.lower() != "bearer" or token is None:
        raise HTTPException(401, "A valid token is required.")
    return token.user


Caller = Annotated[User, Depends(authenticate)]


@app.post("/api/v1/deployments", status_code=201)
def create_deployment(
    body: DeploymentCreate, session: SessionOfRequest, caller: Caller
) -> DeploymentOut:
    """Request a deployment."""
    _require_role(caller, "requester")
    environment = session.get(Environment, body.environment)
    if session.get(Service, body.service) is None or environment is None:
        raise HTTPException(422, "The service or environment is unknown.")
    of_service = select(Version).where(Version.service == body.service)
    if session.scalar(of_service.where(Version.version == body.version)) is None:
        raise HTTPException(422, "The version does not belong to the service.")
    if environment.tier == "production" and not body.risk:
        raise HTTPException(422, "A deployment to production needs a risk.")
    deployment = Deployment(**body.model_dump(), tier=environment.tier, requester=caller.name)
    session.add(deployment)
    session.flush()
    _add_event(session, deployment, "requested", caller, from_status=None, note=None)
    session.commit()
    return DeploymentOut.model_validate(deployment)


@app.get("/api/v1/deployments/{number}")
def get_deployment(number: str, session: SessionOfRequest, caller: Caller) -> DeploymentOut:  # noqa: ARG001
    """Return one deployment."""
    return DeploymentOut.model_validate(_load(session, number))


@app.post("/api/v1/deployments/{number}/approve")
def approve_deployment(
    number: str, body: ApproveBody, session: SessionOfRequest, caller: Caller
) -> DeploymentOut:
    """Approve a deployment that another user requested."""
    _require_role(caller, "reviewer")
    deployment = _load(session, number)
    if deployment.requester == caller.name:
        raise HTTPException(403, "The requester cannot review the deployment.")
    before = deployment.status
    try:
        apply(deployment, "approve")
    except MachineError as error:
        raise HTTPException(409, str(error)) from error
    deployment.reviewed_by, deployment.reviewed_at = caller.name, utc_now()
    _add_event(session, deployment, "approved", caller, from_status=before, note=body.note)
    session.commit()
    return DeploymentOut.model_validate(deployment)


@app.get("/api/v1/deployments")
def list_deployments(
    session: SessionOfRequest,
    caller: Caller,  # noqa: ARG001
    environment: Annotated[list[str] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: int | None = None,
) -> DeploymentPage:
    """Return deployments, newest first."""
    query = select(Deployment).order_by(Deployment.number.desc()).limit(limit)
    if environment:
        query = query.where(Deployment.environment.in_(environment))
    if cursor is not None:
        query = query.where(Deployment.number < cursor)
    items = [DeploymentOut.model_validate(row) for row in session.scalars(query)]
    return DeploymentPage(items=items, next_cursor=str(items[-1].number) if items else None)


@app.get("/api/v1/environments/{environment}/deployments/current")
def get_current_state(environment: str, session: SessionOfRequest, caller: Caller) -> CurrentState:  # noqa: ARG001
    """Return the last successful deployment of each service in an environment."""
    last = (
        select(func.max(Deployment.number))
        .where(Deployment.environment == environment, Deployment.status == Status.SUCCEEDED)
        .group_by(Deployment.service)
    )
    rows = session.scalars(select(Deployment).where(Deployment.number.in_(last)))
    cells = [
        Cell(
            service=row.service,
            environment=row.environment,
            tier=row.tier,
            version=row.version,
            number=row.number,
            deployed_at=row.finished_at or row.created_at,
        )
        for row in rows
    ]
    return CurrentState(cells=cells)


def _require_role(caller: User, role: str) -> None:
    if role not in caller.roles:
        raise HTTPException(403, f"The role {role} is required.")


def _load(session: Session, number: str) -> Deployment:
    digits = number.removeprefix("DEP-")
    deployment = session.get(Deployment, int(digits)) if digits.isdecimal() else None
    if deployment is None:
        raise HTTPException(404, "There is no such deployment.")
    return deployment


def _add_event(
    session: Session,
    deployment: Deployment,
    kind: str,
    caller: User,
    *,
    from_status: str | None,
    note: str | None,
) -> None:
    event = DeploymentEvent(
        deployment_number=deployment.number,
        kind=kind,
        actor=caller.name,
        from_status=from_status,
        to_status=deployment.status,
        note=note,
    )
    session.add(event)


if __name__ == "__main__":
    app.state.sessions = sessionmaker(open_engine(Path(sys.argv[1])), expire_on_commit=False)
    run(app)
