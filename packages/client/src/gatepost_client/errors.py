"""Why a call has no result: the server's own no, or what kept its answer from arriving."""

from __future__ import annotations

from typing import Final

from .models import DeploymentAction, DeploymentStatus, Problem, ProblemError

_EXCERPT: Final = 200
"""How many bytes of a foreign answer its message shows."""


class GatepostError(Exception):
    """A call has no result; every reason for that is one of the classes below."""


class GatepostProblem(GatepostError):
    """The server's own no (RFC 9457). Nothing has changed unless `detail` says so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        faults = "".join(f"\n  {fault.pointer}: {fault.detail}" for fault in self.errors)
        return f"{self.status} {self.code}: {self.detail}{faults}"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def code(self) -> str:
        """The kind of problem for programs; it never changes."""
        return self.problem.code

    @property
    def detail(self) -> str:
        """What is wrong this time and, where possible, what would help."""
        return self.problem.detail

    @property
    def errors(self) -> list[ProblemError]:
        """The faults of the input: at least one where the input is at fault, else none."""
        return self.problem.errors

    @property
    def deployment_status(self) -> DeploymentStatus | None:
        """Where the deployment stands, if its status or a gate refused the action."""
        return self.problem.deployment_status

    @property
    def allowed_actions(self) -> list[DeploymentAction] | None:
        """What can be done to the deployment instead, if its status or a gate refused."""
        return self.problem.allowed_actions


class NoAnswer(GatepostError):
    """The server was not reached, or its answer did not arrive whole.

    Whether it did what was asked is unknown; with an idempotency key, asking again is safe.
    """


class UnexpectedAnswer(GatepostError):
    """Something answered that does not keep to Gatepost's contract: a proxy's page, say."""

    def __init__(self, status: int, content: bytes) -> None:
        super().__init__(status, content)
        self.status = status
        self.content = content

    def __str__(self) -> str:
        return f"status {self.status}, not as Gatepost answers: {self.content[:_EXCERPT]!r}"


class NotSendable(GatepostError, ValueError):
    """An argument that no request can carry; nothing was sent."""


class BadSettings(GatepostError):
    """Which server to call, or by which token, cannot be told; the message names the setting."""


UnexpectedStatus = UnexpectedAnswer
"""The name by which the generated functions know it."""
