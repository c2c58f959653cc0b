"""The Python client for Gatepost: `Gatepost` and `AsyncGatepost`, with a method per operation.

The types of arguments and results are in `gatepost_client.models`.
"""

from .clients import AsyncGatepost, Gatepost
from .errors import (
    BadSettings,
    DeploymentEnded,
    GatepostError,
    GatepostProblem,
    NoAnswer,
    NotSendable,
    UnexpectedAnswer,
    WaitTimedOut,
)
from .etags import etag
from .export import open_export
from .pagination import every, every_async
from .problem_codes import ProblemCode
from .retries import Retries
from .version import VERSION

__version__ = VERSION

__all__ = [
    "AsyncGatepost",
    "BadSettings",
    "DeploymentEnded",
    "Gatepost",
    "GatepostError",
    "GatepostProblem",
    "NoAnswer",
    "NotSendable",
    "ProblemCode",
    "Retries",
    "UnexpectedAnswer",
    "WaitTimedOut",
    "__version__",
    "etag",
    "every",
    "every_async",
    "open_export",
]
