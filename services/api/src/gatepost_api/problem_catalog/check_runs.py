"""Problems with check runs."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="no_checks",
        statuses=(409,),
        title="No checks",
        meaning="The target's settings contain no checks to run.",
        remedy="Add a base URL and checks to the target's settings, and repeat the request.",
    ),
    ProblemKind(
        code="check_run_open",
        statuses=(409,),
        title="Checks already requested",
        meaning="The checks of the target are already queued or running.",
        remedy="Wait for the results of the check run that `detail` names.",
    ),
    ProblemKind(
        code="check_run_claim_lost",
        statuses=(409,),
        title="Claim on the check run lost",
        meaning="The worker no longer holds the check run, so its report changes nothing.",
        remedy="Stop running these checks and claim the next task.",
    ),
    ProblemKind(
        code="unknown_check_run",
        statuses=(404,),
        title="Unknown check run",
        meaning="The target has no check run with this id.",
        remedy="List the target's check runs to find their ids.",
    ),
    ProblemKind(
        code="unknown_check",
        statuses=(422,),
        title="Unknown check",
        meaning="A reported result does not belong to any check of the target.",
        remedy="Report one result for each check of the claimed task, by its name.",
    ),
)
