"""The command executor, tested with real programs of this machine."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from gatepost_worker.executors import process_group
from gatepost_worker.executors.allowed_programs import allow_everywhere
from gatepost_worker.executors.command import CommandExecutor, CommandOptions, CommandSettings
from gatepost_worker.executors.executor import LostWorkerPolicy, RolloutInconclusive
from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.tasks import Outcome, Progress, Result, StepKind, failed, succeeded
from tests.support.worker import StepLog, a_task

SHELL = "/bin/sh"


@pytest.fixture
def log() -> StepLog:
    return StepLog()


async def run(log: StepLog, *arguments: str, allowed: str | None = None) -> Outcome:
    options = CommandOptions(allowed=(allow_everywhere(allowed or arguments[0]),))
    clock = SystemClock()
    progress = Progress(log, clock)
    progress.start(StepKind.EXECUTOR, "command")
    executor = CommandExecutor(CommandSettings(arguments=arguments), options, clock)
    return await executor.roll_out(a_task(), progress)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("echo rolled out", succeeded("rolled out")),
        ("true", succeeded()),
        ("echo no room >&2; exit 3", failed(f"{SHELL} exited with code 3: no room")),
        ("exit 1", failed(f"{SHELL} exited with code 1 without any output.")),
        ("kill -9 $$", failed(f"{SHELL} was killed by signal 9 without any output.")),
    ],
)
async def test_the_exit_code_decides_the_outcome(
    log: StepLog, script: str, outcome: Outcome
) -> None:
    """Only exit code 0 is a success. The note quotes the last line of output, if any."""
    assert await run(log, SHELL, "-c", script) == outcome


async def test_arguments_are_passed_without_a_shell(log: StepLog) -> None:
    """Arguments are passed unchanged, without any shell expansion."""
    outcome = await run(log, "/bin/echo", "$HOME; rm -rf *", "`id`", "")

    assert outcome == succeeded("$HOME; rm -rf * `id`")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("sh", SHELL), ("/bin/../bin/sh", SHELL), ("/bin//sh", SHELL), (SHELL, "/bin/echo")],
)
async def test_only_allowed_programs_are_run(log: StepLog, name: str, allowed: str) -> None:
    """The path must be identical; a different spelling of the same path is not allowed."""
    with pytest.raises(
        RolloutInconclusive, match=r"does not allow the program .* --allow-command /"
    ):
        await run(log, name, "-c", "echo ran", allowed=allowed)

    assert log.details == []


async def test_a_missing_program_is_an_unknown_outcome(log: StepLog) -> None:
    """The rollout is errored and not failed, because no program was run."""
    with pytest.raises(
        RolloutInconclusive, match="/nowhere could not be started: No such file or directory"
    ):
        await run(log, "/nowhere")


async def test_the_program_gets_the_deployment_and_not_the_workers_environment(
    log: StepLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's environment describes the deployment and contains no secret of the worker."""
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_s_secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    await run(log, "/usr/bin/env")

    environment = dict(line.split("=", 1) for line in "".join(log.details).splitlines())
    facts = {name: value for name, value in environment.items() if name.startswith("GATEPOST_")}
    assert facts == {
        "GATEPOST_ID": "0199-42",
        "GATEPOST_NUMBER": "DEP-42",
        "GATEPOST_SERVICE": "shop",
        "GATEPOST_ENVIRONMENT": "test",
        "GATEPOST_VERSION": "1.4.2",
        "GATEPOST_ARTIFACT_DIGEST": "sha256:abc",
        "GATEPOST_PREVIOUS_VERSION": "1.4.1",
        "GATEPOST_REQUESTER": "alice",
        "GATEPOST_APPROVED_BY": "bob,carol",
        "GATEPOST_BUILD_ID": "build-7",
        "GATEPOST_ATTEMPT": "1",
    }
    assert environment.keys() - facts.keys() == {"PATH", "LANG", "HOME", "TMPDIR"}
    assert not exists(environment["HOME"])


async def test_standard_input_is_empty(log: StepLog) -> None:
    """A program that reads input does not wait for it."""
    assert await run(log, SHELL, "-c", "cat; echo end") == succeeded("end")


async def test_background_processes_are_terminated_with_the_program(
    log: StepLog, tmp_path: Path
) -> None:
    """When the program exits, its background processes are terminated without a delay."""
    pid_file = tmp_path / "pid"

    outcome = await run(log, SHELL, "-c", f"sleep 60 & echo $! > {pid_file}; echo done")

    assert outcome == succeeded("done")
    assert await gone(int(pid_file.read_text()))


async def test_a_process_that_leaves_the_group_does_not_delay_the_deployment(log: StepLog) -> None:
    """The process keeps the output pipe open, but the worker stops reading from it."""
    script = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    time.sleep(5)\n"
        "    os._exit(0)\n"
        "print('done', flush=True)"
    )
    started_at = time.monotonic()

    outcome = await run(log, sys.executable, "-c", script)

    assert outcome == succeeded("done")
    assert time.monotonic() - started_at < 4.5


@pytest.mark.parametrize("trap", ["", "trap '' TERM;"], ids=["exits on SIGTERM", "ignores SIGTERM"])
async def test_cancellation_terminates_the_program_and_its_processes(
    log: StepLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str
) -> None:
    """No process of the program keeps running when the rollout is cancelled."""
    monkeypatch.setattr(process_group, "TERMINATION_GRACE_S", 0.1)
    pid_file = tmp_path / "pids"
    script = f"{trap} sleep 60 & echo $$ $! > {pid_file}; echo started; wait; sleep 60"
    started = asyncio.Event()

    def report_step(step: object) -> None:
        log(step)  # type: ignore[arg-type]  # a step
        if log.details:
            started.set()

    clock = SystemClock()
    progress = Progress(report_step, clock)
    progress.start(StepKind.EXECUTOR, "command")
    executor = CommandExecutor(
        CommandSettings(arguments=(SHELL, "-c", script)),
        CommandOptions(allowed=(allow_everywhere(SHELL),)),
        clock,
    )
    running = asyncio.create_task(executor.roll_out(a_task(), progress))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    for pid in map(int, pid_file.read_text().split()):
        assert await gone(pid)


async def test_long_output_is_truncated_without_blocking_the_program(log: StepLog) -> None:
    """Only the first 64 KiB are reported; the rest is read and discarded."""
    outcome = await run(log, SHELL, "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 0")

    assert outcome.result is Result.SUCCEEDED
    assert sum(detail.count("x") for detail in log.details) == 64 * 1024


@pytest.mark.parametrize("lost_worker_policy", LostWorkerPolicy)
def test_the_operator_configures_the_lost_worker_policy(
    lost_worker_policy: LostWorkerPolicy,
) -> None:
    """The executor has the configured policy; by default, an interrupted program is not rerun."""
    executor = CommandExecutor(
        CommandSettings(arguments=(SHELL,)),
        CommandOptions(allowed=(), lost_worker_policy=lost_worker_policy),
        SystemClock(),
    )

    assert executor.lost_worker_policy is lost_worker_policy
    assert CommandOptions(allowed=()).lost_worker_policy is LostWorkerPolicy.FAIL


async def gone(pid: int) -> bool:
    """Return whether the process ends or becomes a zombie within a second."""
    for _ in range(100):
        if not is_running(pid):
            return True
        await asyncio.sleep(0.01)
    return False


def exists(path: str) -> bool:
    return Path(path).exists()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
