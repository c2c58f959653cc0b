"""Request bodies for incidents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.http.problems import BadInput
from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, Text
from gatepost_domain.deployments.deployment import DeploymentReference, parse_reference
from gatepost_domain.incidents.incident import IncidentReport

Reference = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=40,
        description="A deployment's id, or its number with or without `DEP-`.",
        examples=["DEP-42"],
    ),
]
WebAddress = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^https?://[!-~]+\Z",
        max_length=2000,
        description="The absolute `https` or `http` URL of a page.",
        examples=["https://incidents.example.com/1042"],
    ),
]


class IncidentCreate(RequestModel):
    """An incident to report."""

    example = {
        "service": "shop",
        "environment": "production",
        "title": "Payments time out",
        "external_id": "PD-1042",
        "started_at": "2026-11-20T09:30:00Z",
        "caused_by": "DEP-42",
    }

    service: Name
    """The service that did not work."""
    environment: Name
    """The environment in which the service did not work."""
    title: Line
    """What happened, in a few words."""
    external_id: Line | None = None
    """The id of the incident in another system. A second incident with the same id is not
    created."""
    url: WebAddress | None = None
    """The URL of the incident's page in another system."""
    started_at: Instant | None = None
    """When the service stopped working. Must not be in the future. Defaults to now."""
    detected_at: Instant | None = None
    """When a person or a monitoring system noticed the incident."""
    resolved_at: Instant | None = None
    """When the service worked again. Null if it is still not working."""
    caused_by: Reference | None = None
    """The deployment that caused the incident. Null if the cause is unknown or is not a
    deployment."""
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""

    def to_domain(self) -> IncidentReport:
        """Return the domain report of the incident.

        Raises:
            BadInput: a time is outside the years 1 to 9999 in UTC, or `caused_by` is invalid.
        """
        started, detected, resolved = (
            None if at is None else to_utc(at, f"#/{name}")
            for name, at in (
                ("started_at", self.started_at),
                ("detected_at", self.detected_at),
                ("resolved_at", self.resolved_at),
            )
        )
        return IncidentReport(
            service=self.service,
            environment=self.environment,
            title=self.title,
            external_id=self.external_id,
            url=self.url,
            started_at=started,
            detected_at=detected,
            resolved_at=resolved,
            caused_by=to_reference(self.caused_by, "#/caused_by"),
        )


class ResolveBody(RequestModel):
    """When an incident was resolved."""

    example = {"resolved_at": "2026-11-20T10:15:00Z", "note": "Rolled back."}

    resolved_at: Instant | None = None
    """When the service worked again. Must not be in the future. Defaults to now."""
    note: Text | None = None
    """Free text, recorded with the resolution."""
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""


class LinkBody(RequestModel):
    """The deployment that caused an incident."""

    example = {"deployment": "DEP-42"}

    deployment: Reference | None
    """The deployment that caused the incident. Null to state that no deployment caused it."""
    note: Text | None = None
    """How the cause was determined. Recorded with the change."""
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""


def to_reference(text: str | None, pointer: str) -> DeploymentReference | None:
    """Return the deployment that a text refers to.

    Raises:
        BadInput: the text is neither an id nor a number.
    """
    if text is None:
        return None
    reference = parse_reference(text)
    if reference is None:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unknown_deployment",
            pointer,
            f"There is no deployment {text}; give its id, or its number as in DEP-42.",
        )
    return reference
