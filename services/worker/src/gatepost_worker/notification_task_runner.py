"""The notification task runner: sends a message to people once, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gatepost_worker.foundation.external_text import sanitize
from gatepost_worker.foundation.redaction import redact
from gatepost_worker.tasks import NotificationReport, NotificationTask

PROGRAM: Final = ("-P", "-m", "gatepost_worker.notifications.send")
MAX_DETAIL_CHARS: Final = 500

_KEPT_VARIABLES: Final = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "SYSTEMROOT")
"""The variables that the program gets from the worker; they exclude proxies and credentials."""

_log = logging.getLogger("gatepost.worker")


async def send_notification(task: NotificationTask) -> NotificationReport:
    """Send the message of a task, and return whether it was sent."""
    try:
        detail = await _run_program(task)
    except TimeoutError:
        detail = f"The message was not sent within {task.timeout_s:g} s."
    except Exception as error:  # noqa: BLE001  # any bug
        _log.exception("A notification was not sent because of an internal error.")
        detail = f"Internal error in the worker ({type(error).__name__}); see the worker's log."
    return NotificationReport(sent=not detail, detail=sanitize(redact(detail))[:MAX_DETAIL_CHARS])


async def _run_program(task: NotificationTask) -> str:
    """Run the program that sends the message; return what went wrong, or an empty string."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_program_environment(os.environ),
        cwd="/",
        start_new_session=True,
    )
    request = {
        "url": task.url,
        "title": task.title,
        "body": task.body,
        "outgoing_allow": task.outgoing_allow,
    }
    try:
        async with asyncio.timeout(task.timeout_s):
            output, _ = await process.communicate(json.dumps(request).encode())
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.returncode != 0:
        return f"The program that sends messages exited with code {process.returncode}."
    result: Any = json.loads(output)
    return str(result["detail"])


def _program_environment(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: environment[name] for name in _KEPT_VARIABLES if name in environment}
    # The program may read anything on its path, so the folder of the worker is left out.
    path = [folder for folder in sys.path if folder not in {"", os.curdir, str(Path.cwd())}]
    if "SSL_CERT_FILE" in kept:
        kept["REQUESTS_CA_BUNDLE"] = kept["SSL_CERT_FILE"]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
