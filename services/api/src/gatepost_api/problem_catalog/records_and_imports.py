"""Problems with records and imported files. The pointers in `errors` name the row of the file."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="deployed_at_in_future",
        statuses=(422,),
        title="Deployed in the future",
        meaning="A record must describe a deployment that has already taken place.",
        remedy="Correct `deployed_at`.",
    ),
    ProblemKind(
        code="deployed_at_required",
        statuses=(422,),
        title="Time missing",
        meaning="A row does not state when the version was deployed.",
        remedy="Provide `deployed_at`.",
    ),
    ProblemKind(
        code="malformed_csv",
        statuses=(422,),
        title="Malformed CSV",
        meaning="The file's quotation marks do not follow the rules of CSV (RFC 4180).",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="malformed_json",
        statuses=(422,),
        title="Malformed JSON",
        meaning="A line of the file, or an element of its array, is not a JSON object.",
        remedy="Correct the row that `detail` names.",
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
        meaning="The file has a column that imports do not support.",
        remedy="Remove or rename the column, or ignore unknown columns with `ignore_unknown=true`.",
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
        meaning="A member of a row does not have the expected JSON type.",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="bad_version",
        statuses=(422,),
        title="Invalid version",
        meaning=(
            "The version in a row contains characters that are not allowed in versions, or is too "
            "long."
        ),
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="bad_time",
        statuses=(422,),
        title="Invalid time",
        meaning="A time in a row cannot be read.",
        remedy="Use a form such as `2026-11-21T12:00:00Z`.",
    ),
    ProblemKind(
        code="offset_missing",
        statuses=(422,),
        title="Offset missing",
        meaning=(
            "A time in a row has no offset from UTC, so it is unknown which instant it denotes."
        ),
        remedy="Add the offsets, or name the time zone of all such times with `timezone`.",
    ),
    ProblemKind(
        code="local_time_skipped",
        statuses=(422,),
        title="Local time skipped",
        meaning="Clocks in the time zone never showed this time, because they were put forward.",
        remedy="Correct the time, or add its offset from UTC.",
    ),
    ProblemKind(
        code="local_time_ambiguous",
        statuses=(422,),
        title="Ambiguous local time",
        meaning="Clocks in the time zone showed this time twice, because they were put back.",
        remedy="Add the offset from UTC; `detail` names the two possible offsets.",
    ),
    ProblemKind(
        code="bad_status",
        statuses=(422,),
        title="Unknown outcome",
        meaning="The status in a row is not one that imports support.",
        remedy="Use `succeeded`, `failed` or `rolled_back`; remove rows without a deployment.",
    ),
    ProblemKind(
        code="bad_kind",
        statuses=(422,),
        title="Unknown kind",
        meaning="The kind in a row is not one that imports support.",
        remedy="Use `deployment` or `rollback`.",
    ),
    ProblemKind(
        code="rolled_back_at_required",
        statuses=(422,),
        title="Rollback time missing",
        meaning=(
            "A row with the status `rolled_back` does not state when the deployment was rolled "
            "back, and thus until when it was live."
        ),
        remedy="Provide `rolled_back_at`, or the status `failed` if the version never went live.",
    ),
    ProblemKind(
        code="rolled_back_at_unexpected",
        statuses=(422,),
        title="Rollback unexpected",
        meaning="A row states when the deployment was rolled back, but has a different status.",
        remedy="Use the status `rolled_back`, or omit `rolled_back_at`.",
    ),
    ProblemKind(
        code="rolled_back_before_deployed",
        statuses=(422,),
        title="Rolled back before deployed",
        meaning="A deployment cannot be rolled back before it went live.",
        remedy="Correct one of the two times.",
    ),
    ProblemKind(
        code="rolled_back_at_in_future",
        statuses=(422,),
        title="Rolled back in the future",
        meaning="A row describes a rollback that has not happened yet.",
        remedy="Correct `rolled_back_at`.",
    ),
    ProblemKind(
        code="bad_encoding",
        statuses=(422,),
        title="Not UTF-8",
        meaning="A cell contains bytes that are not UTF-8.",
        remedy="Save the file as CSV UTF-8, or name its encoding in the `Content-Type` header.",
    ),
    ProblemKind(
        code="undecodable_file",
        statuses=(422,),
        title="Unreadable encoding",
        meaning="The file's encoding does not match the one declared in the file or in the "
        "`Content-Type` header.",
        remedy="Save the file as CSV UTF-8.",
    ),
    ProblemKind(
        code="unsupported_charset",
        statuses=(422,),
        title="Unsupported encoding",
        meaning="The `Content-Type` header names a character encoding that is not supported.",
        remedy="Save the file as CSV UTF-8.",
    ),
    ProblemKind(
        code="not_a_history_file",
        statuses=(422,),
        title="Invalid table",
        meaning="The file has an unsupported format, such as an Excel workbook.",
        remedy="Save the table as CSV UTF-8, and send that file.",
    ),
    ProblemKind(
        code="line_too_long",
        statuses=(422,),
        title="Line too long",
        meaning="A line of the file is too long for one deployment.",
        remedy="Check that each deployment is on its own line.",
    ),
    ProblemKind(
        code="bad_text",
        statuses=(422,),
        title="Invalid text",
        meaning="A value in a row contains characters that are not allowed, or is too long.",
        remedy="Correct the row that `detail` names.",
    ),
    ProblemKind(
        code="tier_required",
        statuses=(422,),
        title="Tier missing",
        meaning=(
            "The import would create an environment whose tier cannot be determined from its name."
        ),
        remedy="Add the query parameter `tier.NAME`.",
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
        meaning="The environment already exists with a different tier.",
        remedy="Remove the parameter.",
    ),
)
"""The kinds of problems, one for each code."""
