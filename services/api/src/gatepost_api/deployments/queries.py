"""Query parameters that filter lists of deployments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from litestar.params import ParameterKwarg, QueryParameter

from gatepost_api.http.json_body import to_utc
from gatepost_api.http.problems import BadInput
from gatepost_api.schemas.base import Instant
from gatepost_domain.access.handles import fold_handle
from gatepost_domain.catalog.service import NAME_PATTERN
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.review import APPROVED_BY, FIXED_REVIEW_LABELS
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.status import Status

_STAGE_LABEL: Final = re.compile(APPROVED_BY + NAME_PATTERN.removeprefix("^").removesuffix("$"))
_LABEL_PATTERN: Final = f"^({'|'.join((*FIXED_REVIEW_LABELS, _STAGE_LABEL.pattern))})$"
"""Documents the labels; the server accepts upper case too."""


class Order(StrEnum):
    """The sort order of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"


def instant_parameter(description: str) -> ParameterKwarg:
    """Return a timestamp parameter, to be read by `parse_instant`.

    It is declared as a string because the framework would accept `0.5` or `null` as a time.
    """
    return QueryParameter(schema_extra={"format": "date-time"}, description=description)


Services = Annotated[list[str] | None, QueryParameter(description="Filter by service.")]
Environments = Annotated[list[str] | None, QueryParameter(description="Filter by environment.")]
Tiers = Annotated[list[Tier] | None, QueryParameter(description="Filter by tier.")]
Statuses = Annotated[list[Status] | None, QueryParameter(description="Filter by status.")]
ReviewLabels = Annotated[
    list[str] | None,
    QueryParameter(
        description="Filter by the label of the review: `requested`, `approved_by_<stage>` for the "
        "last satisfied stage, such as `approved_by_qa`, `approved_by_policy`, `break_glass`, "
        "`executed` or `rejected`.",
        schema_extra={"items": {"type": "string", "pattern": _LABEL_PATTERN}},
    ),
]
Kinds = Annotated[list[DeploymentKind] | None, QueryParameter(description="Filter by kind.")]
Requesters = Annotated[
    list[str] | None,
    QueryParameter(
        description="Filter by requester. The name of a user also finds what they requested under "
        "a former name."
    ),
]
Versions = Annotated[list[str] | None, QueryParameter(description="Filter by version.")]
Since = Annotated[str | None, instant_parameter("Created at or after this time.")]
Until = Annotated[str | None, instant_parameter("Created before this time.")]
DeployedSince = Annotated[str | None, instant_parameter("Deployed at or after this time.")]
DeployedUntil = Annotated[str | None, instant_parameter("Deployed before this time.")]
HappenedSince = Annotated[
    str | None,
    instant_parameter("Deployed or, if not deployed, requested at or after this time."),
]
HappenedUntil = Annotated[
    str | None,
    instant_parameter("Deployed or, if not deployed, requested before this time."),
]
OrderParameter = Annotated[Order, QueryParameter(description="The sort order.")]


def parse_review_labels(texts: list[str] | None) -> tuple[str, ...]:
    """Read review labels from a query parameter. Upper and lower case mean the same.

    Raises:
        BadInput: a value is not the label of any review.
    """
    labels = tuple(text.lower() for text in texts or ())
    for text, label in zip(texts or (), labels, strict=True):
        if label not in FIXED_REVIEW_LABELS and not _STAGE_LABEL.fullmatch(label):
            raise BadInput(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "invalid",
                "query/review",
                f"{text[:80]!r} is not a review label. Accepted are "
                f"{', '.join(FIXED_REVIEW_LABELS)} and {APPROVED_BY}<stage> with the name of an "
                f"approval stage, such as {APPROVED_BY}qa.",
            )
    return labels


def parse_instant(text: str | None, name: str) -> datetime | None:
    """Read a timestamp from a query parameter.

    Raises:
        BadInput: the value is not an RFC 3339 timestamp with a time zone.
    """
    if text is None:
        return None
    try:
        parsed: datetime = msgspec.convert(text, Instant)
    except msgspec.ValidationError as error:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            f"query/{name}",
            "Not an RFC 3339 timestamp with a time zone, such as 2026-11-21T09:30:00Z.",
        ) from error
    return to_utc(parsed, f"query/{name}")


async def names_of_requesters(reads: ReadModel, names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names to filter by, with the former and the later names of the same users."""
    wanted = set(names or ())
    if not wanted:
        return ()
    wanted |= set(map(fold_handle, wanted))
    for pair in (await reads.former_name_by_user()).items():
        if not wanted.isdisjoint(pair):
            wanted.update(pair)
    return tuple(sorted(wanted))
