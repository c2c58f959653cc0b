"""Problems with freezes."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_freeze",
        statuses=(404,),
        title="Unknown freeze",
        meaning="There is no freeze with this id.",
        remedy="List the freezes.",
    ),
    ProblemKind(
        code="freeze_is_over",
        statuses=(409,),
        title="Freeze is over",
        meaning="The freeze was lifted or has already ended.",
        remedy="There is nothing to do.",
    ),
    ProblemKind(
        code="starts_at_too_far",
        statuses=(422,),
        title="Start too far away",
        meaning="The start of a freeze must be within ten years from now.",
        remedy="Choose an earlier start.",
    ),
    ProblemKind(
        code="not_an_occurrence",
        statuses=(422,),
        title="Start is not an occurrence",
        meaning="`starts_at` is not an occurrence of the freeze's rule in its time zone.",
        remedy="Start at the first occurrence, which `detail` names, or change the rule.",
    ),
    ProblemKind(
        code="ends_at_not_after_first_occurrence",
        statuses=(422,),
        title="Ends before the first occurrence",
        meaning="The recurring freeze would end before its first occurrence.",
        remedy="Choose a later `ends_at`.",
    ),
    ProblemKind(
        code="bad_duration",
        statuses=(422,),
        title="Not a duration",
        meaning="The text is not a valid ISO 8601 duration for a freeze.",
        remedy="Send weeks, or days, hours, minutes and seconds, such as `P2D` or `PT4H`.",
    ),
    ProblemKind(
        code="duration_and_duration_s",
        statuses=(422,),
        title="Two durations",
        meaning="Both `duration` and `duration_s` are given.",
        remedy="Give one of them.",
    ),
    ProblemKind(
        code="ttl_and_ttl_s",
        statuses=(422,),
        title="Two lifetimes",
        meaning="Both `ttl` and `ttl_s` are given.",
        remedy="Give one of them.",
    ),
    ProblemKind(
        code="ttl_and_ends_at",
        statuses=(422,),
        title="Two ends",
        meaning="Both `ends_at` and `ttl_s` are given.",
        remedy="Give one of them.",
    ),
    ProblemKind(
        code="ends_at_not_after_starts_at",
        statuses=(422,),
        title="End before the start",
        meaning="The freeze would end before it starts.",
        remedy="Choose a later end.",
    ),
    ProblemKind(
        code="ends_at_passed",
        statuses=(422,),
        title="End has passed",
        meaning="The end of the freeze is in the past.",
        remedy="Choose a future end.",
    ),
    ProblemKind(
        code="ttl_not_positive",
        statuses=(422,),
        title="Length not positive",
        meaning="`ttl_s` is not greater than 0.",
        remedy="Give a positive number of seconds.",
    ),
    ProblemKind(
        code="ttl_too_long",
        statuses=(422,),
        title="Length too long",
        meaning="`ttl_s` is longer than the maximum duration of a freeze.",
        remedy="Choose a shorter time.",
    ),
    ProblemKind(
        code="duration_not_positive",
        statuses=(422,),
        title="Duration not positive",
        meaning="`duration_s` is not greater than 0.",
        remedy="Give a positive number of seconds.",
    ),
    ProblemKind(
        code="duration_too_long",
        statuses=(422,),
        title="Duration too long",
        meaning="`duration_s` is longer than the maximum length of a period.",
        remedy="Choose a shorter time.",
    ),
    ProblemKind(
        code="duration_without_rrule",
        statuses=(422,),
        title="Duration without a rule",
        meaning=(
            "`duration_s` is the length of each period of a recurring freeze, but `rrule` is "
            "missing."
        ),
        remedy="Provide `rrule`, or `ends_at` for a freeze that does not recur.",
    ),
    ProblemKind(
        code="rrule_without_duration",
        statuses=(422,),
        title="Rule without a duration",
        meaning="A recurring freeze requires the length of each period.",
        remedy="Provide `duration_s`.",
    ),
    ProblemKind(
        code="bad_rrule",
        statuses=(422,),
        title="Invalid recurrence rule",
        meaning="`rrule` is not a recurrence rule that Gatepost can expand (RFC 5545).",
        remedy="Correct it as `detail` describes.",
    ),
    ProblemKind(
        code="unknown_timezone",
        statuses=(422,),
        title="Unknown time zone",
        meaning="The time zone is not in the IANA database.",
        remedy="Use a name such as `Europe/Berlin`.",
    ),
    ProblemKind(
        code="bad_calendar",
        statuses=(422,),
        title="Not a calendar",
        meaning="The file is not an iCalendar file (RFC 5545) that can be imported.",
        remedy="Correct the file as `detail` describes.",
    ),
    ProblemKind(
        code="bad_calendar_event",
        statuses=(422,),
        title="Event cannot become a freeze",
        meaning=(
            "Events in the calendar lack a property, or have one that freezes do not support. "
            "Nothing was imported; `errors` names each event by its position in the file."
        ),
        remedy="Correct or remove the events, and send the file again.",
    ),
)
"""The kinds of problems, one for each code."""
