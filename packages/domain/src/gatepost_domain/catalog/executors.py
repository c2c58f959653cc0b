"""The executors for rollouts. To add a kind, add a class and list it in `EXECUTORS`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias

from gatepost_domain.catalog.urls import faults_of_url
from gatepost_domain.errors import FieldError


class SimulatedOutcome(StrEnum):
    """The outcome of a simulated rollout."""

    SUCCEED = "succeed"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedExecutor:
    """Rolls out nothing, but waits for the duration and reports the configured outcome."""

    kind: ClassVar = "simulated"
    duration_s: int = 1
    outcome: SimulatedOutcome = SimulatedOutcome.SUCCEED
    failure_percent: int = 0
    """The percentage of deployments that fail; `outcome` applies to the others."""
    seed: int = 0
    """The seed that, together with the deployment number, determines which deployments fail."""

    def faults(self) -> Iterator[FieldError]:
        """Yield nothing, because every setting is valid."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookExecutor:
    """Sends a signed request to a CI engine, which performs the rollout."""

    kind: ClassVar = "webhook"
    url: str

    def faults(self) -> Iterator[FieldError]:
        """Yield an error for each fault in the URL."""
        yield from faults_of_url("executor/url", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandExecutor:
    """Runs a program on the worker's machine, without a shell."""

    kind: ClassVar = "command"
    arguments: tuple[str, ...]
    """The program and its arguments."""

    def faults(self) -> Iterator[FieldError]:
        """Yield an error if no program is named."""
        if not (self.arguments and self.arguments[0].strip()):
            yield FieldError(
                field="executor/arguments",
                code="no_program",
                detail="The first argument must name the program to run.",
            )


Executor: TypeAlias = SimulatedExecutor | WebhookExecutor | CommandExecutor

EXECUTORS: Final[Mapping[str, type[Executor]]] = {
    executor.kind: executor for executor in (SimulatedExecutor, WebhookExecutor, CommandExecutor)
}
"""Maps each kind, as named in the API and the database, to its executor."""
