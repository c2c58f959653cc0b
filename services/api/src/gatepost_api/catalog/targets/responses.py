"""Responses for targets."""

from __future__ import annotations

from typing import Any, Self

import msgspec

from gatepost_api.catalog.targets.executors import ExecutorOutput, executor_from_domain
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog import target
from gatepost_domain.catalog.target import HttpMethod


class Readiness(ResponseModel):
    """A GET request, repeated after the rollout until the response is 2xx."""

    path: str
    """The path below the base URL that must respond."""
    timeout_s: int
    """How long to keep probing, in seconds."""
    interval_s: int
    """The pause between probes, in seconds."""


class TargetCheck(ResponseModel):
    """An HTTP request sent after the rollout and the expected response."""

    name: str
    """The name of the check, unique in the target."""
    method: HttpMethod
    path: str
    """The path below the base URL."""
    body: msgspec.Raw
    """The JSON request body. Null if no body is sent."""
    expect_status: int
    """The status that the response must have."""
    expect_json: dict[str, msgspec.Raw]
    """Expected values in the JSON response, keyed by JSON pointer (RFC 6901)."""
    max_latency_ms: int | None
    """The maximum response time in milliseconds. Null means no limit."""
    timeout_s: int
    """The response timeout in seconds."""
    attempts: int
    """The number of attempts before the check fails."""
    required: bool
    """Whether the deployment fails if this check does not pass."""

    @classmethod
    def from_domain(cls, check: target.Check) -> Self:
        """Map a domain check to its response."""
        return cls(
            name=check.name,
            method=check.method,
            path=check.path,
            body=msgspec.Raw((check.body or "null").encode()),
            expect_status=check.expect_status,
            expect_json={
                pointer: msgspec.Raw(value.encode()) for pointer, value in check.expect_json.items()
            },
            max_latency_ms=check.max_latency_ms,
            timeout_s=check.timeout_s,
            attempts=check.attempts,
            required=check.required,
        )


class TargetSettings(ResponseModel):
    """How a service is rolled out to an environment and checked there."""

    base_url: str | None
    """The base URL for all paths."""
    executor: ExecutorOutput
    """The executor that performs rollouts."""
    ready: Readiness | None
    """The readiness probe that precedes the checks. Null if there is none."""
    checks: list[TargetCheck]
    """The checks after a rollout, in execution order."""
    deadline_s: int
    """The maximum time from start to outcome in seconds, including checks."""

    @classmethod
    def from_domain_settings(cls, settings: target.TargetSettings) -> Self:
        """Map domain settings to their response."""
        return cls(**_settings_fields(settings))


class Target(TargetSettings):
    """The target of a service in an environment: how it is rolled out and checked there."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    changed_at: Instant
    """When the settings were last changed."""
    changed_by: str
    """Who last changed the settings."""
    revision: int
    """The revision number: starts at 1 and increases with every change. Also the ETag."""

    @classmethod
    def from_domain(cls, target: target.Target) -> Self:
        """Map a domain target to its response."""
        return cls(
            **_settings_fields(target.settings),
            service=target.service,
            environment=target.environment,
            changed_at=target.changed_at,
            changed_by=target.changed_by,
            revision=target.revision,
        )


class TargetPage(ResponseModel):
    """A page of all targets ever configured for a service, ordered by environment."""

    items: list[Target]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class TargetVersionPage(ResponseModel):
    """A page of the versions of a target's settings, newest first."""

    items: list[Target]
    """The versions of the settings on this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


def _settings_fields(settings: target.TargetSettings) -> dict[str, Any]:
    ready = settings.ready
    return {
        "base_url": settings.base_url,
        "executor": executor_from_domain(settings.executor),
        "ready": None
        if ready is None
        else Readiness(path=ready.path, timeout_s=ready.timeout_s, interval_s=ready.interval_s),
        "checks": [TargetCheck.from_domain(check) for check in settings.checks],
        "deadline_s": settings.deadline_s,
    }
