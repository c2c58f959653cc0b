"""The ways round, each with a reason that stays."""

from __future__ import annotations

from functools import partial

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.deployments.perform_action import InPerson, act
from gatepost_api.deployments.requests import AfterReviewBody, BreakGlassBody, OverrideBody
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.etags import IfMatch
from gatepost_api.http.idempotency import IdempotencyKey
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problems
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.response_headers import CHANGED_HEADERS
from gatepost_domain.actions.deployments import emergency


class EmergencyController(Controller):
    """Passing a gate, doing without the reviewers, and judging that afterwards."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @post(
        "/override",
        status_code=200,
        summary="Override a gate",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def override_gate(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[OverrideBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Pass one gate of one deployment, which is told for ever.

        It needs the role emergency. Reviewers are never passed so, nor is a busy lane.
        """
        override = partial(emergency.override_gate, gate=data.gate, new_id=request.parts.new_id)
        said = InPerson(note=data.reason)
        return await act(request, deployment, said, override, idempotency_key, if_match)

    @post(
        "/break-glass",
        status_code=200,
        summary="Break the glass",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def break_glass(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[BreakGlassBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Approve, in an emergency, without the reviewers; they judge it afterwards.

        It needs the role emergency, and is told for ever. Its after-review falls due as the policy
        says; while one is overdue in the environment, the glass is not broken there again. An
        attempt that is denied is recorded.
        """
        broken = partial(emergency.break_glass, incident=data.incident, new_id=request.parts.new_id)
        said = InPerson(note=data.reason)
        return await act(request, deployment, said, broken, idempotency_key, if_match)

    @post(
        "/after-review",
        status_code=200,
        summary="Close an after-review",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def close_after_review(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[AfterReviewBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Judge a break-glass afterwards, as a reviewer whom the policy asks for.

        Never one's own request, and never a glass that one broke oneself. An attempt that may not
        count is refused, and recorded.
        """
        closed = partial(
            emergency.close_after_review, verdict=data.verdict, new_id=request.parts.new_id
        )
        said = InPerson(note=data.note)
        return await act(request, deployment, said, closed, idempotency_key, if_match)
