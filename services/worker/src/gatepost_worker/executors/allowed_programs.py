"""The programs that a worker may run: for which deployments, and with which arguments."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, cast

from gatepost_worker.executors.executor_kind import InvalidOption
from gatepost_worker.executors.process_group import ProgramLimits
from gatepost_worker.foundation.external_text import format_count
from gatepost_worker.tasks import Deployment

EVERYTHING: Final = ("*",)
_WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OWN_PREFIX: Final = "GATEPOST_"

_TEXT_LISTS: Final = ("environments", "services", "arguments", "variables")
_LIMITS: Final = ("cpu_s", "memory_mb", "file_mb", "open_files", "processes")
_KEYS: Final = frozenset({"program", "any_arguments", *_TEXT_LISTS, *_LIMITS})


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedProgram:
    """A program that targets may run, and the conditions for running it."""

    program: str
    """The absolute path, compared as text with the one in a target's settings."""
    environments: tuple[str, ...] = EVERYTHING
    services: tuple[str, ...] = EVERYTHING
    """Patterns with `*`, `?` and `[…]` for the environments and services for which the program may
    run."""
    arguments: tuple[str, ...] | None = None
    """For each argument, a regular expression that must match it completely; None allows any
    arguments."""
    variables: tuple[str, ...] = ()
    """The names of the worker's environment variables that the program receives."""
    limits: ProgramLimits = field(default_factory=ProgramLimits)

    def find_obstacle(self, arguments: Sequence[str], deployment: Deployment) -> str | None:
        """Return why the deployment or the arguments are not allowed, or None if both are."""
        if not _matches(self.environments, deployment.environment):
            return f"not in the environment {deployment.environment}"
        if not _matches(self.services, deployment.service):
            return f"not for the service {deployment.service}"
        if self.arguments is None:
            return None
        if len(arguments) != len(self.arguments):
            return f"with {format_count(len(self.arguments), 'argument')}, not {len(arguments)}"
        for number, (pattern, argument) in enumerate(
            zip(self.arguments, arguments, strict=True), start=1
        ):
            if re.fullmatch(pattern, argument) is None:
                return f"not with this value of argument {number}"
        return None


def read_allowed_programs(file: Path) -> tuple[AllowedProgram, ...]:
    """Read the programs from a TOML file with one table `[[command]]` per program.

    Raises:
        InvalidOption: the file cannot be read, is invalid, or can be changed by other accounts.
    """
    try:
        if file.stat().st_mode & _WRITABLE_BY_OTHERS:
            raise InvalidOption(f"{file}: other accounts can change it; run chmod go-w on it")
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InvalidOption(f"{file} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidOption(f"{file} is not a TOML file: {error}") from error
    tables = document.pop("command", None)
    if document or not isinstance(tables, list):
        raise InvalidOption(f"{file}: list the programs in tables [[command]], and nothing else")
    try:
        return tuple(_parse_program(table) for table in cast("list[object]", tables))
    except InvalidOption as error:
        raise InvalidOption(f"{file}: {error}") from error


def allow_everywhere(program: str) -> AllowedProgram:
    """Return a program that every target may run with any arguments.

    Raises:
        InvalidOption: the path is not absolute.
    """
    return AllowedProgram(program=_require_absolute(program))


def _parse_program(table: object) -> AllowedProgram:
    if not isinstance(table, dict):
        raise InvalidOption("each program must be a table [[command]]")
    values = cast("dict[str, Any]", table)
    if unknown := sorted(values.keys() - _KEYS):
        raise InvalidOption(f"unknown key {unknown[0]!r}; the keys are {', '.join(sorted(_KEYS))}")
    program = _require_absolute(values.get("program", ""))
    lists = {name: _parse_texts(values, name, program) for name in _TEXT_LISTS if name in values}
    if "environments" not in lists:
        raise InvalidOption(f"{program}: name the environments for which it may run")
    arguments: tuple[str, ...] | None = lists.pop("arguments", ())
    if values.get("any_arguments", False) is True:
        arguments = None
    _require_patterns(arguments or (), program)
    _require_variables(lists.get("variables", ()), program)
    return AllowedProgram(
        program=program, arguments=arguments, limits=_parse_limits(values, program), **lists
    )


def _require_absolute(program: object) -> str:
    if not isinstance(program, str) or not Path(program).is_absolute():
        raise InvalidOption(
            f"{program!r} is not an absolute path; specify allowed programs by absolute path"
        )
    return program


def _parse_texts(values: Mapping[str, Any], name: str, program: str) -> tuple[str, ...]:
    listed = values[name]
    if not isinstance(listed, list) or not all(
        isinstance(item, str) for item in cast("list[object]", listed)
    ):
        raise InvalidOption(f"{program}: {name} must be a list of strings")
    return tuple(cast("list[str]", listed))


def _require_patterns(arguments: Sequence[str], program: str) -> None:
    for pattern in arguments:
        try:
            re.compile(pattern)
        except re.error as error:
            raise InvalidOption(
                f"{program}: {pattern!r} is not a regular expression: {error}"
            ) from error


def _require_variables(names: Sequence[str], program: str) -> None:
    for name in names:
        if not _VARIABLE.fullmatch(name) or name.startswith(_OWN_PREFIX):
            raise InvalidOption(
                f"{program}: {name!r} cannot be passed on: variables named {_OWN_PREFIX}… are the "
                "worker's own, and the worker itself sets those of the deployment"
            )


def _parse_limits(values: Mapping[str, Any], program: str) -> ProgramLimits:
    limits = {name: values[name] for name in _LIMITS if name in values}
    for name, value in limits.items():
        if type(value) is not int or value < 1:
            raise InvalidOption(f"{program}: {name} must be a whole number of at least 1")
    return ProgramLimits(**limits)


def _matches(patterns: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def find_allowed(
    programs: Sequence[AllowedProgram], arguments: Sequence[str], deployment: Deployment
) -> AllowedProgram | str:
    """Return the first entry that allows the arguments, or the reason why none does."""
    name, *rest = arguments
    reasons: list[str] = []
    for allowed in _entries_for(programs, name):
        obstacle = allowed.find_obstacle(rest, deployment)
        if obstacle is None:
            return allowed
        reasons.append(obstacle)
    if reasons:
        return f"This worker allows the program {name}, but {'; '.join(dict.fromkeys(reasons))}."
    path = name if Path(name).is_absolute() else "/PATH/TO/PROGRAM"
    return (
        f"This worker does not allow the program {name}; start the worker with "
        f"--allow-command {path}."
    )


def _entries_for(programs: Sequence[AllowedProgram], name: str) -> Iterator[AllowedProgram]:
    return (allowed for allowed in programs if allowed.program == name)
