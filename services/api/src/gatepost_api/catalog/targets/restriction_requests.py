"""Request bodies about blocked versions and holds."""

from __future__ import annotations

from gatepost_api.schemas.base import Input, Line, Name, Text


class UnblockBody(Input):
    """Where a version may be deployed again, and why."""

    example = {"environment": "production", "reason": "The timeout came from the network."}

    environment: Name
    reason: Text
    actor: Line | None = None
    """Who acts; the caller where it is absent."""


class ReleaseBody(Input):
    """Why automatic promotion goes on."""

    example = {"reason": "The hand-made fix is in the next version."}

    reason: Text
    actor: Line | None = None
    """Who acts; the caller where it is absent."""
