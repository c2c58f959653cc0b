"""Targets: how a service is rolled out to an environment and checked there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.catalog.executors import Executor, SimulatedExecutor
from gatepost_domain.catalog.target_urls import faults_of_url
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.verification.event_hash import canonical_json

_JSON_POINTER: Final = re.compile(r"(/([^~/]|~[01])*)*")
"""A JSON pointer (RFC 6901 §3)."""


class HttpMethod(StrEnum):
    """The HTTP method of the request that a check sends."""

    GET = "GET"
    HEAD = "HEAD"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    OPTIONS = "OPTIONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessProbe:
    """A path that is polled after the rollout until the service answers."""

    path: str
    timeout_s: int
    interval_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A request sent after the rollout, and the expected response."""

    name: str
    method: HttpMethod
    path: str
    body: str | None
    """The JSON text that is sent unchanged; None for no body."""
    expect_status: int
    expect_json: Mapping[str, str]
    """Maps a JSON pointer into the response to the JSON text of the expected value."""
    max_latency_ms: int | None
    timeout_s: int
    attempts: int
    required: bool
    """Whether the deployment fails if the check fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """How a rollout to a target is executed and checked."""

    base_url: str | None
    """The URL to which the paths of `ready` and `checks` are relative."""
    executor: Executor
    ready: ReadinessProbe | None
    checks: tuple[Check, ...]
    """The checks, in the order in which they run."""
    deadline_s: int = 3600
    """The time within which a started deployment must finish, including its checks."""


DEFAULT_TARGET_SETTINGS: Final = TargetSettings(
    base_url=None, executor=SimulatedExecutor(), ready=None, checks=()
)
"""The settings of a target that was never configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service in an environment, with the current settings for rolling it out there."""

    service: str
    environment: str
    settings: TargetSettings
    revision: int
    """Starts at 1 and increases with every change."""
    changed_at: datetime
    changed_by: str


def settings_to_json(settings: TargetSettings) -> dict[str, object]:
    """Return the settings, including the executor's kind, as JSON values for storage and events."""
    data = asdict(settings)
    data["executor"]["kind"] = settings.executor.kind
    return data


def settings_digest(settings: TargetSettings) -> str:
    """Return the SHA-256 digest of the settings, which is part of what reviewers approve."""
    return hashlib.sha256(canonical_json(settings_to_json(settings))).hexdigest()


def validate_target_settings(settings: TargetSettings) -> None:
    """Refuse settings that are contradictory or incomplete.

    Raises:
        ValidationFailed: two checks have the same name, a JSON pointer or URL is invalid, the base
            URL of the checks is missing, or a command names no program.
    """
    if errors := (
        *settings.executor.faults(),
        *_base_url_errors(settings),
        *_check_errors(settings.checks),
    ):
        raise ValidationFailed(*errors)


def _base_url_errors(settings: TargetSettings) -> Iterator[FieldError]:
    if settings.base_url is not None:
        yield from faults_of_url("base_url", settings.base_url, is_base=True)
    elif settings.ready is not None or settings.checks:
        yield FieldError(
            field="base_url",
            code="base_url_missing",
            detail="The readiness probe and the checks require base_url; set it or remove them.",
        )


def _check_errors(checks: tuple[Check, ...]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, check in enumerate(checks):
        if check.name in seen:
            yield FieldError(
                field=f"checks/{index}/name",
                code="duplicate_check",
                detail=f"There are two checks named {check.name}; rename one.",
            )
        seen.add(check.name)
        for pointer in check.expect_json:
            if _JSON_POINTER.fullmatch(pointer) is None:
                yield FieldError(
                    field=f"checks/{index}/expect_json",
                    code="bad_pointer",
                    detail=f"{pointer!r} is not a JSON pointer (RFC 6901): use an empty string or "
                    "a path such as /a/b/0.",
                )
