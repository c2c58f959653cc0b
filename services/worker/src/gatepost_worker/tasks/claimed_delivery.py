"""Delivery tasks: a message to send once to a webhook, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTask:
    """A claimed delivery. The server has created and signed the message."""

    delivery_id: str
    fencing_token: int
    """The token to send with the result; the server accepts only the latest one."""
    url: str = field(repr=False)
    """The URL of the receiver. It can contain a key."""
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    timeout_s: float
    """How long the whole request may take."""
    outgoing_allow: tuple[str, ...]
    """The host names, domains, addresses and networks that the server's settings allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """The result of sending a message."""

    status: int | None
    """The HTTP status of the response; None if there was none."""
    retry_after_s: int | None
    """How long the receiver asked to wait, in seconds; None if it did not ask."""
    detail: str
    """What went wrong, in a sentence; empty if the receiver accepted the message."""
    took_ms: int
