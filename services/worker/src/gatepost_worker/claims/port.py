"""The claim port: what the worker needs from the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatepost_worker.tasks import (
    CheckReport,
    CheckTask,
    DeliveryReport,
    DeliveryTask,
    DeploymentTask,
    NotificationReport,
    NotificationTask,
    Outcome,
    ProtectionAnswerReport,
    ProtectionAnswerTask,
    StepReport,
    TaskKind,
)


class LeaseLost(Exception):
    """The claim expired or another worker took it over."""


class ServerUnavailable(Exception):
    """The server did not respond or is temporarily unavailable; a retry may succeed."""


class ClaimPort(Protocol):
    """The server's operations on claims.

    A cancelled call may or may not have taken effect. Any exception other than `LeaseLost` and
    `ServerUnavailable` is a permanent refusal, for example of the worker's token.
    """

    async def claim(
        self, wait_s: float, kinds: Sequence[TaskKind]
    ) -> DeploymentTask | CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | None:
        """Claim the next task of these kinds; return None if there is none within `wait_s`.

        Raises:
            ServerUnavailable: a task may have been claimed; its lease then expires.
        """
        ...

    async def renew(self, task: DeploymentTask) -> None:
        """Renew the lease for its full length from now.

        Raises:
            LeaseLost: the claim has ended.
            ServerUnavailable: the lease may not have been renewed.
        """
        ...

    async def report(
        self, task: DeploymentTask, steps: Sequence[StepReport], *, number: int
    ) -> None:
        """Report steps in order.

        `number` is the number of the first step; the steps of a claim are numbered from 1.

        Raises:
            LeaseLost: the claim has ended.
            ServerUnavailable: the steps may not have been recorded; retry with the same number.
        """
        ...

    async def finish(
        self, task: DeploymentTask, outcome: Outcome, steps: Sequence[StepReport]
    ) -> None:
        """Report the outcome and the remaining steps; repeating the call changes nothing.

        Raises:
            LeaseLost: the claim has ended; another worker reports the outcome.
            ServerUnavailable: the outcome may not have been recorded; retry.
        """
        ...

    async def renew_check_run(self, task: CheckTask) -> None:
        """Renew the lease of a check run for its full length from now.

        Raises:
            LeaseLost: the claim has ended.
            ServerUnavailable: the lease may not have been renewed.
        """
        ...

    async def finish_check_run(self, task: CheckTask, reports: Sequence[CheckReport]) -> None:
        """Report the results of a check run; repeating the call changes nothing.

        Raises:
            LeaseLost: the claim has ended; another worker reports the results.
            ServerUnavailable: the results may not have been recorded; retry.
        """
        ...

    async def finish_delivery(self, task: DeliveryTask, report: DeliveryReport) -> None:
        """Report how the receiver responded; repeating the call changes nothing.

        Raises:
            LeaseLost: the claim has ended; another worker sends the message.
            ServerUnavailable: the result may not have been recorded; retry.
        """
        ...

    async def finish_notifications(
        self, task: NotificationTask, report: NotificationReport
    ) -> None:
        """Report whether the message to people was sent; repeating the call changes nothing.

        Raises:
            LeaseLost: the claim has ended; another worker sends the message.
            ServerUnavailable: the result may not have been recorded; retry.
        """
        ...

    async def finish_answer(
        self, task: ProtectionAnswerTask, report: ProtectionAnswerReport
    ) -> None:
        """Report how GitHub responded to an answer; repeating the call changes nothing.

        Raises:
            LeaseLost: the claim has ended; another worker sends the answer.
            ServerUnavailable: the result may not have been recorded; retry.
        """
        ...
