"""The filters of the list of deployments."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar.params import ParameterKwarg, QueryParameter

from gatepost_api.http.json_body import to_utc
from gatepost_api.http.problems import BadInput
from gatepost_api.schemas.base import Instant
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.status import Status


class Order(StrEnum):
    """Which end of a list comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"


def instant_parameter(description: str) -> ParameterKwarg:
    """A time; `instant` below reads it, since the framework would take `0.5` or `null` for one."""
    return QueryParameter(schema_extra={"format": "date-time"}, description=description)


Services = Annotated[list[str] | None, QueryParameter(description="Of any of these services.")]
Environments = Annotated[
    list[str] | None, QueryParameter(description="In any of these environments.")
]
Tiers = Annotated[list[Tier] | None, QueryParameter(description="In any of these tiers.")]
Statuses = Annotated[list[Status] | None, QueryParameter(description="In any of these statuses.")]
Kinds = Annotated[list[DeploymentKind] | None, QueryParameter(description="Of any of these kinds.")]
Requesters = Annotated[
    list[str] | None, QueryParameter(description="Asked for by any of these people.")
]
Versions = Annotated[list[str] | None, QueryParameter(description="Of any of these versions.")]
Since = Annotated[str | None, instant_parameter("Created at this instant or later.")]
Until = Annotated[str | None, instant_parameter("Created before this instant.")]
DeployedSince = Annotated[
    str | None, instant_parameter("Stood in its environment from this instant or later.")
]
DeployedUntil = Annotated[
    str | None, instant_parameter("Stood in its environment from before this instant.")
]
HappenedSince = Annotated[
    str | None,
    instant_parameter("Deployed at this instant or later; where it was not deployed, asked for."),
]
HappenedUntil = Annotated[
    str | None,
    instant_parameter("Deployed before this instant; where it was not deployed, asked for."),
]
OrderParameter = Annotated[Order, QueryParameter(description="Which end of the list comes first.")]


def parse_instant(text: str | None, name: str) -> datetime | None:
    """Read a time given as a query parameter.

    Raises:
        BadInput: it is no RFC 3339 time with a zone.
    """
    if text is None:
        return None
    try:
        read: datetime = msgspec.convert(text, Instant)
    except msgspec.ValidationError as error:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            f"query/{name}",
            "Give an RFC 3339 time with a zone, like 2026-11-21T09:30:00Z.",
        ) from error
    return to_utc(read, f"query/{name}")
