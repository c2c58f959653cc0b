"""Workers that run as separate processes."""

from __future__ import annotations

import os
import signal
from typing import Self

from tests.support.processes.program import Program
from tests.support.processes.server import ServerProcess

EXIT_TIMEOUT_S = 30


class WorkerProcess:
    """A `gatepost-worker` process for a server, until it is stopped or killed."""

    def __init__(self, server: ServerProcess, name: str, *flags: str) -> None:
        self.name = name
        self._server = server
        self._flags = flags
        self._log_file = server.data.with_name(f"{name}.log")
        self._process: Program | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

    def start(self) -> None:
        """Start the process without waiting until it is ready."""
        with self._log_file.open("a") as log:
            self._process = Program(
                "gatepost_worker",
                f"--name={self.name}",
                *self._flags,
                stderr=log,
                env={
                    **os.environ,
                    "GATEPOST_URL": self._server.url,
                    "GATEPOST_TOKEN": self._server.worker_token,
                },
            )

    def kill(self) -> None:
        """Kill the process with SIGKILL."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """Stop the process with SIGTERM, as a service manager would, and return its exit code."""
        return self._signal(signal.SIGTERM)

    def log(self) -> str:
        return self._log_file.read_text(encoding="utf-8")

    def _signal(self, number: signal.Signals) -> int:
        assert self._process is not None, "the worker is not running"
        self._process.send_signal(number)
        exit_code = self._process.wait(EXIT_TIMEOUT_S)
        self._process.stdout.close()
        self._process = None
        return exit_code
