"""The messages between the worker and a CI engine: the request and the engine's replies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import httpx2

from gatepost_worker.foundation.external_text import one_line_excerpt
from gatepost_worker.foundation.json_documents import InvalidJson, Json, parse_json
from gatepost_worker.http.client import Response
from gatepost_worker.tasks import DeploymentTask

MESSAGE_TYPE: Final = "deployment.started"
"""The `type` of the message, as in Standard Webhooks."""

_ACCEPTED: Final = 202
_NO_CONTENT: Final = 204
_RETRYABLE: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""The HTTP statuses after which a retry may succeed."""


class EngineState(StrEnum):
    """The state of the rollout, as the engine reports it."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReply:
    """What an engine reports about a rollout."""

    state: EngineState
    detail: str
    status_url: str | None
    """The absolute URL to poll from now on; None if the reply contains none."""


class EngineUnavailable(Exception):
    """The engine is temporarily unavailable; a retry may succeed."""


class InvalidEngineReply(Exception):
    """The engine's reply is invalid; the message says what is wrong with it."""


def request_body(task: DeploymentTask, *, at: datetime) -> bytes:
    """Return the body of the message that requests the rollout."""
    deployment = task.deployment
    data = {
        "id": deployment.id,
        "number": deployment.number,
        "service": deployment.service,
        "environment": deployment.environment,
        "version": deployment.version,
        "artifact_digest": deployment.artifact_digest,
        "previous_version": deployment.previous_version,
        "requester": deployment.requester,
        "approved_by": deployment.approved_by,
        "build_id": deployment.build_id,
        "attempt": deployment.attempt,
    }
    return json.dumps({"type": MESSAGE_TYPE, "timestamp": at.isoformat(), "data": data}).encode()


def parse_reply(response: Response, url: str) -> EngineReply:
    """Return the engine's reply to a request to `url`.

    Raises:
        EngineUnavailable: a retry may succeed.
        InvalidEngineReply: the reply does not state whether the rollout is running or how it
            ended.
    """
    if response.status in _RETRYABLE:
        raise EngineUnavailable(f"{url} returned {response.status}.")
    if response.status // 100 == 3:  # noqa: PLR2004  # 3xx
        raise InvalidEngineReply(f"{url} returned {response.status}; redirects are not followed.")
    if response.status // 100 != 2:  # noqa: PLR2004  # 2xx
        raise InvalidEngineReply(
            f"{url} returned {response.status}: {_beginning_of_body(response)}"
        )
    if response.status == _NO_CONTENT:
        return EngineReply(state=EngineState.SUCCEEDED, detail="", status_url=None)
    payload = _parse_payload(response, url)
    return EngineReply(
        state=_parse_state(payload, response, url),
        detail=one_line_excerpt(_string_or_empty(payload, "detail")),
        status_url=_parse_status_url(payload, response, url),
    )


def _parse_payload(response: Response, url: str) -> dict[str, Json]:
    if response.status == _ACCEPTED and not response.body.strip():
        return {}
    try:
        value = parse_json(response.body)
    except InvalidJson as error:
        raise InvalidEngineReply(
            f"{url} returned {response.status} with invalid JSON ({error}): "
            f"{_beginning_of_body(response)}"
        ) from error
    if not isinstance(value, dict):
        raise InvalidEngineReply(
            f"{url} returned {response.status} with JSON that is not an object."
        )
    return value


def _parse_state(payload: dict[str, Json], response: Response, url: str) -> EngineState:
    default = EngineState.RUNNING if response.status == _ACCEPTED else None
    try:
        return EngineState(f"{payload.get('state', default)}")
    except ValueError as error:
        raise InvalidEngineReply(
            f"{url} returned {response.status} without a `state` of running, succeeded or failed."
        ) from error


def _parse_status_url(payload: dict[str, Json], response: Response, url: str) -> str | None:
    status_url = _string_or_empty(payload, "status_url") or response.headers.get("Location", "")
    try:
        return f"{httpx2.URL(url).join(status_url)}" if status_url else None
    except (httpx2.InvalidURL, ValueError) as error:
        raise InvalidEngineReply(
            f"{url} returned an invalid status URL: {one_line_excerpt(status_url)}"
        ) from error


def _string_or_empty(payload: dict[str, Json], name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _beginning_of_body(response: Response) -> str:
    return one_line_excerpt(response.body[:1000].decode(errors="replace")) or "empty body"
