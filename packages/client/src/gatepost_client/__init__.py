"""Gatepost from Python: `Gatepost` and `AsyncGatepost`, a method for every operation.

What they take and return is in `gatepost_client.models`.
"""

from .api import AsyncGatepost, Gatepost
from .conditional import etag
from .errors import (
    BadSettings,
    GatepostError,
    GatepostProblem,
    NoAnswer,
    NotSendable,
    UnexpectedAnswer,
)
from .paging import every, every_async

__all__ = [
    "AsyncGatepost",
    "BadSettings",
    "Gatepost",
    "GatepostError",
    "GatepostProblem",
    "NoAnswer",
    "NotSendable",
    "UnexpectedAnswer",
    "etag",
    "every",
    "every_async",
]
