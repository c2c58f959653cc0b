"""Request bodies for targets."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from gatepost_api.catalog.targets.executors import ExecutorBody, Url, executor_to_domain
from gatepost_api.schemas.base import END_OF_TEXT, RULE, VISIBLE_CHARACTER, Line, RequestModel
from gatepost_domain.catalog import target
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, HttpMethod

RelativePath = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^/{VISIBLE_CHARACTER}*{END_OF_TEXT}",
        max_length=2000,
        extra={RULE: "a path that starts with / and has no spaces"},
        description="The path below the base URL, with an optional query.",
        examples=["/health"],
    ),
]


Seconds = Annotated[int, msgspec.Meta(ge=1, le=600)]


EMPTY_BODIES: Final = frozenset({b"", b"null"})
"""The values of the field `body` for which no request body is sent: omitted or null."""


class ReadinessBody(RequestModel):
    """A GET request, repeated after the rollout until the response is 2xx."""

    path: RelativePath
    timeout_s: Seconds = 60
    """How long to keep probing, in seconds."""
    interval_s: Seconds = 2
    """The pause between probes, in seconds."""


class TargetCheckBody(RequestModel):
    """An HTTP request sent after the rollout and the expected response."""

    name: Line
    path: RelativePath
    method: HttpMethod = HttpMethod.GET
    body: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    """A JSON request body. If this field is null or omitted, no body is sent."""
    expect_status: Annotated[int, msgspec.Meta(ge=100, le=599)] = 200
    """The expected HTTP status."""
    expect_json: Annotated[dict[str, msgspec.Raw], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=dict[str, msgspec.Raw]
    )
    """Expected values in the JSON response, keyed by JSON pointer (RFC 6901)."""
    max_latency_ms: Annotated[int, msgspec.Meta(ge=1, le=600_000)] | None = None
    """The maximum response time in milliseconds. The check fails if the response takes longer.
    Null means no limit."""
    timeout_s: Seconds = 10
    """The response timeout in seconds."""
    attempts: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    """The number of attempts before the check fails."""
    required: bool = True
    """Whether the deployment fails if this check does not pass."""

    def to_domain(self) -> target.Check:
        """Return the domain check."""
        return target.Check(
            name=self.name,
            method=self.method,
            path=self.path,
            body=None if bytes(self.body) in EMPTY_BODIES else _compact_json(self.body),
            expect_status=self.expect_status,
            expect_json={
                pointer: _compact_json(value) for pointer, value in self.expect_json.items()
            },
            max_latency_ms=self.max_latency_ms,
            timeout_s=self.timeout_s,
            attempts=self.attempts,
            required=self.required,
        )


class TargetBody(RequestModel):
    """How to roll a service out to an environment and check it there."""

    example = {
        "base_url": "https://shop.example",
        "executor": {"kind": "webhook", "url": "https://ci.example/hooks/shop"},
        "ready": {"path": "/health"},
        "checks": [{"name": "cart", "path": "/cart", "expect_json": {"/items": []}}],
    }

    executor: ExecutorBody
    """The executor that performs rollouts."""
    base_url: Url | None = None
    """The base URL for all paths. Required if `ready` or `checks` is set."""
    ready: ReadinessBody | None = None
    """The readiness probe that precedes the checks. Without one, the checks start at once."""
    checks: Annotated[list[TargetCheckBody], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=list[TargetCheckBody]
    )
    """The checks in execution order. Names must be unique."""
    deadline_s: Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 3600)] = (
        DEFAULT_TARGET_SETTINGS.deadline_s
    )
    """The maximum time from start to outcome in seconds, including checks. The deployment fails
    if it takes longer."""

    def to_domain(self) -> target.TargetSettings:
        """Return the domain settings."""
        ready = self.ready
        return target.TargetSettings(
            base_url=self.base_url,
            executor=executor_to_domain(self.executor),
            ready=None
            if ready is None
            else target.ReadinessProbe(
                path=ready.path, timeout_s=ready.timeout_s, interval_s=ready.interval_s
            ),
            checks=tuple(check.to_domain() for check in self.checks),
            deadline_s=self.deadline_s,
        )


def _compact_json(raw: msgspec.Raw) -> str:
    """Return the JSON text without whitespace; numbers keep every digit."""
    return msgspec.json.format(bytes(raw), indent=-1).decode()
