"""The program that sends one message: it reads JSON from standard input and prints its result.

It runs in a process of its own, because Apprise and its libraries connect on their own: the process
is restricted to the allowed addresses, and is ended if it takes too long.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any, Final, TextIO
from urllib.parse import unquote

from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.isolation.process_hardening import forbid_memory_access
from gatepost_worker.notifications.process_sandbox import ProcessSandbox

MISSING: Final = (
    "Apprise is not installed on the worker. Install it with `pip install "
    "'gatepost-worker[notifications]'`, and restart the worker."
)
INVALID: Final = "Apprise cannot read the URL of the channel. Set the URL again."
NOT_ACCEPTED: Final = "The message was not accepted."
SETTING: Final = "GATEPOST_OUTGOING_ALLOW of the server"

_MASK: Final = "***"
_MIN_SECRET_CHARS: Final = 4
_SEPARATORS: Final = re.compile(r"[/:@?&=#,;\s]+")


class WarningCollector(logging.Handler):
    """Collects Apprise's warnings, which explain why a message was not sent."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message of a warning."""
        self.messages.append(record.getMessage())


def main() -> int:
    """Send the message, print whether it was sent, and return 0 in either case."""
    forbid_memory_access()
    output, sys.stdout = sys.stdout, sys.stderr  # libraries may print
    request: dict[str, Any] = json.load(sys.stdin)
    try:
        detail = _send(request)
    except Exception as error:  # noqa: BLE001  # any bug in a library
        detail = f"Internal error ({type(error).__name__})."
    _reply(output, detail)
    return 0


def mask_url_parts(text: str, url: str) -> str:
    """Return the text with all parts of the URL masked, except the scheme and very short parts."""
    rest = url.partition("://")[2]
    parts = {*_SEPARATORS.split(rest), *_SEPARATORS.split(unquote(rest))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _MIN_SECRET_CHARS:
            text = text.replace(part, _MASK)
    return text


def _send(request: dict[str, Any]) -> str:
    """Send the message; return what went wrong, or an empty string."""
    try:
        import apprise  # noqa: PLC0415  # an extra
    except ImportError:
        return MISSING
    warnings = WarningCollector()
    logging.getLogger("apprise").addHandler(warnings)
    asset = apprise.AppriseAsset(
        app_id="Gatepost",
        app_desc="Gatepost",
        app_url="",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    channel = apprise.Apprise(asset=asset)
    if not channel.add(request["url"]):
        return INVALID
    sandbox = ProcessSandbox(AllowList(request["outgoing_allow"], setting=SETTING))
    sandbox.install()
    sent = channel.notify(
        title=request["title"], body=request["body"], body_format=apprise.NotifyFormat.TEXT
    )
    if sent:
        return ""
    if sandbox.refusals:
        return sandbox.refusals[0]
    text = " ".join(warnings.messages[:2]) or NOT_ACCEPTED
    return mask_url_parts(" ".join(text.split()), request["url"])


def _reply(output: TextIO, detail: str) -> None:
    output.write(json.dumps({"sent": not detail, "detail": detail}) + "\n")
    output.flush()


if __name__ == "__main__":
    sys.exit(main())
