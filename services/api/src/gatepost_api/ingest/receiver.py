"""Receiving deliveries, which are authenticated by their signature."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response

from gatepost_api.auth.authentication import rate_limit_failed_attempt
from gatepost_api.http.encoded_json_response import JsonResponse
from gatepost_api.http.problems import BadInput
from gatepost_api.http.rate_limit import limit_rate
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.request_decompression import require_no_encoding
from gatepost_api.http.state_version_at_arrival import raise_storage_failure
from gatepost_api.ingest.delivery_headers import read_delivery_id, read_event_type
from gatepost_api.ingest.responses import IngestDelivery
from gatepost_domain.actions.ingest.receive import IncomingDelivery, receive_delivery
from gatepost_domain.actions.ingest.sources import require_source
from gatepost_domain.ingest.payload_parser import UnreadablePayload, decode_payload
from gatepost_domain.ingest.signatures import InvalidSignature, verify_signature
from gatepost_domain.ingest.source import IngestSourceKind

_MAX_CONTENT_TYPE_LENGTH: Final = 200


async def admit_without_token(request: Request[Any, Any, Any]) -> None:
    """Admit a delivery without a token; its signature is verified once the body has been read.

    Raises:
        StorageUnreachable: the database does not respond.
    """
    raise_storage_failure(request.scope)


async def receive(request: ApiRequest, kind: IngestSourceKind) -> Response[Any]:
    """Verify and store the delivery in a request, and respond with the result.

    Raises:
        NotFound: the source is not set up.
        InvalidSignature: the signature is missing or wrong.
        TooManyRequestsException: this address has sent too many wrong signatures.
        RateLimited: the source has sent too many deliveries.
        BadInput: the body is not a JSON object, or a header is invalid.
    """
    context = request.context
    require_no_encoding(request.headers)
    stored = await context.reads.read_snapshot(partial(require_source, kind=kind))
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    at = context.now()
    try:
        verify_signature(stored, headers, body, at)
    except InvalidSignature:
        rate_limit_failed_attempt(request, context)
        raise
    limit_rate(request.scope, context.rate_limiter, stored.actor_name)
    content_type = headers.get("content-type", "")[:_MAX_CONTENT_TYPE_LENGTH]
    try:
        payload = decode_payload(body, content_type)
    except UnreadablePayload as error:
        raise BadInput(HTTPStatus.BAD_REQUEST, "malformed", "#", str(error)) from error
    incoming = IncomingDelivery(
        source=kind,
        delivery_id=read_delivery_id(stored, headers, payload, body),
        event=read_event_type(stored, headers, payload),
        content_type=content_type.encode("ascii", "replace").decode(),
        body=body,
    )
    delivery = await context.ledger.perform(
        partial(
            receive_delivery,
            incoming=incoming,
            at=at,
            keep=timedelta(days=context.ingest_keep_days),
            new_id=context.new_id,
        )
    )
    context.change_signal.notify()
    content = msgspec.json.encode(IngestDelivery.from_domain(delivery))
    return JsonResponse(content, status_code=HTTPStatus.ACCEPTED)
