"""The request body of a target."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from gatepost_api.catalog.targets.executors import ExecutorBody, Url, executor_to_domain
from gatepost_api.schemas.base import END_OF_TEXT, VISIBLE_CHARACTER, Line, RequestModel
from gatepost_domain.catalog import target
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, HttpMethod

RelativePath = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^/{VISIBLE_CHARACTER}*{END_OF_TEXT}",
        max_length=2000,
        description="What comes behind the base URL, a query included.",
        examples=["/health"],
    ),
]


Seconds = Annotated[int, msgspec.Meta(ge=1, le=600)]


EMPTY_BODIES: Final = frozenset({b"", b"null"})
"""What sends no body: it is absent, or null."""


class ReadinessBody(RequestModel):
    """Where to ask, after the rollout, until it answers."""

    path: RelativePath
    timeout_s: Seconds = 60
    """How long to keep asking."""
    interval_s: Seconds = 2
    """How long to wait before asking again."""


class TargetCheckBody(RequestModel):
    """A request that is made after the rollout, and what its answer has to be."""

    name: Line
    path: RelativePath
    method: HttpMethod = HttpMethod.GET
    body: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    """Any JSON to send; nothing is sent where it is null or absent."""
    expect_status: Annotated[int, msgspec.Meta(ge=100, le=599)] = 200
    expect_json: Annotated[dict[str, msgspec.Raw], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=dict[str, msgspec.Raw]
    )
    """What has to stand in the answer, by JSON pointer (RFC 6901)."""
    max_latency_ms: Annotated[int, msgspec.Meta(ge=1, le=600_000)] | None = None
    """It fails if the answer takes longer."""
    timeout_s: Seconds = 10
    """How long to wait for an answer."""
    attempts: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    """How often to try before it has failed."""
    required: bool = True
    """Whether the deployment fails if this does."""

    def to_domain(self) -> target.Check:
        """As the domain has it."""
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
    """How to roll a service out to an environment, and how to see that it works there."""

    example = {
        "base_url": "https://shop.example",
        "executor": {"kind": "webhook", "url": "https://ci.example/hooks/shop"},
        "ready": {"path": "/health"},
        "checks": [{"name": "cart", "path": "/cart", "expect_json": {"/items": []}}],
    }

    executor: ExecutorBody
    base_url: Url | None = None
    """What the paths are below; needed where there is anything to ask."""
    ready: ReadinessBody | None = None
    """Asked until it answers, before the checks; nothing is waited for where it is absent."""
    checks: Annotated[list[TargetCheckBody], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=list[TargetCheckBody]
    )
    """Made in this order, each under a name of its own."""
    deadline_s: Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 3600)] = (
        DEFAULT_TARGET_SETTINGS.deadline_s
    )
    """How long after its start a deployment has to have ended, checks included; else it has
    failed."""

    def to_domain(self) -> target.TargetSettings:
        """As the domain has it."""
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
    """JSON text as it came, but for white space; numbers keep every digit."""
    return msgspec.json.format(bytes(raw), indent=-1).decode()
