"""A signal that wakes requests waiting for a change."""

from __future__ import annotations

import asyncio


class ChangeSignal:
    """Wakes waiting requests when this process changes something. Belongs to one event loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self._closing = False

    @property
    def is_closing(self) -> bool:
        """Whether the server is shutting down, in which case requests must stop waiting."""
        return self._closing

    def next_change(self) -> asyncio.Event:
        """Return the event that the next change sets.

        Get the event before checking the state, then wait for it.
        """
        return self._next

    def notify(self) -> None:
        """Wake all waiting requests."""
        current, self._next = self._next, asyncio.Event()
        current.set()

    def close(self) -> None:
        """Wake all waiting requests and mark the signal as closing."""
        self._closing = True
        self.notify()
