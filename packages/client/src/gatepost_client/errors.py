"""The errors that a call can raise, such as a refusal by the server or an invalid response."""

from __future__ import annotations

from typing import Final

from .base_errors import GatepostError, NotSendable
from .models import Deployment, DeploymentAction, DeploymentStatus, Problem, ProblemError
from .version import VERSION

__all__ = [
    "BadSettings",
    "DeploymentEnded",
    "GatepostError",
    "GatepostProblem",
    "NoAnswer",
    "NotSendable",
    "UnexpectedAnswer",
    "UnexpectedStatus",
    "WaitTimedOut",
]

_EXCERPT_BYTES: Final = 200
"""How much of an unexpected response is shown in the error message."""


class GatepostProblem(GatepostError):
    """The server refused the request (RFC 9457). Nothing was changed unless `detail` states it."""

    def __init__(self, problem: Problem, *, retry_after_s: float | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.retry_after_s = retry_after_s
        """The number of seconds to wait before a retry; None if the response does not state it."""

    def __str__(self) -> str:
        if len(self.errors) == 1 and self.errors[0].detail == self.detail:  # say it once
            return f"{self.status} {self.code}: {self.errors[0].pointer}: {self.detail}"
        errors = "".join(f"\n  {error.pointer}: {error.detail}" for error in self.errors)
        return f"{self.status} {self.code}: {self.detail}{errors}"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def code(self) -> str:
        """The stable code of the problem, for programs."""
        return self.problem.code

    @property
    def detail(self) -> str:
        """The explanation of this occurrence and, where possible, the remedy."""
        return self.problem.detail

    @property
    def errors(self) -> list[ProblemError]:
        """The invalid parts of the input; empty if the input was valid."""
        return self.problem.errors

    @property
    def deployment_status(self) -> DeploymentStatus | None:
        """The deployment's status, if the status or a gate forbids the action; otherwise None."""
        return self.problem.deployment_status

    @property
    def allowed_actions(self) -> list[DeploymentAction] | None:
        """The allowed actions if the status or a gate forbids the attempted one; otherwise None."""
        return self.problem.allowed_actions


class NoAnswer(GatepostError):
    """The server was not reached, or the connection broke before the response was complete.

    The server may have carried out the request; with an idempotency key, it is safe to retry.
    """

    def __init__(self, message: str, *, is_sent: bool = True, is_temporary: bool = True) -> None:
        super().__init__(message)
        self.is_sent = is_sent
        """Whether the server may have received the request; False if it was not reached at all."""
        self.is_temporary = is_temporary
        """Whether a retry may succeed; False for an unknown host or an invalid certificate."""


class UnexpectedAnswer(GatepostError):
    """The response does not match the API contract; it may come from a proxy."""

    def __init__(
        self,
        status: int,
        content: bytes,
        *,
        fault: str | None = None,
        field: str | None = None,
        server_version: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(status, content)
        self.status = status
        self.content = content
        self.fault = fault
        """The fault, as a sentence; None if the HTTP status is not documented for the operation."""
        self.field = field
        """The missing or invalid field, such as `items.hidden`; None if no field is at fault."""
        self.server_version = server_version
        """The version of the server; None if the response does not contain it."""
        self.client_version = VERSION
        """The version of this client."""
        self.retry_after_s = retry_after_s
        """The number of seconds to wait before a retry; None if the response does not state it."""

    def __str__(self) -> str:
        fault = f"{self.fault} " if self.fault else ""
        server = f"Gatepost {self.server_version}" if self.server_version else "of unknown version"
        return (
            f"Unexpected response with status {self.status}: {fault}"
            f"The client is gatepost-client {self.client_version}, the server is {server}. "
            f"Content: {self.content[:_EXCERPT_BYTES]!r}"
        )


class WaitTimedOut(GatepostError, TimeoutError):
    """`wait_for` ended before the deployment reached the status; the deployment continues."""

    def __init__(self, deployment: Deployment, timeout_s: float) -> None:
        super().__init__(deployment, timeout_s)
        self.deployment = deployment
        """The deployment as it was most recently received."""
        self.timeout_s = timeout_s
        """The time limit, in seconds."""

    def __str__(self) -> str:
        return (
            f"{self.deployment.number} is still {self.deployment.status} after "
            f"{self.timeout_s:g} s; it continues on the server."
        )


class DeploymentEnded(GatepostError):
    """The deployment ended without reaching the status that `wait_for` waited for."""

    def __init__(self, deployment: Deployment, until: frozenset[str]) -> None:
        super().__init__(deployment, until)
        self.deployment = deployment
        """The deployment, which has ended."""
        self.until = until
        """The statuses for which `wait_for` waited."""

    def __str__(self) -> str:
        expected = " or ".join(sorted(self.until))
        return f"{self.deployment.number} is {self.deployment.status}; it was never {expected}."


class BadSettings(GatepostError):
    """The server URL or the token is missing or invalid; the message names the setting."""


UnexpectedStatus = UnexpectedAnswer
"""The name under which the generated functions import this error."""
