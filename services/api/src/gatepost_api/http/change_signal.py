"""Telling those who wait that something has changed."""

from __future__ import annotations

import asyncio


class ChangeSignal:
    """Wakes whoever waits for a change made by this process; it belongs to one event loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self._closing = False

    @property
    def is_closing(self) -> bool:
        """Whether the server stops, so that nobody should wait any longer."""
        return self._closing

    def next_change(self) -> asyncio.Event:
        """Set once something changes from now on; ask for it before you look, then wait for it."""
        return self._next

    def notify(self) -> None:
        """Wake all who wait."""
        told, self._next = self._next, asyncio.Event()
        told.set()

    def close(self) -> None:
        """Wake all who wait, for good."""
        self._closing = True
        self.notify()
