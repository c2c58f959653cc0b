"""The executor that runs a program of the worker's machine, where the worker allows that."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from gatepost_client import models
from gatepost_worker.executors.executor import CrashPolicy, Executor, OutcomeUnknown
from gatepost_worker.executors.kind import ExecutorDependencies, ExecutorKind, InvalidOption
from gatepost_worker.executors.program import Program, running
from gatepost_worker.executors.program_output import Output
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.text import quoted
from gatepost_worker.tasks import Deployment, ExecutorSettings, Outcome, Task, failed, succeeded
from gatepost_worker.tasks.progress import Progress

LAST_WORDS_S: Final = 0.5
"""How long the rest of the output is waited for when the program has ended. All of its own is there
by then, but what left its process group may hold the pipe open for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSettings(ExecutorSettings):
    """A program rolls out. It is started with these arguments; no shell reads them."""

    kind: ClassVar[str] = "command"
    arguments: tuple[str, ...]
    """The program is the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOptions:
    """What the worker's own configuration says of programs."""

    allowed: frozenset[str]
    """By absolute path, exactly as a target names them; none where it is empty."""
    crash_policy: CrashPolicy = CrashPolicy.FAIL
    """What becomes of a program whose worker was lost: nobody knows how far it came."""


class CommandExecutor:
    """Runs the program; its exit code is the outcome."""

    def __init__(self, settings: CommandSettings, rules: CommandOptions, clock: Clock) -> None:
        self._arguments = settings.arguments
        self._rules = rules
        self._clock = clock

    @property
    def crash_policy(self) -> CrashPolicy:
        """As `Executor.crash_policy`."""
        return self._rules.crash_policy

    async def roll_out(self, task: Task, progress: Progress) -> Outcome:
        """As `Executor.roll_out`."""
        name, *_ = self._arguments
        if name not in self._rules.allowed:
            raise OutcomeUnknown(
                f"This worker does not run {name}. It runs only what it was started with: "
                f"--allow-command {name if Path(name).is_absolute() else '/PATH/TO/PROGRAM'}."
            )
        output = Output(progress, self._clock)
        with tempfile.TemporaryDirectory(prefix="gatepost-") as folder:
            surroundings = environment(task.deployment, Path(folder))
            try:
                async with running(
                    self._arguments, environment=surroundings, folder=Path(folder)
                ) as program:
                    code = await _heard(program, output)
            except OSError as error:
                raise OutcomeUnknown(f"{name} could not be started: {error.strerror}.") from error
        return _outcome(name, code, output.last_line)


def environment(deployment: Deployment, folder: Path) -> dict[str, str]:
    """All that the program finds in its environment; nothing of the worker's own."""
    facts = {
        "ID": deployment.id,
        "NUMBER": deployment.number,
        "SERVICE": deployment.service,
        "ENVIRONMENT": deployment.environment,
        "VERSION": deployment.version,
        "ARTIFACT_DIGEST": deployment.artifact_digest or "",
        "PREVIOUS_VERSION": deployment.previous_version or "",
        "REQUESTER": deployment.requester,
        "APPROVED_BY": ",".join(deployment.approved_by),
        "BUILD_ID": deployment.build_id,
        "ATTEMPT": f"{deployment.attempt}",
    }
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": f"{folder}",
        "TMPDIR": f"{folder}",
        **{f"GATEPOST_{name}": value for name, value in facts.items()},
    }


async def _heard(program: Program, output: Output) -> int:
    """The program's exit code, when its output was told."""
    telling = asyncio.create_task(output.tell(program.output))
    try:
        code = await program.ended()
        await program.end()  # what it left running in its group
        await asyncio.wait([telling], timeout=LAST_WORDS_S)
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling
        output.tell_gathered()
    return code


def _outcome(name: str, code: int, last_line: str) -> Outcome:
    if code == 0:
        return succeeded(quoted(last_line))
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    said = f": {quoted(last_line)}" if last_line else " and said nothing."
    return failed(f"{name} {how}{said}")


def _to_domain(model: models.CommandExecutor) -> CommandSettings:
    return CommandSettings(arguments=tuple(model.arguments))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-command",
        metavar="PATH",
        action="append",
        default=[],
        help="a program that targets may have run here, by absolute path; may be given again",
    )
    parser.add_argument(
        "--rerun-commands",
        action="store_true",
        help="run a program anew if its worker was lost; else the deployment fails",
    )


def _read_options(arguments: argparse.Namespace, environment: Mapping[str, str]) -> CommandOptions:
    paths = environment.get("GATEPOST_ALLOW_COMMAND", "").split(os.pathsep)
    programs = [*filter(None, paths), *arguments.allow_command]
    if relative := [program for program in programs if not Path(program).is_absolute()]:
        raise InvalidOption(f"a program is allowed by its absolute path, not by {relative[0]!r}")
    return CommandOptions(
        allowed=frozenset(programs),
        crash_policy=CrashPolicy.RERUN if arguments.rerun_commands else CrashPolicy.FAIL,
    )


def _create(
    settings: CommandSettings, options: CommandOptions, dependencies: ExecutorDependencies
) -> Executor:
    return CommandExecutor(settings, options, dependencies.clock)


KIND: Final = ExecutorKind(
    settings=CommandSettings,
    to_domain=_to_domain,
    create=_create,
    add_arguments=_add_arguments,
    read_options=_read_options,
)
