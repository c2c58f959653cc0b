"""The definition of an executor kind: its settings, its options and how to create it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gatepost_worker.executors.executor import Executor
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.client import HttpClient
from gatepost_worker.tasks import ExecutorSettings

ModelT = TypeVar("ModelT")
SettingsT = TypeVar("SettingsT", bound=ExecutorSettings)
OptionsT = TypeVar("OptionsT")


class InvalidOption(Exception):
    """An option of an executor kind is invalid; the message is shown with the usage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorDependencies:
    """What an executor may use besides its settings and options."""

    http: HttpClient
    """Sends only requests that the policy of the deployment's environment allows."""
    clock: Clock


def add_no_arguments(_: argparse.ArgumentParser) -> None:
    """Add nothing; for kinds without command-line arguments."""


def read_no_options(_: argparse.Namespace, __: Mapping[str, str]) -> None:
    """Read nothing; for kinds without options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorKind(Generic[ModelT, SettingsT, OptionsT]):
    """A kind of executor.

    A module of this package adds a kind to the worker by assigning it to `KIND`. `ModelT` is the
    client's model of the settings, `SettingsT` the worker's model of them, and `OptionsT` the
    options of the kind, from the command line and environment variables.
    """

    settings: type[SettingsT]
    """The settings of a target; their `kind` is the name of this kind."""
    to_domain: Callable[[ModelT], SettingsT]
    """Converts the client's model of the settings to the worker's settings."""
    create: Callable[[SettingsT, OptionsT, ExecutorDependencies], Executor]
    """Creates the executor of one task."""
    read_options: Callable[[argparse.Namespace, Mapping[str, str]], OptionsT]
    """Reads the options from arguments and environment variables; may raise `InvalidOption`."""
    add_arguments: Callable[[argparse.ArgumentParser], None] = add_no_arguments
    """Adds the command-line arguments of this kind."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Environment variables without a flag, each with its description for --help."""

    @property
    def name(self) -> str:
        """The kind's name in a target's settings, which is also the name of the executor's step."""
        return self.settings.kind
