"""Workers as processes of their own, as teams run them beside their targets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Self

from tests.support.processes.server import ServerProcess

PATIENCE_S = 30


class WorkerProcess:
    """`gatepost-worker` for a server, until it is stopped or killed."""

    def __init__(self, server: ServerProcess, name: str, *flags: str) -> None:
        self.name = name
        self._server = server
        self._flags = flags
        self._log_file = server.data.with_name(f"{name}.log")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

    def start(self) -> None:
        """Start it; it works as soon as it can."""
        with self._log_file.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gatepost_worker", f"--name={self.name}", *self._flags],
                stderr=log,
                env={
                    **os.environ,
                    "GATEPOST_URL": self._server.url,
                    "GATEPOST_TOKEN": self._server.worker_token,
                },
            )

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, as a service manager does; the answer is its exit code."""
        return self._end(signal.SIGTERM)

    def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self._running().wait(PATIENCE_S)

    def log(self) -> str:
        return self._log_file.read_text(encoding="utf-8")

    def _end(self, how: signal.Signals) -> int:
        process = self._running()
        process.send_signal(how)
        code = process.wait(PATIENCE_S)
        self._process = None
        return code

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the worker is not running"
        return self._process
