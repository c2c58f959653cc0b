"""Targets: how a service is rolled out to an environment, and how one sees that it works there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.catalog.executors import Executor, SimulatedExecutor
from gatepost_domain.catalog.urls import faults_of_url
from gatepost_domain.errors import FieldError, ValidationFailed

_JSON_POINTER: Final = re.compile(r"(/([^~/]|~[01])*)*")
"""RFC 6901 §3."""


class HttpMethod(StrEnum):
    """What a check asks with."""

    GET = "GET"
    HEAD = "HEAD"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    OPTIONS = "OPTIONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessProbe:
    """Where to ask, and for how long, until what was rolled out answers."""

    path: str
    timeout_s: int
    interval_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A request made after the rollout, and what its answer has to be."""

    name: str
    method: HttpMethod
    path: str
    body: str | None
    """JSON text that is sent, as it came; none sends nothing."""
    expect_status: int
    expect_json: Mapping[str, str]
    """By JSON pointer, the JSON text of what has to stand there in the answer."""
    max_latency_ms: int | None
    timeout_s: int
    attempts: int
    required: bool
    """Whether the deployment fails if this does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """How to roll out to a target, and what to ask of it."""

    base_url: str | None
    """What the paths of `ready` and `checks` are below."""
    executor: Executor
    ready: ReadinessProbe | None
    checks: tuple[Check, ...]
    """In the order in which they are made."""
    deadline_s: int = 3600
    """How long after its start a deployment has to have ended, checks included."""


DEFAULT_TARGET_SETTINGS: Final = TargetSettings(
    base_url=None, executor=SimulatedExecutor(), ready=None, checks=()
)
"""How a rollout goes where nobody ever set the target up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service in an environment, as it was last set up."""

    service: str
    environment: str
    settings: TargetSettings
    revision: int
    """Counts its changes from 1."""
    changed_at: datetime
    changed_by: str


def settings_to_json(settings: TargetSettings) -> dict[str, object]:
    """Settings in JSON values, the executor with its kind; what they are kept and recorded as."""
    told = asdict(settings)
    told["executor"]["kind"] = settings.executor.kind
    return told


def validate_target_settings(settings: TargetSettings) -> None:
    """Refuse settings that contradict themselves, or that nobody could follow.

    Raises:
        Invalid: two checks share a name, a JSON pointer or an address is none, there is something
            to ask but nowhere to ask it, or a command names no program.
    """
    if faults := (*_faults_of_addresses(settings), *_check_errors(settings.checks)):
        raise ValidationFailed(*faults)


def _faults_of_addresses(settings: TargetSettings) -> Iterator[FieldError]:
    yield from settings.executor.faults()
    if settings.base_url is not None:
        yield from faults_of_url("base_url", settings.base_url, is_base=True)
    elif settings.ready is not None or settings.checks:
        yield FieldError(
            field="base_url",
            code="base_url_missing",
            detail="Paths are asked below a base URL; give one, or ask nothing.",
        )


def _check_errors(checks: tuple[Check, ...]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, check in enumerate(checks):
        if check.name in seen:
            yield FieldError(
                field=f"checks/{index}/name",
                code="duplicate_check",
                detail=f"There are two checks named {check.name}.",
            )
        seen.add(check.name)
        for pointer in check.expect_json:
            if _JSON_POINTER.fullmatch(pointer) is None:
                yield FieldError(
                    field=f"checks/{index}/expect_json",
                    code="bad_pointer",
                    detail=f"{pointer!r} is no JSON pointer (RFC 6901): empty, or /a/b/0.",
                )
