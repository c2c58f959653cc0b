"""Slots: how many tasks of each group of kinds run at once."""

from __future__ import annotations

import asyncio
from typing import Final

from gatepost_worker.tasks.kinds import MESSAGE_KINDS, ROLLOUT_KINDS, TaskKind

MESSAGE_SLOTS: Final = 8
"""How many messages are sent at once. Each webhook has at most one request in progress."""


class Slots:
    """The free slots of a worker."""

    def __init__(self, concurrency: int) -> None:
        """Create `concurrency` slots for rollouts and checks, and others for messages."""
        self._free = {ROLLOUT_KINDS: concurrency, MESSAGE_KINDS: MESSAGE_SLOTS}
        self._released = asyncio.Event()

    @property
    def free_kinds(self) -> tuple[TaskKind, ...]:
        """The kinds for which a slot is free."""
        return tuple(kind for kinds, free in self._free.items() if free > 0 for kind in kinds)

    @property
    def has_slot_for_every_kind(self) -> bool:
        """Whether a slot is free for every kind."""
        return all(free > 0 for free in self._free.values())

    def take(self, kind: TaskKind) -> None:
        """Take a slot for a task of this kind; one must be free."""
        self._free[_group_of(kind)] -= 1

    def release(self, kind: TaskKind) -> None:
        """Give back a slot that a task of this kind used."""
        self._free[_group_of(kind)] += 1
        self._released.set()

    def forget_releases(self) -> None:
        """Make the next `wait_for_release` wait for a slot that is given back after this call."""
        self._released.clear()

    async def wait_for_release(self) -> None:
        """Wait until a slot is given back."""
        await self._released.wait()


def _group_of(kind: TaskKind) -> tuple[TaskKind, ...]:
    return MESSAGE_KINDS if kind in MESSAGE_KINDS else ROLLOUT_KINDS
