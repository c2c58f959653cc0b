"""The executor table of services/worker/README.md agrees with the executors of the worker."""

from pathlib import Path
from typing import Final

from gatepost_domain.catalog.executors import EXECUTORS
from gatepost_worker.executors.registry import executor_kinds

README: Final = Path(__file__).resolve().parents[2] / "services/worker/README.md"


def executor_table(text: str) -> list[list[str]]:
    """Return the rows of the table: the kind, the rollout, and what a second attempt does."""
    _, _, rest = text.partition("\n| kind | rollout | after a worker was lost |\n|---|---|---|\n")
    return [line.strip("| ").split(" | ") for line in rest.partition("\n\n")[0].splitlines()]


def test_the_table_describes_every_executor() -> None:
    """The table has one complete row for each kind that targets can use and workers can run."""
    rows = executor_table(README.read_text("utf-8"))
    kinds = [kind.strip("`") for kind, _, _ in rows]

    assert sorted(kinds) == sorted(EXECUTORS) == sorted(executor_kinds())
    assert all(rollout and second_attempt for _, rollout, second_attempt in rows)
