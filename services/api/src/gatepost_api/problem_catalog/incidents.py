"""Problems of incidents."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_incident",
        statuses=(404,),
        title="Unknown incident",
        meaning="There is no such incident.",
        remedy="Check the id; `GET /incidents` lists all.",
    ),
    ProblemKind(
        code="incident_resolved",
        statuses=(409,),
        title="Already resolved",
        meaning="The incident was resolved before.",
        remedy="Report a new incident if the service fails again.",
    ),
    ProblemKind(
        code="incident_in_future",
        statuses=(422,),
        title="Time in the future",
        meaning="An incident has started, and was detected or resolved, in the past.",
        remedy="Correct the time.",
    ),
    ProblemKind(
        code="incident_times_reversed",
        statuses=(422,),
        title="Times reversed",
        meaning="An incident cannot be detected or resolved before it started.",
        remedy="Correct one of the two times.",
    ),
    ProblemKind(
        code="deployment_not_rolled_out",
        statuses=(422,),
        title="Deployment not rolled out",
        meaning="A deployment that was not rolled out cannot have caused an incident.",
        remedy="Name another deployment, or none.",
    ),
)
"""One entry for each code."""
