"""The executor that runs a program, with real programs of this machine."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from gatepost_worker.executors import program
from gatepost_worker.executors.command import CommandExecutor, CommandOptions, CommandSettings
from gatepost_worker.executors.executor import CrashPolicy, OutcomeUnknown
from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.tasks import Outcome, Result, StepKind, failed, succeeded
from gatepost_worker.tasks.progress import Progress
from tests.support.worker import StepLog, a_task

SHELL = "/bin/sh"


@pytest.fixture
def told() -> StepLog:
    return StepLog()


async def run(told: StepLog, *arguments: str, allowed: str | None = None) -> Outcome:
    rules = CommandOptions(allowed=frozenset({allowed or arguments[0]}))
    clock = SystemClock()
    progress = Progress(told, clock)
    progress.begin(StepKind.EXECUTOR, "command")
    executor = CommandExecutor(CommandSettings(arguments=arguments), rules, clock)
    return await executor.roll_out(a_task(), progress)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("echo rolled out", succeeded("rolled out")),
        ("true", succeeded()),
        ("echo no room >&2; exit 3", failed(f"{SHELL} ended with exit code 3: no room")),
        ("exit 1", failed(f"{SHELL} ended with exit code 1 and said nothing.")),
        ("kill -9 $$", failed(f"{SHELL} was ended by signal 9 and said nothing.")),
    ],
)
async def test_the_exit_code_is_the_outcome(told: StepLog, script: str, outcome: Outcome) -> None:
    """With the last line that the program said, wherever it said it."""
    assert await run(told, SHELL, "-c", script) == outcome


async def test_no_shell_reads_the_arguments(told: StepLog) -> None:
    """They arrive as the target has them."""
    outcome = await run(told, "/bin/echo", "$HOME; rm -rf *", "`id`", "")

    assert outcome == succeeded("$HOME; rm -rf * `id`")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("sh", SHELL), ("/bin/../bin/sh", SHELL), ("/bin//sh", SHELL), (SHELL, "/bin/echo")],
)
async def test_only_what_the_worker_allows_is_run(told: StepLog, name: str, allowed: str) -> None:
    """Exactly as it was allowed: no spelling leads around that."""
    with pytest.raises(OutcomeUnknown, match=r"This worker does not run .* --allow-command /"):
        await run(told, name, "-c", "echo ran", allowed=allowed)

    assert told.details == []


async def test_a_program_that_is_not_there_is_told(told: StepLog) -> None:
    """Nothing was run, so nothing failed."""
    with pytest.raises(
        OutcomeUnknown, match="/nowhere could not be started: No such file or directory"
    ):
        await run(told, "/nowhere")


async def test_the_program_knows_the_deployment_and_nothing_of_the_worker(
    told: StepLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Least of all its token."""
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_s_secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    await run(told, "/usr/bin/env")

    found = dict(line.split("=", 1) for line in "".join(told.details).splitlines())
    facts = {name: value for name, value in found.items() if name.startswith("GATEPOST_")}
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
    assert found.keys() - facts.keys() == {"PATH", "LANG", "HOME", "TMPDIR"}
    assert not is_there(found["HOME"])


async def test_standard_input_is_empty(told: StepLog) -> None:
    """A program that asks back does not wait for ever."""
    assert await run(told, SHELL, "-c", "cat; echo end") == succeeded("end")


async def test_what_a_program_leaves_running_is_ended_with_it(
    told: StepLog, tmp_path: Path
) -> None:
    """It does not hold the deployment up either."""
    mark = tmp_path / "pid"

    outcome = await run(told, SHELL, "-c", f"sleep 60 & echo $! > {mark}; echo done")

    assert outcome == succeeded("done")
    assert await gone(int(mark.read_text()))


async def test_what_escapes_the_group_does_not_hold_the_deployment_up(told: StepLog) -> None:
    """Although it keeps the pipe of the output open."""
    script = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    time.sleep(5)\n"
        "    os._exit(0)\n"
        "print('done', flush=True)"
    )
    begun = time.monotonic()

    outcome = await run(told, sys.executable, "-c", script)

    assert outcome == succeeded("done")
    assert time.monotonic() - begun < 4.5


@pytest.mark.parametrize("trap", ["", "trap '' TERM;"], ids=["ends by itself", "has to be killed"])
async def test_being_cancelled_ends_the_program_and_all_it_started(
    told: StepLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str
) -> None:
    """At the deadline, or when the claim is another worker's by now."""
    monkeypatch.setattr(program, "END_WITHIN_S", 0.1)
    mark = tmp_path / "pids"
    script = f"{trap} sleep 60 & echo $$ $! > {mark}; echo begun; wait; sleep 60"
    begun = asyncio.Event()

    def report(step: object) -> None:
        told(step)  # type: ignore[arg-type]  # a step
        if told.details:
            begun.set()

    clock = SystemClock()
    progress = Progress(report, clock)
    progress.begin(StepKind.EXECUTOR, "command")
    executor = CommandExecutor(
        CommandSettings(arguments=(SHELL, "-c", script)),
        CommandOptions(allowed=frozenset({SHELL})),
        clock,
    )
    running = asyncio.create_task(executor.roll_out(a_task(), progress))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    for pid in map(int, mark.read_text().split()):
        assert await gone(pid)


async def test_much_output_is_told_in_part_and_holds_nothing_up(told: StepLog) -> None:
    """The program can write as much as it likes."""
    outcome = await run(told, SHELL, "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 0")

    assert outcome.result is Result.SUCCEEDED
    assert sum(detail.count("x") for detail in told.details) == 64 * 1024


@pytest.mark.parametrize("crash_policy", CrashPolicy)
def test_a_takeover_is_as_the_worker_is_configured(crash_policy: CrashPolicy) -> None:
    """By default a half-run program is not repeated blindly."""
    executor = CommandExecutor(
        CommandSettings(arguments=(SHELL,)),
        CommandOptions(allowed=frozenset(), crash_policy=crash_policy),
        SystemClock(),
    )

    assert executor.crash_policy is crash_policy
    assert CommandOptions(allowed=frozenset()).crash_policy is CrashPolicy.FAIL


async def gone(pid: int) -> bool:
    """Whether a process is gone, or is but the memory of one, within a second."""
    for _ in range(100):
        if not is_running(pid):
            return True
        await asyncio.sleep(0.01)
    return False


def is_there(path: str) -> bool:
    return Path(path).exists()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
