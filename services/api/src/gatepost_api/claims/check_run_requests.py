"""Request bodies that workers send about check runs."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.claims.requests import Detail, FencingToken
from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import Instant, RequestModel
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.check_runs.check_run import CheckState
from gatepost_domain.check_runs.results import ReportedResult


class CheckResultBody(RequestModel):
    """The result of one check, as observed by the worker that ran the check."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """The name of the check in the target's settings."""
    state: CheckState
    """The result of the final attempt."""
    at: Instant
    """When the final attempt ended, by the worker's clock."""
    took_ms: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    """The duration of the final attempt, in milliseconds."""
    attempts: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    """The number of attempts made."""
    detail: Detail = ""

    def to_domain(self, index: int) -> ReportedResult:
        """Return the domain result."""
        return ReportedResult(
            name=self.name,
            state=self.state,
            attempts=self.attempts,
            detail=replace_refused_characters(self.detail),
            at=to_utc(self.at, f"#/results/{index}/at"),
            took_ms=self.took_ms,
        )


class CheckRunFinishBody(RequestModel):
    """The results of a check run."""

    example = {
        "fencing_token": 1,
        "results": [
            {"name": "health", "state": "passed", "at": "2026-11-21T12:00:03Z", "took_ms": 12}
        ],
    }

    fencing_token: FencingToken
    """The fencing token of the claim. A token lower than the current one is refused."""
    results: Annotated[list[CheckResultBody], msgspec.Meta(max_length=50)]
    """The results of the checks that ran, one for each. Checks without a result were skipped."""

    def to_domain(self) -> list[ReportedResult]:
        """Return the domain results."""
        return [result.to_domain(index) for index, result in enumerate(self.results)]
