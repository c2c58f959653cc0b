"""The base class of all errors, and the error for unsendable arguments, which models also raise."""

from __future__ import annotations


class GatepostError(Exception):
    """The base class of all errors of this client."""


class NotSendable(GatepostError, ValueError):
    """An argument cannot be sent in a request; nothing was sent."""
