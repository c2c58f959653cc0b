"""Request bodies about blocked versions and holds."""

from __future__ import annotations

from gatepost_api.schemas.base import Line, Name, RequestModel, Text


class UnblockBody(RequestModel):
    """Where a version may be deployed again, and why."""

    example = {"environment": "production", "reason": "The timeout came from the network."}

    environment: Name
    reason: Text
    actor: Line | None = None
    """Who acts; the caller where it is absent."""


class ReleaseBody(RequestModel):
    """Why automatic promotion goes on."""

    example = {"reason": "The hand-made fix is in the next version."}

    reason: Text
    actor: Line | None = None
    """Who acts; the caller where it is absent."""
