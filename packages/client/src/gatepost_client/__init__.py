"""The Python client for Gatepost: `Gatepost` and `AsyncGatepost`, with a method per operation.

The types of arguments and results are in `gatepost_client.models`.
"""

from .api import AsyncGatepost, Gatepost
from .errors import (
    BadSettings,
    GatepostError,
    GatepostProblem,
    NoAnswer,
    NotSendable,
    UnexpectedAnswer,
)
from .etags import etag
from .export import open_export
from .pagination import every, every_async
from .problem_codes import ProblemCode

__all__ = [
    "AsyncGatepost",
    "BadSettings",
    "Gatepost",
    "GatepostError",
    "GatepostProblem",
    "NoAnswer",
    "NotSendable",
    "ProblemCode",
    "UnexpectedAnswer",
    "etag",
    "every",
    "every_async",
    "open_export",
]
