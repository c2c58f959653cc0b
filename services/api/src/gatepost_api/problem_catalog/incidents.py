"""Problems with incidents."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_incident",
        statuses=(404,),
        title="Unknown incident",
        meaning="There is no incident with this id.",
        remedy="Check the id; `GET /incidents` lists all incidents.",
    ),
    ProblemKind(
        code="incident_resolved",
        statuses=(409,),
        title="Already resolved",
        meaning="The incident has already been resolved.",
        remedy="Report a new incident if the service fails again.",
    ),
    ProblemKind(
        code="incident_in_future",
        statuses=(422,),
        title="Time in the future",
        meaning=(
            "The times at which an incident started, was detected or was resolved must be in the "
            "past."
        ),
        remedy="Correct the time.",
    ),
    ProblemKind(
        code="incident_times_reversed",
        statuses=(422,),
        title="Times in the wrong order",
        meaning="An incident cannot be detected or resolved before it started.",
        remedy="Correct one of the two times.",
    ),
    ProblemKind(
        code="deployment_not_rolled_out",
        statuses=(422,),
        title="Deployment not rolled out",
        meaning="A deployment that was not rolled out cannot have caused an incident.",
        remedy="Provide another deployment, or omit it.",
    ),
)
"""The kinds of problems, one for each code."""
