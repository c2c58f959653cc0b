"""The process that sends a message is restricted by the events that Python reports."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.notifications.process_sandbox import ProcessSandbox


def a_guard(*allowed: str) -> ProcessSandbox:
    return ProcessSandbox(AllowList(allowed, setting="GATEPOST_OUTGOING_ALLOW of the server"))


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("127.0.0.1", 25))),
        ("socket.connect", (None, ("::ffff:169.254.169.254", 80, 0, 0))),
        ("socket.sendto", (None, ("10.0.0.1", 514))),
        ("socket.connect", (None, ("mail.example", 25))),
        ("socket.connect", (None, "/run/docker.sock")),
        ("open", ("/etc/passwd", "r", 0)),
        ("open", (Path("/proc/self/environ"), None, 0)),
        ("subprocess.Popen", ("sh", [], None, None)),
        ("os.system", (b"true",)),
    ],
)
def test_everything_else_is_refused(event: str, arguments: tuple[Any, ...]) -> None:
    """Internal addresses, sockets of the machine, its files and its programs."""
    with pytest.raises(PermissionError):
        a_guard().check_event(event, arguments)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("127.0.0.1", 25))),
        ("socket.connect", (None, ("127.0.0.7", 25))),
        ("socket.sendmsg", (None, None)),
        ("open", (json.__file__, "r", 0)),
        ("open", (os.fsencode(json.__file__), "r", 0)),
        ("open", (3, "r", 0)),
        ("import", ("json", None, None, None, None)),
    ],
)
def test_what_sending_needs_is_allowed(event: str, arguments: tuple[Any, ...]) -> None:
    """Addresses in the list, and the files of Python."""
    guard = a_guard("127.0.0.0/8")

    guard.check_event(event, arguments)

    assert guard.refusals == []


def test_refusal_names_the_setting() -> None:
    """The admin sees what to add."""
    guard = a_guard()
    with pytest.raises(PermissionError):
        guard.check_event("socket.connect", (None, ("192.168.1.2", 25)))

    (refusal,) = guard.refusals
    assert refusal.startswith("192.168.1.2 is a private address;")
    assert refusal.endswith("add 192.168.1.2 to GATEPOST_OUTGOING_ALLOW of the server.")
