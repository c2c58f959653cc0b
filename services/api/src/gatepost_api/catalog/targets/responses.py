"""Targets in responses."""

from __future__ import annotations

from typing import Any, Self

import msgspec

from gatepost_api.catalog.targets.executors import ExecutorOutput, executor_from_domain
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog import target
from gatepost_domain.catalog.target import HttpMethod


class Readiness(ResponseModel):
    """Where to ask, after the rollout, until it answers."""

    path: str
    timeout_s: int
    interval_s: int


class TargetCheck(ResponseModel):
    """A request that is made after the rollout, and what its answer has to be."""

    name: str
    method: HttpMethod
    path: str
    body: msgspec.Raw
    """Any JSON to send; null sends nothing."""
    expect_status: int
    expect_json: dict[str, msgspec.Raw]
    """What has to stand in the answer, by JSON pointer (RFC 6901)."""
    max_latency_ms: int | None
    timeout_s: int
    attempts: int
    required: bool

    @classmethod
    def from_domain(cls, check: target.Check) -> Self:
        """As the domain has it."""
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
    """How a service is rolled out to an environment, and how one sees that it works there."""

    base_url: str | None
    executor: ExecutorOutput
    ready: Readiness | None
    checks: list[TargetCheck]
    deadline_s: int
    """How long after its start a deployment has to have ended, checks included."""

    @classmethod
    def from_domain_settings(cls, settings: target.TargetSettings) -> Self:
        """As the domain has it."""
        return cls(**_settings_fields(settings))


class Target(TargetSettings):
    """A service in an environment: how it is rolled out there, and how one sees that it works."""

    service: str
    environment: str
    changed_at: Instant
    changed_by: str
    revision: int
    """Counts its changes from 1; it is also the ETag."""

    @classmethod
    def from_domain(cls, found: target.Target) -> Self:
        """As the domain has it."""
        return cls(
            **_settings_fields(found.settings),
            service=found.service,
            environment=found.environment,
            changed_at=found.changed_at,
            changed_by=found.changed_by,
            revision=found.revision,
        )


class TargetPage(ResponseModel):
    """The targets of a service that were ever set up, by environment."""

    items: list[Target]
    next_cursor: str | None


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
