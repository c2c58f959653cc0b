"""Work that schemathesis and Hypothesis repeat for each operation or case, done once or not at all.

They have no option for it. The number of cases and what is checked stay the same.
"""

from __future__ import annotations

import asyncio
from asyncio import Task
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from inspect import iscoroutine
from typing import Any

import pytest
from hypothesis.strategies._internal import regex
from schemathesis.python import asgi
from schemathesis.specs.openapi import converter


@contextmanager
def texts_of_patterns_shared() -> Iterator[None]:
    """Generate the texts of a pattern with one strategy, and keep patterns as they are documented.

    The strategy for a character class lists its characters, thousands in our patterns. And where a
    text has a maximum length, schemathesis writes it into a copy of the pattern: `*` becomes
    `{0,9999}`, which takes up to a second to compile, in each of a thousand schemas. The length is
    respected and exceeded without that, because it remains in the schema.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regex, "regex_strategy", lru_cache(maxsize=None)(regex.regex_strategy))
        patch.setattr(converter, "update_pattern_in_schema", lambda _schema: None)
        yield


@contextmanager
def applications_in_this_thread() -> Iterator[None]:
    """Run applications in the thread of the tests, and stop them at the end.

    In a thread of their own, each request would change threads four times.
    """
    with pytest.MonkeyPatch.context() as patch, closing(asyncio.new_event_loop()) as loop:
        patch.setattr(asgi, "_get_portal", lambda: _Portal(loop))
        yield
        asgi.shutdown_lifespans()


class _Portal:
    """What schemathesis uses of anyio's `BlockingPortal`, for an event loop of this thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function, and return its result, or what its coroutine returns in the loop."""
        result = function(*arguments)
        return self._loop.run_until_complete(result) if iscoroutine(result) else result

    def start_task_soon(self, function: Callable[[], Coroutine[Any, Any, None]]) -> Task[None]:
        """Start a task that runs only during calls, such as an application's lifespan."""
        return self._loop.create_task(function())
