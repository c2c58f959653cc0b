"""What a CI engine is told about a rollout, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import httpx2

from gatepost_worker.foundation.json_values import InvalidJson, Json, read
from gatepost_worker.foundation.text import quoted
from gatepost_worker.http.client import Response
from gatepost_worker.tasks import Task

EVENT: Final = "deployment.started"
"""The `type` of the message, by Standard Webhooks."""

_ACCEPTED: Final = 202
_NO_CONTENT: Final = 204
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which asking again may go well."""


class State(StrEnum):
    """Where the engine says that the rollout stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReply:
    """What an engine says of a rollout."""

    state: State
    detail: str
    status_url: str | None
    """Where to ask how it goes on, absolute."""


class EngineUnavailable(Exception):
    """The engine is not at its best; a little later it may be."""


class InvalidEngineReply(Exception):
    """The engine's answer is none to go by; the message says what one would be."""


def message(task: Task, *, at: datetime) -> bytes:
    """The body that asks for a rollout."""
    it = task.deployment
    facts = {
        "id": it.id,
        "number": it.number,
        "service": it.service,
        "environment": it.environment,
        "version": it.version,
        "artifact_digest": it.artifact_digest,
        "previous_version": it.previous_version,
        "requester": it.requester,
        "approved_by": it.approved_by,
        "build_id": it.build_id,
        "attempt": it.attempt,
    }
    return json.dumps({"type": EVENT, "timestamp": at.isoformat(), "data": facts}).encode()


def word(answer: Response, asked: str) -> EngineReply:
    """What an answer to a question at the URL `asked` says.

    Raises:
        EngineUnavailable: it may answer otherwise when it is asked again.
        InvalidEngineReply: it says nothing by which the rollout could go on or end.
    """
    if answer.status in _PASSING:
        raise EngineUnavailable(f"{asked} answered {answer.status}.")
    if answer.status // 100 == 3:  # noqa: PLR2004  # 3xx
        raise InvalidEngineReply(f"{asked} answered {answer.status}; redirects are not followed.")
    if answer.status // 100 != 2:  # noqa: PLR2004  # 2xx
        raise InvalidEngineReply(f"{asked} answered {answer.status}: {_beginning(answer)}")
    if answer.status == _NO_CONTENT:
        return EngineReply(state=State.SUCCEEDED, detail="", status_url=None)
    said = _members(answer, asked)
    return EngineReply(
        state=_state(said, answer, asked),
        detail=quoted(_text(said, "detail")),
        status_url=_status_url(said, answer, asked),
    )


def _members(answer: Response, asked: str) -> dict[str, Json]:
    if answer.status == _ACCEPTED and not answer.body.strip():
        return {}
    try:
        value = read(answer.body)
    except InvalidJson as error:
        raise InvalidEngineReply(
            f"{asked} answered {answer.status} with what is no JSON ({error}): {_beginning(answer)}"
        ) from error
    if not isinstance(value, dict):
        raise InvalidEngineReply(f"{asked} answered {answer.status} with JSON that is no object.")
    return value


def _state(said: dict[str, Json], answer: Response, asked: str) -> State:
    given = said.get("state", State.RUNNING if answer.status == _ACCEPTED else None)
    try:
        return State(f"{given}")
    except ValueError as error:
        raise InvalidEngineReply(
            f"{asked} answered {answer.status} without a `state` of running, succeeded or failed."
        ) from error


def _status_url(said: dict[str, Json], answer: Response, asked: str) -> str | None:
    given = _text(said, "status_url") or answer.headers.get("Location", "")
    try:
        return f"{httpx2.URL(asked).join(given)}" if given else None
    except (httpx2.InvalidURL, ValueError) as error:
        raise InvalidEngineReply(
            f"{asked} names a status URL that is none: {quoted(given)}"
        ) from error


def _text(said: dict[str, Json], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _beginning(answer: Response) -> str:
    return quoted(answer.body[:1000].decode(errors="replace")) or "no body"
