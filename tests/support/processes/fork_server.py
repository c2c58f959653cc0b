"""A process that has imported Gatepost and forks the programs of the tests from itself.

A program that is started in the usual way spends two seconds of CPU on imports. `program.py` sends
the requests; each contains the module to run and the files to use as standard output, standard
error and report of the process id and of the exit code.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module

MODULES = (
    "aiosqlite",
    "alembic.command",
    "alembic.config",
    "anyio._backends._asyncio",
    "encodings.idna",
    "gatepost_api.main",
    "gatepost_api.server_start",
    "gatepost_api.server.migrate_command",
    "gatepost_cli.main",
    "gatepost_client.models",
    "gatepost_persistence.migrations.row_changes",
    "gatepost_persistence.postgres.ledger",
    "gatepost_worker.main",
    "httpcore2",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.websockets.auto",
)
MAX_REQUEST_BYTES = 1 << 18


def fork_programs(requests: socket.socket) -> None:
    """Fork a program for each request until the tests close the socket.

    In a program, this returns when the program ends.
    """
    running: dict[int, tuple[int, int]] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), *running], [], [])
        for file in ready:
            if file in running:
                _report_exit(file, *running.pop(file))
                continue
            payload, files, *_ = socket.recv_fds(requests, MAX_REQUEST_BYTES, maxfds=3)
            if not payload:
                return
            stdout, stderr, report = files
            pid = os.fork()
            if pid == 0:
                requests.close()
                os.close(report)
                _use_as_output(stdout, stderr)
                try:
                    _run(**json.loads(payload))
                except SystemExit as end:
                    if isinstance(end.code, int):
                        with suppress(OSError):  # the output cannot be written
                            _exit(end.code)
                    raise
                return
            os.close(stdout)
            os.close(stderr)
            os.write(report, f"{pid}\n".encode())
            running[os.pidfd_open(pid)] = pid, report


def _report_exit(exit_file: int, pid: int, report: int) -> None:
    """Report the exit code of a program that has ended."""
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):  # the test has failed and waits for no exit code
        os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os.close(report)
    os.close(exit_file)


def _use_as_output(stdout: int, stderr: int) -> None:
    """Replace standard output and standard error; the old objects expect another kind of file."""
    for file, standard_file in ((stdout, 1), (stderr, 2)):
        os.dup2(file, standard_file)
        os.close(file)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)


def _run(module: str, arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Do what `python -m` does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.enable()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _exit(code: int) -> None:
    """End the program without destroying the modules.

    Their memory is shared with the fork server; to destroy them would copy it, which takes longer
    than most commands.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # the same steps as at the end of any program
    atexit._run_exitfuncs()  # noqa: SLF001
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def prepare_server() -> None:
    """Do in advance what takes every server long: registering routes, and compiling templates."""
    app = import_module("gatepost_api.app")
    # A program creates only one application.
    vars(app)["register_routes"] = cache(app.register_routes)
    app.create_app()
    import_module("sqlalchemy.orm").configure_mappers()
    if "LD_PRELOAD" in os.environ:
        return  # servers with faults show no pages
    jinja = import_module("gatepost_api.console.rendering.page").JINJA
    for template in jinja.list_templates():
        jinja.get_template(template)


if __name__ == "__main__":
    gc.disable()  # nothing that is imported is garbage
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, the tests end first
    for name in MODULES:
        import_module(name)
    prepare_server()
    gc.freeze()  # keeps the memory shared
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        fork_programs(requests)
