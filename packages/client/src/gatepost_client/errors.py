"""The errors that a call can raise, such as a refusal by the server or an invalid response."""

from __future__ import annotations

from typing import Final

from .models import DeploymentAction, DeploymentStatus, Problem, ProblemError

_EXCERPT_BYTES: Final = 200
"""How much of an unexpected response is shown in the error message."""


class GatepostError(Exception):
    """The base class of all errors of this client."""


class GatepostProblem(GatepostError):
    """The server refused the request (RFC 9457). Nothing was changed unless `detail` says so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
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
        """The deployment's status if it or a gate does not allow the action; otherwise None."""
        return self.problem.deployment_status

    @property
    def allowed_actions(self) -> list[DeploymentAction] | None:
        """The allowed actions if the status or a gate does not allow this one; otherwise None."""
        return self.problem.allowed_actions


class NoAnswer(GatepostError):
    """The server was not reached, or the connection broke before the response was complete.

    The server may have carried out the request; with an idempotency key, it is safe to retry.
    """


class UnexpectedAnswer(GatepostError):
    """The response does not match the API contract; it may come from a proxy."""

    def __init__(self, status: int, content: bytes) -> None:
        super().__init__(status, content)
        self.status = status
        self.content = content

    def __str__(self) -> str:
        return f"Unexpected response with status {self.status}: {self.content[:_EXCERPT_BYTES]!r}"


class NotSendable(GatepostError, ValueError):
    """An argument cannot be sent in a request; nothing was sent."""


class BadSettings(GatepostError):
    """The server URL or the token is missing or invalid; the message names the setting."""


UnexpectedStatus = UnexpectedAnswer
"""The name under which the generated functions import this error."""
