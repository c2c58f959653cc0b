"""Problems of records and of imported files. Their pointers name the row."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="deployed_at_in_future",
        statuses=(422,),
        title="Deployed in the future",
        meaning="A record describes a deployment that has already happened.",
        remedy="Correct `deployed_at`.",
    ),
    ProblemKind(
        code="deployed_at_required",
        statuses=(422,),
        title="Time missing",
        meaning="A row does not say when it was deployed.",
        remedy="Give `deployed_at`.",
    ),
    ProblemKind(
        code="malformed_csv",
        statuses=(422,),
        title="Malformed CSV",
        meaning="The file is not valid CSV (RFC 4180).",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="malformed_json",
        statuses=(422,),
        title="Malformed NDJSON",
        meaning="A line of the file is not a JSON object.",
        remedy="Correct the line that `detail` names.",
    ),
    ProblemKind(
        code="wrong_columns",
        statuses=(422,),
        title="Wrong number of columns",
        meaning="A row has more or fewer columns than the header.",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="missing_column",
        statuses=(422,),
        title="Missing column",
        meaning="The header lacks a required column.",
        remedy="Add the column.",
    ),
    ProblemKind(
        code="unknown_column",
        statuses=(422,),
        title="Unknown column",
        meaning="The file has a column that an import does not know.",
        remedy="Remove or rename it.",
    ),
    ProblemKind(
        code="duplicate_column",
        statuses=(422,),
        title="Duplicate column",
        meaning="A column appears twice.",
        remedy="Remove one.",
    ),
    ProblemKind(
        code="wrong_type",
        statuses=(422,),
        title="Wrong type",
        meaning="A member of a row is not of the expected JSON type.",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="bad_version",
        statuses=(422,),
        title="Invalid version",
        meaning="The version of a row has characters that no version may have, or is too long.",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="bad_time",
        statuses=(422,),
        title="Invalid time",
        meaning="The time of a row is not an RFC 3339 time with its offset.",
        remedy="Use a form such as `2026-11-21T12:00:00Z`.",
    ),
    ProblemKind(
        code="bad_text",
        statuses=(422,),
        title="Invalid text",
        meaning="A text of a row has characters that are not allowed, or is too long.",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="tier_required",
        statuses=(422,),
        title="Tier missing",
        meaning="The import would create an environment whose tier is not known from its name.",
        remedy="Add `tier.NAME` to the query.",
    ),
    ProblemKind(
        code="tier_unused",
        statuses=(422,),
        title="Tier not used",
        meaning="A tier is given for an environment that the import does not create.",
        remedy="Remove the parameter, or add `create_missing=true`.",
    ),
    ProblemKind(
        code="tier_differs",
        statuses=(422,),
        title="Tier differs",
        meaning="The environment exists in another tier.",
        remedy="Remove the parameter.",
    ),
)
"""One entry for each code."""
