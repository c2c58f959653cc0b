"""Responding to a request whose bytes were received before, without the framework."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from time import perf_counter
from typing import Final

from litestar.types import HTTPScope

from gatepost_api.http.app_context import AppContext
from gatepost_api.http.identical_bytes_cache import (
    PreparedResponse,
    ReceivedRequest,
    prepare_response,
    received_request,
)
from gatepost_api.http.rate_limit import RateLimited
from gatepost_api.http.response_cache import CachedResponse
from gatepost_api.observability.request_ids import new_identity
from gatepost_api.observability.request_observation import Observation
from gatepost_domain.storage_errors import StorageError

_STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


def respond_immediately(
    context: AppContext, request: ReceivedRequest, server_headers: Sequence[tuple[bytes, bytes]]
) -> bytes | None:
    """Return the encoded response to a request, or None if the application must respond.

    It equals the application's response, with the same effects: the request counts towards the
    user's limit, in the metrics and in the log. A request that must be refused, or whose response
    may have changed, is left to the application.
    """
    started_s = perf_counter()
    prepared = context.identical_bytes_cache.find(request)
    if prepared is None:
        return None
    if not _is_valid(context, prepared):
        context.identical_bytes_cache.remove(request)
        return None
    cached = prepared.cached
    try:
        limit_headers = context.rate_limiter.count_request(cached.user)
    except RateLimited:
        return None
    identity = new_identity()
    response = prepared.encode(
        _STATUS_LINES[prepared.status], server_headers, limit_headers, identity.headers
    )
    duration_s = perf_counter() - started_s
    context.metrics.record_request(cached.operation, prepared.status, duration_s)
    if context.request_log is not None:
        context.request_log.write(
            identity,
            method="GET",
            raw_path=prepared.raw_path,
            operation=cached.operation,
            actor=cached.user,
            status=prepared.status,
            duration_s=duration_s,
        )
    return response


def remember_response(
    context: AppContext,
    scope: HTTPScope,
    observation: Observation,
    cached: CachedResponse,
    if_none_match: str,
) -> None:
    """Store the response that was just sent, to answer later requests with the same bytes.

    It is not stored if the client sent a request id or a trace context, which the response repeats.
    """
    identity, request = observation.identity, received_request(scope)
    if request is None or identity.is_from_client or identity.traceparent is not None:
        return
    response = prepare_response(
        cached,
        if_none_match=if_none_match,
        raw_path=scope["raw_path"],
        status=observation.status,
        headers=observation.headers,
        body=observation.body,
    )
    context.identical_bytes_cache.add(request, response)


def _is_valid(context: AppContext, prepared: PreparedResponse) -> bool:
    try:
        version = context.reads.known_state_version()
    except StorageError:
        return False
    return version is not None and prepared.is_valid(version, context.now())
