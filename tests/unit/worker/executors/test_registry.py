"""The executor kinds that a worker provides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_worker import executors
from gatepost_worker.executors.registry import UnknownExecutorKind, executor_kind, executor_kinds

CONTRACT = Path(__file__).parents[4] / "openapi" / "openapi.json"
NEW_KIND = """\
from typing import ClassVar

from gatepost_worker.executors.executor_kind import ExecutorKind, read_no_options
from gatepost_worker.executors.simulated import SimulatedExecutor, SimulatedSettings


class InstantSettings(SimulatedSettings):
    kind: ClassVar[str] = "instant"


KIND = ExecutorKind(
    settings=InstantSettings,
    to_domain=lambda model: InstantSettings(duration_s=0, succeeds=model.succeeds),
    create=lambda settings, _, dependencies: SimulatedExecutor(settings, dependencies.clock),
    read_options=read_no_options,
)
"""


@pytest.fixture
def empty_cache() -> Iterator[None]:
    """Clear the cache before and after this test, so that the kinds are discovered again."""
    executor_kinds.cache_clear()
    yield
    executor_kinds.cache_clear()


def test_every_kind_of_the_api_has_an_executor() -> None:
    """The worker's kinds are exactly those that the API accepts in the settings of a target."""
    schemas = json.loads(CONTRACT.read_text("utf-8"))["components"]["schemas"]
    mapping = schemas["TargetSettings"]["properties"]["executor"]["discriminator"]["mapping"]

    assert set(executor_kinds()) == set(mapping)
    assert all(executor_kind(name).name == name for name in executor_kinds())


@pytest.mark.usefixtures("empty_cache")
def test_a_new_file_adds_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding an executor kind requires no change to other files."""
    (tmp_path / "instant.py").write_text(NEW_KIND, encoding="utf-8")
    monkeypatch.setattr(executors, "__path__", [*executors.__path__, str(tmp_path)])

    assert set(executor_kinds()) == {"command", "instant", "simulated", "webhook"}


def test_an_unknown_kind_is_refused() -> None:
    """The error message says that a newer worker is needed."""
    with pytest.raises(UnknownExecutorKind, match="no executor of kind 'rocket'; update"):
        executor_kind("rocket")
