"""The definition of a command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:  # the context imports the client, which --help does not need
    from gatepost_cli.core.context import Context
    from gatepost_client import Gatepost


class UsageError(Exception):
    """The arguments contradict each other, or a local file cannot be read or written."""


class Connect(Protocol):
    """A function that creates a client for a server."""

    def __call__(self, url: str | None, *, token: str | None) -> Gatepost:
        """Return a client with these settings; None means the client's default."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of `gatepost`, such as `gatepost show`."""

    name: str
    summary: str
    """The help text, in the imperative: "show a deployment"."""
    add_arguments: Callable[[ArgumentParser], None]
    """Adds the arguments of the command to its parser."""
    run: Callable[[Context, Namespace], ExitCode]
    """Runs the command with its parsed arguments."""
    timeout_s: float | None = None
    """How long to wait for a response; None means the client's default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCommand:
    """A command that connects to no server or, like `login`, with its own connection settings."""

    name: str
    summary: str
    """The help text, in the imperative."""
    add_arguments: Callable[[ArgumentParser], None]
    """Adds the arguments of the command to its parser."""
    run: Callable[[Namespace, Connect], ExitCode]
    """Runs the command with its parsed arguments and a function that connects to a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGroup:
    """Commands with a common first word, such as `gatepost audit verify`."""

    name: str
    summary: str
    """The help text, in the imperative."""
    commands: tuple[Command | LocalCommand, ...]
    default: Command | None = None
    """The command that runs if the word after the group is not one of its commands."""


AnyCommand: TypeAlias = Command | LocalCommand
Entry: TypeAlias = AnyCommand | CommandGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Commands that the help lists under one heading."""

    title: str
    entries: tuple[Entry, ...]
