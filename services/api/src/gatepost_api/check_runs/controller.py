"""Requesting, listing and reading check runs."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post

from gatepost_api.check_runs.responses import CheckRun, CheckRunPage
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_WITHOUT_ETAG
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import EnvironmentInPath, ServiceInPath, id_in_path
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.check_runs.request import request_check_run
from gatepost_domain.errors import NotFound

CheckRunInPath = Annotated[str, id_in_path("The check run's id.")]


class CheckRunController(Controller):
    """Operations on check runs of targets."""

    path = "/services/{service:str}/targets/{environment:str}/check-runs"
    tags = ("services",)

    @post(
        summary="Run the checks of a target",
        responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
        response_headers=CREATED_WITHOUT_ETAG,
    )
    async def run_checks(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        idempotency_key: IdempotencyKey = None,
    ) -> Response[CheckRun]:
        """Request that a worker run a target's checks now, outside a deployment.

        The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
        are already queued or running, and 409 `no_checks` if the target has none. A run that no
        worker claims within ten minutes is marked as lost.
        """
        action = partial(
            request_check_run,
            service=service,
            environment=environment,
            id=request.context.new_id(),
        )
        return await execute(
            request,
            action,
            lambda _, run: WriteResponse.created(
                CheckRun.from_domain(run),
                f"/api/v1/services/{run.service}/targets/{run.environment}/check-runs/{run.id}",
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List the check runs of a target",
        responses=problem_responses(401, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_check_runs(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.CHECK_RUNS)] = None,
    ) -> Response[CheckRunPage]:
        """List the check runs of a service in an environment, newest first."""
        requested = page_request(limit, cursor, CursorKind.CHECK_RUNS)
        await request.context.reads.service(service)
        await request.context.reads.environment(environment)
        page = await request.context.reads.check_runs(service, environment, requested)
        next_cursor = encode_cursor(page.next_key, CursorKind.CHECK_RUNS)
        items = [CheckRun.from_domain(run) for run in page.items]
        return page_response(
            request, CheckRunPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{check_run:str}",
        summary="Get a check run",
        responses=problem_responses(401, 404, 422),
    )
    async def get_check_run(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        check_run: CheckRunInPath,
    ) -> CheckRun:
        """Return one check run of a target by id."""
        run = await request.context.reads.check_run(parse_check_run_id(check_run))
        if (run.service, run.environment) != (service, environment):
            raise NotFound("check_run", f"{check_run} of {service} in {environment}")
        return CheckRun.from_domain(run)


def parse_check_run_id(text: str) -> UUID:
    """Return the check run id in a path.

    Raises:
        NotFound: the text is not a valid id.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("check_run", text) from None
