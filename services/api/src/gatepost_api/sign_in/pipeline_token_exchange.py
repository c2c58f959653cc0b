"""Token exchange: pipelines authenticate with an OIDC token instead of a stored secret."""

from __future__ import annotations

from litestar import Controller, Response, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import JSONBody

from gatepost_api.auth.authentication import rate_limit_failed_attempt
from gatepost_api.auth.oidc_token_resolution import exchange_pipeline_token
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.oidc.issuer import InvalidIdToken
from gatepost_api.people.requests import PipelineProof
from gatepost_api.people.responses import IssuedToken, Token
from gatepost_domain.access.errors import SignInDenied


class TokenExchangeController(Controller):
    """Token exchange for pipelines."""

    path = "/api/v1/auth"
    tags = ("people",)

    @post(
        "/exchange",
        summary="Exchange a pipeline's OIDC token for a Gatepost token",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        security=[{}],
    )
    async def exchange_token(
        self, request: ApiRequest, data: JSONBody[PipelineProof]
    ) -> Response[IssuedToken]:
        """Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

        The token acts as the service account and has the scopes that the server's configuration
        assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
        only once.
        """
        context = request.context
        try:
            token, secret = await exchange_pipeline_token(context, data.token, context.now())
        except (InvalidIdToken, SignInDenied) as error:
            rate_limit_failed_attempt(request, context)
            if isinstance(error, SignInDenied):
                raise
            raise NotAuthorizedException(str(error)) from error
        return Response(IssuedToken(token=Token.from_domain(token), secret=secret), status_code=201)
