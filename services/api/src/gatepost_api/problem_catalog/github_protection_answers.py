"""Problems with answers to GitHub jobs that wait for a deployment protection rule."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_protection_answer",
        statuses=(404,),
        title="Unknown protection answer",
        meaning="There is no answer to a GitHub job with this id.",
        remedy="Claim the next task.",
    ),
    ProblemKind(
        code="answer_claim_lost",
        statuses=(409,),
        title="Claim on the answer lost",
        meaning="The worker no longer holds the answer, so its report has no effect.",
        remedy="Claim the next task.",
    ),
)
