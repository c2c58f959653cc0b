"""Request bodies about records."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, Text, VersionName
from gatepost_domain.actions.tracking.record import ExternalDeployment

ExternalId = Annotated[
    Line,
    msgspec.Meta(
        description="What it is known by where it comes from; the same one twice is one record.",
        examples=["jenkins/shop/1042"],
    ),
]


class RecordCreate(RequestModel):
    """What was deployed elsewhere. None of it can be changed later."""

    example = {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "deployed_at": "2026-11-20T09:30:00Z",
        "deployed_by": "ada",
        "notes": "Hotfix for the login.",
    }

    service: Name
    environment: Name
    version: VersionName
    """A registered version of that service."""
    deployed_at: Instant | None = None
    """When it happened, not in the future; now where it is absent."""
    deployed_by: Line | None = None
    """Who carried it out; the caller where it is absent."""
    notes: Text | None = None
    external_id: ExternalId | None = None

    def to_domain(self) -> ExternalDeployment:
        """As the domain has it.

        Raises:
            BadInput: in UTC, the time is out of the calendar.
        """
        at = self.deployed_at
        return ExternalDeployment(
            service=self.service,
            environment=self.environment,
            version=self.version,
            deployed_at=None if at is None else to_utc(at, "#/deployed_at"),
            deployed_by=self.deployed_by,
            notes=self.notes,
            external_id=self.external_id,
        )
