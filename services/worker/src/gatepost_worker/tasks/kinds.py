"""The kinds of tasks that a worker can claim."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class TaskKind(StrEnum):
    """What a task does: roll out, run checks, or send a message or an answer."""

    DEPLOYMENT = "deployment"
    CHECK_RUN = "check_run"
    WEBHOOK_DELIVERY = "webhook_delivery"
    NOTIFICATION = "notification"
    PROTECTION_ANSWER = "protection_answer"


ROLLOUT_KINDS: Final[tuple[TaskKind, ...]] = (TaskKind.DEPLOYMENT, TaskKind.CHECK_RUN)
"""The kinds that count against the concurrency of the worker."""

MESSAGE_KINDS: Final[tuple[TaskKind, ...]] = (
    TaskKind.WEBHOOK_DELIVERY,
    TaskKind.NOTIFICATION,
    TaskKind.PROTECTION_ANSWER,
)
"""The kinds that have their own slots, so that slow receivers do not delay rollouts."""
