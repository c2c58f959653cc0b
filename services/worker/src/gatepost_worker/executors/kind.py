"""The definition of an executor kind: its settings, its options and how to create it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gatepost_worker.executors.executor import Executor
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.client import Ask
from gatepost_worker.tasks import ExecutorSettings

ModelT = TypeVar("ModelT")
SettingsT = TypeVar("SettingsT", bound=ExecutorSettings)
OptionsT = TypeVar("OptionsT")


class InvalidOption(Exception):
    """An option of an executor kind has an invalid value; the message is shown with the usage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorDependencies:
    """What an executor may use besides its settings and options."""

    ask: Ask
    """Restricted to what the environment's policy allows."""
    clock: Clock


def add_no_arguments(_: argparse.ArgumentParser) -> None:
    """Add nothing: the kind has no command-line arguments."""


def read_no_options(_: argparse.Namespace, __: Mapping[str, str]) -> None:
    """Return no options: the kind has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorKind(Generic[ModelT, SettingsT, OptionsT]):
    """A kind of executor.

    A module of this package that assigns one to `KIND` adds that kind to the worker; see
    `registry`. `ModelT` is the client's model of the settings, `SettingsT` the worker's settings
    and `OptionsT` the operator's configuration of the kind.
    """

    settings: type[SettingsT]
    """`settings.kind` is the kind's name."""
    to_domain: Callable[[ModelT], SettingsT]
    """Converts the client's model of the settings."""
    create: Callable[[SettingsT, OptionsT, ExecutorDependencies], Executor]
    """Creates the executor of one task."""
    read_options: Callable[[argparse.Namespace, Mapping[str, str]], OptionsT]
    """Reads the options from the parsed arguments and the environment variables.

    Raises:
        InvalidOption: a value is not valid.
    """
    add_arguments: Callable[[argparse.ArgumentParser], None] = add_no_arguments
    """Adds the command-line arguments of this kind."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Environment variables that have no flag, with their description for --help."""

    @property
    def name(self) -> str:
        """The name of the kind in a target's settings and in the executor's step."""
        return self.settings.kind
