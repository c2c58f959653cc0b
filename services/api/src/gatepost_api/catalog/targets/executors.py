"""Executors in requests and responses.

A new kind of executor needs a request body and a response model, each added to its union.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, TypeAlias

import msgspec

from gatepost_api.schemas.base import (
    END_OF_TEXT,
    RULE,
    VISIBLE_CHARACTER,
    RequestModel,
    ResponseModel,
)
from gatepost_domain.catalog.executors import EXECUTORS, Executor, SimulatedOutcome

Url = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^https?://{VISIBLE_CHARACTER}+{END_OF_TEXT}",
        max_length=2000,
        extra={RULE: "an http or https URL without spaces"},
        description="An absolute http or https URL without a user name, password or fragment.",
        examples=["https://shop.example"],
    ),
]
Argument = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[^\x00]*{END_OF_TEXT}",
        max_length=4000,
        extra={RULE: "text without NUL characters"},
    ),
]


class SimulatedExecutorBody(RequestModel, tag="simulated", tag_field="kind"):
    """A simulated rollout: waits for the configured duration and ends as configured."""

    duration_s: Annotated[int, msgspec.Meta(ge=0, le=600)] = 1
    """The duration of the simulated rollout in seconds."""
    outcome: SimulatedOutcome = SimulatedOutcome.SUCCEED
    failure_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    """The percentage of deployments that fail regardless of `outcome`."""
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0
    """A seed that, together with the deployment's number, determines which deployments fail."""


class WebhookExecutorBody(RequestModel, tag="webhook", tag_field="kind"):
    """A signed request to a CI engine that rolls the deployment out."""

    url: Url


class CommandExecutorBody(RequestModel, tag="command", tag_field="kind"):
    """A program that runs on the worker's machine, if the worker allows it."""

    arguments: Annotated[list[Argument], msgspec.Meta(min_length=1, max_length=50)]
    """The program and its arguments. Not interpreted by a shell."""


class SimulatedExecutor(ResponseModel, tag="simulated", tag_field="kind"):
    """A simulated rollout: waits for the configured duration and ends as configured."""

    duration_s: int
    """The duration of the simulated rollout in seconds."""
    outcome: SimulatedOutcome
    failure_percent: int
    """The percentage of deployments that fail regardless of `outcome`."""
    seed: int
    """A seed that, together with the deployment's number, determines which deployments fail."""


class WebhookExecutor(ResponseModel, tag="webhook", tag_field="kind"):
    """A signed request to a CI engine that rolls the deployment out."""

    url: str
    """The URL that the signed request is sent to."""


class CommandExecutor(ResponseModel, tag="command", tag_field="kind"):
    """A program that runs on the worker's machine, if the worker allows it."""

    arguments: list[str]
    """The program and its arguments."""


ExecutorBody: TypeAlias = SimulatedExecutorBody | WebhookExecutorBody | CommandExecutorBody
ExecutorOutput: TypeAlias = SimulatedExecutor | WebhookExecutor | CommandExecutor


def executor_to_domain(body: ExecutorBody) -> Executor:
    """Return the domain executor for a body with the same fields."""
    fields = msgspec.to_builtins(body)
    executor: Executor = msgspec.convert(fields, EXECUTORS[fields.pop("kind")])
    return executor


def executor_from_domain(executor: Executor) -> ExecutorOutput:
    """Return the response model for a domain executor with the same fields."""
    fields = {**asdict(executor), "kind": executor.kind}
    output: ExecutorOutput = msgspec.convert(fields, ExecutorOutput)
    return output
