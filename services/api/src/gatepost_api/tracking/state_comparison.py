"""Comparing the states at two times, of two environments, or both."""

from __future__ import annotations

import re
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.deployments import filter_parameters
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.documented_headers import NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import ETAG_HEADER, IfNoneMatch, conditional_response
from gatepost_api.http.problems import BadInput, problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.responses import StateDifferences
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.tracking.current_state import CurrentFilter, StateQuery
from gatepost_domain.tracking.state_comparison import (
    CellDifference,
    StateComparison,
    StateReference,
    find_differences,
)

MAX_REFERENCE_LENGTH: Final = 200
_STARTS_LIKE_AN_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
_REFERENCE: Final = (
    "A time such as `2026-11-21T09:30:00Z`, the name of an environment, or both, as in "
    "`staging@2026-11-21T09:30:00Z`. "
)

Before = Annotated[
    str,
    QueryParameter(
        name="from",
        max_length=MAX_REFERENCE_LENGTH,
        description=f"The first state. {_REFERENCE}"
        "If it has no environment, that of `to` is used. If neither has one, all environments are "
        "compared.",
    ),
]
After = Annotated[
    str | None,
    QueryParameter(
        name="to",
        max_length=MAX_REFERENCE_LENGTH,
        description=f"The second state. {_REFERENCE}"
        "If it has no time, it is the current state. If it has no environment, that of `from` is "
        "used.",
    ),
]


class StateComparisonController(Controller):
    """Operations that compare states."""

    path = "/"
    tags = ("tracking",)

    @get(
        "/deployments/current/diff",
        summary="Compare two states",
        responses={**problem_responses(401, 422, 503), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def compare_current_state(
        self,
        request: ApiRequest,
        before: Before,
        after: After = None,
        service: filter_parameters.Services = None,
        environment: filter_parameters.Environments = None,
        tier: filter_parameters.Tiers = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[StateDifferences]:
        """Return the services whose live versions differ between two states.

        `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
        `from=staging&to=production` compares two environments now; times and environments can be
        combined. A version that was merely redeployed does not count as different.
        """
        reads, now = request.context.reads, request.context.now()
        comparison = StateComparison.of(
            await parse_state_reference(reads, before, "from"),
            await parse_state_reference(reads, after, "to"),
        )
        criteria = CurrentFilter(
            services=tuple(service or ()),
            environments=tuple(environment or ()),
            tiers=tuple(tier or ()),
        )
        differences = await run_while_connected(
            request, load_differences(reads, comparison, criteria)
        )
        body = StateDifferences.from_domain(comparison, differences, now)
        digest = sha256(msgspec.json.encode(body.cells)).hexdigest()
        return conditional_response(body, digest, if_none_match)


async def load_differences(
    reads: ReadModel, comparison: StateComparison, criteria: CurrentFilter
) -> tuple[CellDifference, ...]:
    """Return how the second state of a comparison differs from the first.

    The filter for environments applies unless the comparison names environments.
    """
    before, after = await reads.current_states(
        [
            StateQuery(criteria=comparison.narrow(criteria, side), at=side.at)
            for side in (comparison.before, comparison.after)
        ]
    )
    return find_differences(
        before.cells, after.cells, compares_environments=comparison.compares_environments
    )


async def parse_state_reference(reads: ReadModel, text: str | None, name: str) -> StateReference:
    """Return the state that a query parameter refers to; if it is omitted, the state now.

    Raises:
        BadInput: there is no such environment, or the time is invalid.
    """
    if text is None:
        return StateReference()
    if _STARTS_LIKE_AN_INSTANT.match(text):
        return StateReference(at=filter_parameters.parse_instant(text, name))
    environment, separator, time = text.partition("@")
    try:
        known = await reads.environment(environment)
    except NotFound as error:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unknown_environment",
            f"query/{name}",
            f"There is no environment {environment[:80]!r}. Give an environment, a time such as "
            "2026-11-21T09:30:00Z, or both, as in staging@2026-11-21T09:30:00Z.",
        ) from error
    at = filter_parameters.parse_instant(time, name) if separator else None
    return StateReference(environment=known.name, at=at)
