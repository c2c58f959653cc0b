"""The operation with which workers report the result of answering a GitHub job."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.claims.github_protection_answer_requests import ProtectionAnswerFinishBody
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.path_parameters import id_in_path
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.ingest.github_protection_answer_responses import ProtectionAnswer
from gatepost_domain.actions.ingest.github_protection_answer_claims import finish_answer
from gatepost_domain.errors import NotFound

AnswerInPath = Annotated[str, id_in_path("The answer's id.")]


class ClaimedAnswerController(Controller):
    """Operations on answers to GitHub jobs that workers have claimed."""

    path = "/worker/protection-answers"
    tags = ("workers",)

    @post(
        "/{protection_answer:str}/finish",
        status_code=200,
        summary="Report an attempt to answer a job",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def finish_protection_answer(
        self,
        request: ApiRequest,
        protection_answer: AnswerInPath,
        data: JSONBody[ProtectionAnswerFinishBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[ProtectionAnswer]:
        """Report how GitHub responded to an answer.

        The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
        changes nothing, if another worker holds the answer, or the answer has already been sent or
        has failed.
        """
        return await execute(
            request,
            partial(
                finish_answer,
                answer=_parse_answer_id(protection_answer),
                fencing_token=data.fencing_token,
                attempt=data.to_domain(request.context.now()),
                retry_after=data.retry_after,
            ),
            lambda _, attempted: WriteResponse.from_output(ProtectionAnswer.from_domain(attempted)),
            idempotency_key=idempotency_key,
        )


def _parse_answer_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("protection_answer", text) from None
