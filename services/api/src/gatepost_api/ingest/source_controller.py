"""The operations that manage ingest sources, and the one that receives their deliveries."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Final

from litestar import Controller, Response, delete, get, post, put
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import JSONBody

from gatepost_api.http.action_execution import WriteResponse, execute
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.ingest.receiver import admit_without_token, receive
from gatepost_api.ingest.responses import IngestDelivery, IngestSource, IngestSourceList
from gatepost_api.ingest.source_in_path import SourceInPath, parse_source
from gatepost_api.ingest.source_requests import IngestSourcePut
from gatepost_domain.actions.ingest.sources import put_source, remove_source

MAX_PAYLOAD_BYTES: Final = 1024 * 1024
"""The maximum size of a payload."""
_SALT_BYTES: Final = 16


@dataclass
class _DeliveryDocumentation(Operation):
    """An operation with a body whose structure the source defines."""

    def __post_init__(self) -> None:
        payload = Schema(
            type=OpenAPIType.OBJECT,
            description="The payload, as the source defines it. CloudEvents and forms with the "
            "field `payload` are also accepted.",
        )
        content = {"application/json": OpenAPIMediaType(schema=payload)}
        self.request_body = RequestBody(content=content, required=True)


class IngestSourceController(Controller):
    """Operations on ingest sources, including the operation that receives their deliveries."""

    path = "/ingest"
    tags = ("ingest",)

    @get(summary="List the ingest sources", responses=problem_responses(401, 422))
    async def list_ingest_sources(self, request: ApiRequest) -> IngestSourceList:
        """List the sources whose deliveries are accepted, without their secrets."""
        sources = await request.context.reads.ingest_sources()
        return IngestSourceList(items=[IngestSource.from_domain(source) for source in sources])

    @put(
        "/{source:str}",
        summary="Set up an ingest source",
        responses=problem_responses(400, 401, 403, 404, 413, 415, 422, 503),
    )
    async def put_ingest_source(
        self, request: ApiRequest, source: SourceInPath, data: JSONBody[IngestSourcePut]
    ) -> Response[IngestSource]:
        """Set the secret of a source and how its payloads are read.

        Replaces the previous settings: an omitted field gets its default, except for the secret,
        which is kept. Anyone who knows the secret can record deployments, so the person who sets it
        counts as one of the people who created the records.
        """
        action = partial(
            put_source,
            kind=parse_source(source),
            settings=data.to_domain(),
            secret=data.secret,
            salt=secrets.token_urlsafe(_SALT_BYTES),
            has_github_app=request.context.github_app is not None,
        )
        return await execute(
            request,
            action,
            lambda _, stored: WriteResponse.from_output(IngestSource.from_domain(stored)),
        )

    @post(
        "/{source:str}",
        status_code=202,
        summary="Receive a delivery",
        response_description="The delivery was received; `state` is its result.",
        operation_class=_DeliveryDocumentation,
        before_request=admit_without_token,
        request_max_body_size=MAX_PAYLOAD_BYTES,
        responses=problem_responses(400, 401, 404, 413, 415, 422, 429, 503),
        security=[{}],
    )
    async def receive_delivery(
        self, request: ApiRequest, source: SourceInPath
    ) -> Response[IngestDelivery]:
        """Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

        The delivery is authenticated by a signature of the body with the source's secret, not by a
        token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
        a deployment. A delivery with no such effect is stored with the reason. A delivery that is
        sent again changes nothing and returns the same response.
        """
        return await receive(request, parse_source(source))

    @delete(
        "/{source:str}",
        status_code=200,
        summary="Remove an ingest source",
        responses=problem_responses(401, 403, 404, 422, 503),
    )
    async def remove_ingest_source(
        self, request: ApiRequest, source: SourceInPath
    ) -> Response[IngestSource]:
        """Remove a source with its secret. New deliveries are refused; stored ones are kept."""
        return await execute(
            request,
            partial(remove_source, kind=parse_source(source)),
            lambda _, removed: WriteResponse.from_output(IngestSource.from_domain(removed)),
        )
