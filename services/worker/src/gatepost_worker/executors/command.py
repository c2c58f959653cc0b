"""The command executor: runs a program on the worker's machine, if the worker allows that.

A second attempt fails, because it is unknown how far the program got in the first one, unless the
worker runs with `--rerun-commands`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from gatepost_client import models
from gatepost_worker.executors.allowed_programs import (
    AllowedProgram,
    allow_everywhere,
    find_allowed,
    read_allowed_programs,
)
from gatepost_worker.executors.executor import Executor, LostWorkerPolicy, RolloutInconclusive
from gatepost_worker.executors.executor_kind import (
    ExecutorDependencies,
    ExecutorKind,
    InvalidOption,
)
from gatepost_worker.executors.process_group import Program, run_program
from gatepost_worker.executors.program_output import OutputReporter
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.external_text import one_line_excerpt
from gatepost_worker.foundation.redaction import Redactor
from gatepost_worker.isolation.program_account import ProgramAccount, UnknownAccount
from gatepost_worker.isolation.readable_secrets import (
    SecretLocations,
    find_exposure,
    server_secret_paths,
)
from gatepost_worker.tasks import (
    Deployment,
    DeploymentTask,
    ExecutorSettings,
    Outcome,
    Progress,
    failed,
    succeeded,
)

REMAINING_OUTPUT_S: Final = 0.5
"""How long to read the remaining output after the program has exited. The program's own output is
complete by then, but a process that left its group could hold the pipe open forever."""

ADVICE: Final = (
    "Run the worker on another machine, or here under an account that the server does not use, or "
    "as root with --command-user."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSettings(ExecutorSettings):
    """The program to run and its arguments."""

    kind: ClassVar[str] = "command"
    arguments: tuple[str, ...]
    """The program and its arguments, which are passed unchanged, without a shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOptions:
    """Which programs the worker may run, and how it runs them."""

    allowed: tuple[AllowedProgram, ...]
    account: ProgramAccount | None = None
    """The account that runs the programs; None means the worker's own."""
    find_exposure: Callable[[], str | None] = field(default=lambda: None, compare=False)
    """Returns why a program could read a secret, or None if it cannot."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)
    """The worker's environment variables; a program gets only those allowed for it."""
    secrets: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """The worker's secrets, which are removed from output."""
    lost_worker_policy: LostWorkerPolicy = LostWorkerPolicy.FAIL
    """FAIL by default, because it is unknown what a program changed before its worker was lost."""


class CommandExecutor:
    """Runs the program; its exit code decides the outcome."""

    def __init__(self, settings: CommandSettings, options: CommandOptions, clock: Clock) -> None:
        self._arguments = settings.arguments
        self._options = options
        self._clock = clock

    @property
    def lost_worker_policy(self) -> LostWorkerPolicy:
        """The policy that `--rerun-commands` determines."""
        return self._options.lost_worker_policy

    async def roll_out(self, task: DeploymentTask, progress: Progress) -> Outcome:
        """Run the program to its end and report its output.

        Raises:
            RolloutInconclusive: the program is not allowed, could read a secret, or could not be
                started.
        """
        name, *_ = self._arguments
        allowed = find_allowed(self._options.allowed, self._arguments, task.deployment)
        if isinstance(allowed, str):
            raise RolloutInconclusive(allowed)
        if (exposure := await asyncio.to_thread(self._options.find_exposure)) is not None:
            raise RolloutInconclusive(f"{name} was not run: {exposure}. {ADVICE}")
        passed = {
            variable: self._options.variables[variable]
            for variable in allowed.variables
            if variable in self._options.variables
        }
        redactor = Redactor((*self._options.secrets, *passed.values()))
        output = OutputReporter(progress, self._clock, redactor)
        with tempfile.TemporaryDirectory(prefix="gatepost-") as folder:
            environment = passed | program_environment(task.deployment, Path(folder))
            try:
                _give_folder_to_account(Path(folder), self._options.account)
                async with run_program(
                    self._arguments,
                    environment=environment,
                    folder=Path(folder),
                    account=self._options.account,
                    limits=allowed.limits,
                ) as program:
                    exit_code = await _report_output_until_exit(program, output)
            except OSError as error:
                raise RolloutInconclusive(
                    f"{name} could not be started: {error.strerror}."
                ) from error
        return _outcome(name, exit_code, output.last_line)


def _give_folder_to_account(folder: Path, account: ProgramAccount | None) -> None:
    """Make the program's account the owner of the program's folder."""
    if account is not None and not account.is_current:
        os.chown(folder, account.uid, account.gid)


def program_environment(deployment: Deployment, folder: Path) -> dict[str, str]:
    """Return all environment variables of the program, which inherits none from the worker."""
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


async def _report_output_until_exit(program: Program, output: OutputReporter) -> int:
    """Report the output until the program exits; return its exit code."""
    reporting = asyncio.create_task(output.report(program.output))
    try:
        exit_code = await program.wait()
        await program.terminate()  # other processes of its group may still be running
        await asyncio.wait([reporting], timeout=REMAINING_OUTPUT_S)
    finally:
        reporting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reporting
        output.flush()
    return exit_code


def _outcome(name: str, exit_code: int, last_line: str) -> Outcome:
    if exit_code == 0:
        return succeeded(one_line_excerpt(last_line))
    end = f"was killed by signal {-exit_code}" if exit_code < 0 else f"exited with code {exit_code}"
    reason = f": {one_line_excerpt(last_line)}" if last_line else " without any output."
    return failed(f"{name} {end}{reason}")


def _to_domain(model: models.CommandExecutor) -> CommandSettings:
    return CommandSettings(arguments=tuple(model.arguments))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-command",
        metavar="PATH",
        action="append",
        default=[],
        help="absolute path of a program that every target may run on this machine, with any "
        "arguments; repeatable. Added to the paths in GATEPOST_ALLOW_COMMAND, which are separated "
        "as in PATH",
    )
    parser.add_argument(
        "--commands",
        metavar="FILE",
        help="TOML file of programs, with the environments, services and arguments for which each "
        "is allowed (default: GATEPOST_COMMANDS)",
    )
    parser.add_argument(
        "--command-user",
        metavar="ACCOUNT",
        help="account that runs the programs, if the worker runs as root (default: "
        "GATEPOST_COMMAND_USER, or else the worker's own account)",
    )
    parser.add_argument(
        "--rerun-commands",
        action="store_true",
        help="run a program again if its worker was lost; by default the deployment fails",
    )


def _read_options(arguments: argparse.Namespace, environment: Mapping[str, str]) -> CommandOptions:
    paths = environment.get("GATEPOST_ALLOW_COMMAND", "").split(os.pathsep)
    programs = [allow_everywhere(path) for path in [*filter(None, paths), *arguments.allow_command]]
    if file := arguments.commands or environment.get("GATEPOST_COMMANDS"):
        programs += read_allowed_programs(Path(file))
    account = _find_account(arguments.command_user or environment.get("GATEPOST_COMMAND_USER"))
    locations = SecretLocations(
        server_url=arguments.url or environment.get("GATEPOST_URL"),
        secret_files=tuple(map(Path, arguments.secret_files)),
        server_paths=server_secret_paths(environment),
        token_is_visible=arguments.token_is_visible,
    )
    return CommandOptions(
        allowed=tuple(programs),
        account=account,
        find_exposure=lambda: find_exposure(account or ProgramAccount.current(), locations),
        variables=environment,
        secrets=tuple(arguments.secrets),
        lost_worker_policy=LostWorkerPolicy.RERUN
        if arguments.rerun_commands
        else LostWorkerPolicy.FAIL,
    )


def _find_account(name: str | None) -> ProgramAccount | None:
    """Return the account that is to run the programs, or None if no name is given."""
    if not name:
        return None
    try:
        account = ProgramAccount.named(name)
    except UnknownAccount as error:
        raise InvalidOption(f"--command-user: {error}") from error
    if not account.is_current and not ProgramAccount.current().is_root:
        raise InvalidOption(
            f"--command-user: only a worker that runs as root can run programs as {account.name}; "
            f"run the worker itself as {account.name} instead"
        )
    return account


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
