"""Query parameters that filter lists of deployments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from litestar.params import ParameterKwarg, QueryParameter

from gatepost_api.http.constrained_parameters import CheckedParameter, InvalidValue
from gatepost_api.http.input_faults import InputFault, InvalidInput
from gatepost_api.http.instants import InvalidInstant, read_instant
from gatepost_domain.access.handles import fold_handle
from gatepost_domain.catalog.service import NAME_PATTERN
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.review import APPROVED_BY, FIXED_REVIEW_LABELS
from gatepost_domain.deployments.search_terms import MAX_WORDS, split_words
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.status_transitions import Status

_STAGE_LABEL: Final = re.compile(APPROVED_BY + NAME_PATTERN.removeprefix("^").removesuffix("$"))
_COMMIT: Final = re.compile(r"[0-9A-Fa-f]{7,64}")
_LABEL_PATTERN: Final = f"^({'|'.join((*FIXED_REVIEW_LABELS, _STAGE_LABEL.pattern))})$"
"""The pattern documented for review labels; the server also accepts uppercase letters."""


class Order(StrEnum):
    """The sort order of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"


def instant_parameter(description: str) -> ParameterKwarg:
    """Return a timestamp parameter, to be read by `parse_instant`.

    It is declared as a string because the framework would accept `0.5` or `null` as a time.
    """
    return QueryParameter(schema_extra={"format": "date-time"}, description=description)


def _parse_review_label(text: str) -> str:
    label = text.lower()
    if label not in FIXED_REVIEW_LABELS and not _STAGE_LABEL.fullmatch(label):
        raise InvalidValue(
            f"has the value {text[:80]!r}, which is not a review label; accepted are "
            f"{', '.join(FIXED_REVIEW_LABELS)} and {APPROVED_BY}<stage> with the name of an "
            f"approval stage, such as {APPROVED_BY}qa"
        )
    return label


def _parse_commit(text: str) -> str:
    if not _COMMIT.fullmatch(text):
        raise InvalidValue(
            "must be a commit hash, or at least the first 7 hexadecimal digits of one"
        )
    return text.lower()


def _parse_words(text: str) -> tuple[str, ...]:
    words = split_words(text)
    if not words:
        raise InvalidValue(
            "must contain a letter, a digit or another word character",
            code="search_without_words",
        )
    if len(words) > MAX_WORDS:
        raise InvalidValue(
            f"must have at most {MAX_WORDS} words, not {len(words)}", code="search_too_long"
        )
    return words


Services = Annotated[list[str] | None, QueryParameter(description="Filter by service.")]
Environments = Annotated[list[str] | None, QueryParameter(description="Filter by environment.")]
Tiers = Annotated[list[Tier] | None, QueryParameter(description="Filter by tier.")]
Statuses = Annotated[list[Status] | None, QueryParameter(description="Filter by status.")]
ReviewLabels = Annotated[
    list[str] | None,
    CheckedParameter(
        check=_parse_review_label,
        description="Filter by the label of the review: `requested`, `approved_by_<stage>` for the "
        "stage satisfied most recently, such as `approved_by_qa`, `approved_by_policy`, "
        "`break_glass`, `executed` or `rejected`.",
        schema_extra={"items": {"type": "string", "pattern": _LABEL_PATTERN}},
    ),
]
Kinds = Annotated[list[DeploymentKind] | None, QueryParameter(description="Filter by kind.")]
Requesters = Annotated[
    list[str] | None,
    QueryParameter(
        description="Filter by requester. The name of a user also matches requests made under a "
        "former name."
    ),
]
Versions = Annotated[list[str] | None, QueryParameter(description="Filter by version.")]
WorkReferences = Annotated[
    list[str] | None,
    QueryParameter(
        description="Filter by a whole work reference, such as `SHOP-812`, ignoring case. If a "
        "reference is longer than 200 characters, only the first 200 are compared."
    ),
]
Commits = Annotated[
    list[str] | None,
    CheckedParameter(
        check=_parse_commit,
        description="Filter by the commit of the version: the whole commit hash, or at least its "
        "first 7 hexadecimal digits.",
        schema_extra={"items": {"type": "string", "pattern": f"^{_COMMIT.pattern}$"}},
    ),
]
Reviewers = Annotated[
    list[str] | None,
    QueryParameter(
        description="Filter by a reviewer whose approval counts or who rejected the deployment. "
        "The name of a user also matches reviews under a former name."
    ),
]
ExternalIds = Annotated[
    list[str] | None, QueryParameter(description="Filter by the `external_id` of a record.")
]
SearchText = Annotated[
    str | None,
    CheckedParameter(
        check=_parse_words,
        max_length=200,
        description=f"Search for up to {MAX_WORDS} words, all of which must match, ignoring case. "
        "A word can match the number (`DEP-42` or `42`), part of the service's name, the start of "
        "the version, the requester, or a whole word in the work references or in the first 2,000 "
        "characters of the notes.",
    ),
]
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


def parse_review_labels(texts: Iterable[str] | None) -> tuple[str, ...]:
    """Return the review labels in the checked values of a query parameter."""
    return tuple(map(_parse_review_label, texts or ()))


def parse_commits(texts: Iterable[str] | None) -> tuple[str, ...]:
    """Return the commit prefixes in the checked values of a query parameter."""
    return tuple(map(_parse_commit, texts or ()))


def parse_words(text: str | None) -> tuple[str, ...]:
    """Return the words in the checked text of a search."""
    return () if text is None else _parse_words(text)


def parse_instant(text: str | None, name: str) -> datetime | None:
    """Read a time from a query parameter. A date means the beginning of that day in UTC.

    Raises:
        InvalidInput: the value is neither a time with a time zone nor a date.
    """
    if text is None:
        return None
    try:
        return read_instant(text)
    except InvalidInstant as error:
        fault = InputFault(pointer=f"query/{name}", name=f"`{name}`", predicate=str(error))
        raise InvalidInput([fault]) from error


async def find_all_names_of_users(reads: ReadModel, names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names to filter by, including former and later names of the same users."""
    wanted = set(names or ())
    if not wanted:
        return ()
    wanted |= set(map(fold_handle, wanted))
    for pair in (await reads.former_name_by_user()).items():
        if not wanted.isdisjoint(pair):
            wanted.update(pair)
    return tuple(sorted(wanted))
