"""The command of a benchmark: its options, the measurement, the stored result and the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

import msgspec

from benchmarks.support.options import add_options
from benchmarks.support.results import save

DEPLOYMENTS: Final = 20_000

Result = TypeVar("Result", bound=msgspec.Struct)
Result_co = TypeVar("Result_co", bound=msgspec.Struct, covariant=True)


class _Run(Protocol[Result_co]):
    """A measurement on copies of a history of a certain number of deployments."""

    def __call__(
        self, data: Path, *, deployments: int, rounds: int, seconds: float
    ) -> Result_co: ...


def run_benchmark(
    run: _Run[Result],
    table: Callable[[Result], Iterable[str]],
    arguments: Sequence[str] | None,
    *,
    name: str,
    description: str | None,
) -> None:
    """Measure with the options in `arguments`, store the result and print the table.

    `arguments` are those of the command line if they are None.
    """
    parser = argparse.ArgumentParser(prog=f"bench {name}", description=description)
    add_options(parser)
    parser.add_argument("--deployments", type=int, default=DEPLOYMENTS)
    options = parser.parse_args(arguments)
    result = run(
        options.data,
        deployments=options.deployments,
        rounds=options.rounds,
        seconds=options.seconds,
    )
    save(result, options.results)
    sys.stdout.write("\n".join(table(result)) + "\n")
