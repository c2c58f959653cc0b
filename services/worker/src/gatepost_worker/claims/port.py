"""What the worker asks of Gatepost: work, the keeping of it, and an ear for how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatepost_worker.tasks import Outcome, Step, Task


class LeaseLost(Exception):
    """The claim is not this worker's any more: it expired, or another worker took over."""


class ServerUnavailable(Exception):
    """Gatepost gave no answer, or was not at its best; the same may go well a little later."""


class ClaimPort(Protocol):
    """Work, as Gatepost hands it out.

    A call that is cancelled may or may not have taken effect. What else than the two exceptions is
    raised is a refusal that stays one, such as of the worker's token.
    """

    async def claim(self, wait_s: float) -> Task | None:
        """The next task, waited for up to so long; none if there is none by then.

        Raises:
            ServerUnavailable: nobody knows whether there is one. A claim that was made all the same expires.
        """
        ...

    async def renew(self, task: Task) -> None:
        """Keep the claim for one more lease from now.

        Raises:
            LeaseLost: it is too late for that.
            ServerUnavailable: it may not have been renewed.
        """
        ...

    async def report(self, task: Task, steps: Sequence[Step], *, number: int) -> None:
        """Tell steps, in order. `number` is the first one's: those of a claim count from 1.

        Raises:
            LeaseLost: nobody listens any more.
            ServerUnavailable: they may not have been heard; they are told again, by the same number.
        """
        ...

    async def finish(self, task: Task, outcome: Outcome, steps: Sequence[Step]) -> None:
        """Tell how it ended, and the steps that were not told yet. StepLog again, it changes nothing.

        Raises:
            LeaseLost: another worker will tell, or has told.
            ServerUnavailable: it may not have been heard; it is told again.
        """
        ...
