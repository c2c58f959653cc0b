"""The peer's requests and responses, with the same limits as the product's."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=63)]
Line = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=1, max_length=200)
]
Text = Annotated[
    str,
    StringConstraints(
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", min_length=1, max_length=10_000
    ),
]


class RequestModel(BaseModel):
    """A request body, in which unknown fields are not allowed."""

    model_config = ConfigDict(extra="forbid")


class DeploymentCreate(RequestModel):
    """The deployment to request."""

    service: Name
    environment: Name
    version: Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=200)]
    work_references: Annotated[list[Line], Field(min_length=1, max_length=20)]
    rollback_plan: Text
    risk: Text | None = None
    notes: Text | None = None


class ApproveBody(RequestModel):
    """A note on the approval."""

    note: Text | None = None


class ResponseModel(BaseModel):
    """A response that is created from a row."""

    model_config = ConfigDict(from_attributes=True)


class DeploymentOut(ResponseModel):
    """A deployment."""

    id: uuid.UUID
    number: int
    service: str
    environment: str
    tier: str
    version: str
    requester: str
    work_references: list[str]
    risk: str | None
    rollback_plan: str
    notes: str | None
    status: str
    reviewed_by: str | None
    reviewed_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    revision: int


class DeploymentPage(BaseModel):
    """A page of deployments."""

    items: list[DeploymentOut]
    next_cursor: str | None


class Cell(ResponseModel):
    """The live deployment in one lane."""

    service: str
    environment: str
    tier: str
    version: str
    number: int
    deployed_at: datetime


class CurrentState(BaseModel):
    """The live deployment in each lane."""

    cells: list[Cell]
