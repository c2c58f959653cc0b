"""Request bodies for recording deployments that were made elsewhere."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, Text, VersionName
from gatepost_domain.actions.tracking.record import ExternalDeployment

ExternalId = Annotated[
    Line,
    msgspec.Meta(
        description="The id of the deployment in the external system. It identifies one record "
        "within the service and environment.",
        examples=["jenkins/shop/1042"],
    ),
]


class RecordCreate(RequestModel):
    """An external deployment to record. It cannot be changed later."""

    example = {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "deployed_at": "2025-11-20T09:30:00Z",
        "deployed_by": "ada",
        "notes": "Hotfix for the login page.",
    }

    service: Name
    environment: Name
    version: VersionName
    """A registered version of the service."""
    deployed_at: Instant | None = None
    """When the version was deployed. Must not be in the future. Defaults to now."""
    deployed_by: Line | None = None
    """Who carried out the deployment. Defaults to the caller."""
    notes: Text | None = None
    """Free text about the deployment."""
    external_id: ExternalId | None = None
    """The id of the record in another system. Within a service and environment, only one record has
    this id."""

    def to_domain(self) -> ExternalDeployment:
        """Convert this body to the domain's external deployment.

        Raises:
            BadInput: `deployed_at` is outside the years 1 to 9999 in UTC.
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
