"""Request bodies for blocked versions and promotion holds."""

from __future__ import annotations

from gatepost_api.schemas.base import Line, Name, RequestModel, Text


class UnblockBody(RequestModel):
    """The environment in which to unblock a version, and the reason."""

    example = {"environment": "production", "reason": "The timeout came from the network."}

    environment: Name
    reason: Text
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""


class ReleaseBody(RequestModel):
    """The reason for releasing a promotion hold."""

    example = {"reason": "The next version contains the hotfix."}

    reason: Text
    actor: Line | None = None
    """The person to act for. Defaults to the caller; naming someone else requires the `act_as`
    role."""
