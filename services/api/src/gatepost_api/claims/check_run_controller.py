"""Renewing and finishing claimed check runs, for workers."""

from __future__ import annotations

from functools import partial

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.check_runs.controller import CheckRunInPath, parse_check_run_id
from gatepost_api.check_runs.responses import CheckRun
from gatepost_api.claims.check_run_requests import CheckRunFinishBody
from gatepost_api.claims.requests import RenewBody
from gatepost_api.claims.responses import CheckRunLease
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.check_runs import claims


class ClaimedCheckRunController(Controller):
    """Operations on check runs that workers have claimed."""

    path = "/worker/check-runs"
    tags = ("workers",)

    @post(
        "/{check_run:str}/renew",
        status_code=200,
        summary="Renew the claim on a check run",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    )
    async def renew_check_run(
        self, request: ApiRequest, check_run: CheckRunInPath, data: JSONBody[RenewBody]
    ) -> Response[CheckRunLease]:
        """Extend the claim on a check run by another lease.

        Returns 409 if another worker holds the check run or the run has ended. In that case, the
        worker must stop at once, and its further reports are refused.
        """
        at = request.context.now()
        renew = partial(
            claims.renew_check_run,
            run=parse_check_run_id(check_run),
            fencing_token=data.fencing_token,
        )
        return await execute(
            request,
            renew,
            lambda _, renewed: WriteResponse.from_output(CheckRunLease.from_domain(renewed, at)),
        )

    @post(
        "/{check_run:str}/finish",
        status_code=200,
        summary="Finish a check run",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def finish_check_run(
        self,
        request: ApiRequest,
        check_run: CheckRunInPath,
        data: JSONBody[CheckRunFinishBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[CheckRun]:
        """Report the results of a check run, which ends it.

        Returns 409, and changes nothing, if another worker holds the check run or the run has
        ended.
        """
        finish = partial(
            claims.finish_check_run,
            run=parse_check_run_id(check_run),
            fencing_token=data.fencing_token,
            results=data.to_domain(),
        )
        return await execute(
            request,
            finish,
            lambda _, run: WriteResponse.from_output(CheckRun.from_domain(run)),
            idempotency_key=idempotency_key,
        )
