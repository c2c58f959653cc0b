"""One run of the command: the client it speaks through, and the form in which it answers."""

from __future__ import annotations

import json
from typing import Protocol

import httpx2

from gatepost_cli import terminal
from gatepost_client import Gatepost


class Clock(Protocol):
    """Time as following a deployment needs it; the module `time` is one."""

    def monotonic(self) -> float:
        """Seconds since some instant."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Let so many seconds pass."""
        ...


class Call:
    """What a word needs to be carried out."""

    def __init__(self, gatepost: Gatepost, *, as_json: bool, clock: Clock) -> None:
        self.gatepost = gatepost
        self.as_json = as_json
        self.clock = clock
        self.heard: object = None
        """The server's last answer as it came, also fields that the client does not know."""
        gatepost.client.get_httpx_client().event_hooks = {"response": [self._hear]}

    def answer(self, text: str, exactly: object) -> None:
        """Answer people with the text, and programs with exactly what the server said."""
        terminal.answer(json.dumps(exactly, indent=2) if self.as_json else text)

    def _hear(self, response: httpx2.Response) -> None:
        response.read()
        try:
            self.heard = response.json()
        except ValueError:
            self.heard = None
