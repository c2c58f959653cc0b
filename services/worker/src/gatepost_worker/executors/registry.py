"""The registry of executor kinds, discovered in the modules of this package."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from gatepost_worker import executors
from gatepost_worker.executors.executor_kind import ExecutorKind

AnyExecutorKind: TypeAlias = ExecutorKind[Any, Any, Any]
"""Any, because each kind has its own types of model, settings and options."""


class UnknownExecutorKind(Exception):
    """A target uses an executor kind that this worker does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"This worker has no executor of kind {name!r}; update the worker.")


@cache
def executor_kinds() -> Mapping[str, AnyExecutorKind]:
    """Return all kinds by name: the `KIND` of each module of this package that has one."""
    names = sorted(module.name for module in pkgutil.iter_modules(executors.__path__))
    modules = [import_module(f"{executors.__name__}.{name}") for name in names]
    candidates = [getattr(module, "KIND", None) for module in modules]
    kinds = [candidate for candidate in candidates if isinstance(candidate, ExecutorKind)]
    return {kind.name: kind for kind in kinds}


def executor_kind(name: str) -> AnyExecutorKind:
    """Return the kind with this name.

    Raises:
        UnknownExecutorKind: this worker does not have the kind.
    """
    try:
        return executor_kinds()[name]
    except KeyError as error:
        raise UnknownExecutorKind(name) from error
