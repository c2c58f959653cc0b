"""Write benchmarks/README.md and benchmarks/figures.svg from the stored results.

Run `python -m benchmarks.report` in the benchmarks' environment.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.support.bar_chart import Bar, bar_chart
from benchmarks.support.figures import significant
from benchmarks.support.goals import (
    MAX_GROWTH,
    Goal,
    comparison_goals,
    durability_goals,
    growing_rows,
)
from benchmarks.support.machine import Machine
from benchmarks.support.measurements import Summary
from benchmarks.support.options import RESULTS
from benchmarks.support.results import (
    BARE,
    PEER,
    PRODUCT,
    STREAMS,
    ComparedCase,
    Comparison,
    Databases,
    Durability,
    Growth,
    Overload,
    Responsiveness,
    load,
)

FOLDER: Final = Path(__file__).parent
INTRODUCTION: Final = FOLDER / "introduction.md"


def comparison_table(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of the comparison table."""
    yield "| request | connections | bare Litestar | product | ratio | peer | product / peer |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for case in comparison.cases:
        cells = [
            case.name,
            f"{case.connections}",
            _figures(case.servers[BARE]),
            _figures(case.servers[PRODUCT]),
            _ratios(case, BARE),
            _figures(case.servers[PEER]) if PEER in case.servers else "",
            _ratios(case, PEER) if PEER in case.servers else "",
        ]
        yield f"| {' | '.join(cells)} |"


def durability_table(durability: Durability) -> Iterator[str]:
    """Yield the lines of the durability table."""
    yield "| writer | fsync latency | created | CPU time per deployment | ratio |"
    yield "|---|--:|--:|--:|--:|"
    for writes in durability.writes:
        for name, rate in writes.rates.items():
            cells = [
                name,
                f"{writes.sync_us:,} µs",
                f"{significant(rate)}/s",
                f"{significant(writes.cpu_us[name])} µs",
                significant(writes.ratios[name], 2),
            ]
            yield f"| {' | '.join(cells)} |"


def growth_table(growth: Growth) -> Iterator[str]:
    """Yield the lines of the growth table."""
    sizes = [f"{size}" for size in growth.sizes]
    yield (
        f"| request | {' | '.join(f'{size:,}' for size in growth.sizes)} | growth "
        "| growth of the response |"
    )
    yield f"|---|{'--:|' * (len(sizes) + 2)}"
    for row in growth.rows:
        times = [f"{significant(row.cpu_us[size])} µs" for size in sizes]
        of_response = "" if row.response_growth is None else significant(row.response_growth)
        yield f"| {' | '.join([row.name, *times, significant(row.growth), of_response])} |"


def responsiveness_table(result: Responsiveness) -> Iterator[str]:
    """Yield the lines of the table of response times."""
    phases = {
        "nothing else": result.quiet,
        f"reads of the past, reports of a year, {STREAMS} streams": result.reads,
        f"the same, and an import of {result.rows:,} rows": result.everything,
    }
    yield "| meanwhile | requests | median | 99th percentile | slowest |"
    yield "|---|--:|--:|--:|--:|"
    for name, times in phases.items():
        cells = [
            f"{significant(ms, 2)} ms" for ms in (times.p50_ms, times.p99_ms, times.slowest_ms)
        ]
        yield f"| {' | '.join([name, f'{times.requests:,}', *cells])} |"
    kept = "kept" if result.is_claim_kept else "lost"
    yield ""
    yield (
        f"The import took {significant(result.import_s)} s and the slowest read "
        f"{significant(result.slowest_read_s)} s. The claim of a worker was {kept}; the slowest "
        f"renewal took {significant(result.slowest_renewal_s)} s."
    )


def databases_table(result: Databases) -> Iterator[str]:
    """Yield the lines of the table of databases."""
    yield "| database | created |"
    yield "|---|--:|"
    for name, rate in result.rates.items():
        yield f"| {name} | {significant(rate)}/s |"
    yield ""
    yield (
        f"One process on PostgreSQL reaches {significant(result.postgres_to_sqlite, 2)} times the "
        f"rate on SQLite, and two processes {significant(result.two_processes_to_one, 2)} times "
        "the rate of one."
    )


def overload_tables(result: Overload) -> Iterator[str]:
    """Yield the lines of the tables of waiting deployments and of misuse."""
    reasons = list(next(iter(result.waiting_p99_ms.values())))
    yield f"The 99th percentiles of the response times, while {result.waiting:,} deployments wait:"
    yield ""
    yield f"| request | waiting for {' | waiting for '.join(reasons)} |"
    yield f"|---|{'--:|' * len(reasons)}"
    for name, times_ms in result.waiting_p99_ms.items():
        cells = [f"{significant(times_ms[reason], 2)} ms" for reason in reasons]
        yield f"| {' | '.join([name, *cells])} |"
    yield ""
    yield "| meanwhile | 99th percentile | alone | refused | temporary files | events |"
    yield "|---|--:|--:|--:|--:|--:|"
    silence = result.silence
    yield (
        f"| {silence.connections:,} silent connections, {silence.open_files} file descriptors "
        f"| {significant(silence.p99_ms, 2)} ms | {significant(silence.alone_p99_ms, 2)} ms "
        f"| {silence.connections:,}: all closed after {significant(silence.closed_after_s, 2)} s "
        f"| | |"
    )
    for flood in result.floods:
        cells = [
            flood.name,
            f"{significant(flood.p99_ms, 2)} ms",
            f"{significant(flood.alone_p99_ms, 2)} ms",
            f"{flood.refused:,}",
            f"{flood.spooled_bytes:,} bytes",
            f"{flood.events:,}",
        ]
        yield f"| {' | '.join(cells)} |"


def goals_table(goals: Sequence[Goal]) -> Iterator[str]:
    """Yield the lines of the goals table."""
    yield "| goal | at least | measured | met |"
    yield "|---|--:|--:|---|"
    for goal in goals:
        measured, met = significant(goal.measured, 2), "yes" if goal.is_met else "no"
        yield f"| {goal.name} | {goal.least:g} | {measured} | {met} |"


def readme(
    *,
    comparison: Comparison | None,
    durability: Durability | None,
    growth: Growth | None,
    responsiveness: Responsiveness | None,
    databases: Databases | None,
    overload: Overload | None,
) -> Iterator[str]:
    """Yield the lines of the README: the introduction, then a section for each result."""
    yield INTRODUCTION.read_text("utf-8").rstrip()
    goals = measured_goals(comparison, durability)
    if goals:
        yield from ("", "## Goals", "", "![Ratios to the goals](figures.svg)", "")
        yield from goals_table(goals)
    if growth is not None:
        grown = growing_rows(growth)
        yield ""
        yield (
            f"The CPU time of {len(growth.rows) - len(grown)} of {len(growth.rows)} requests grows "
            f"by at most {MAX_GROWTH - 1:.0%} from {min(growth.sizes):,} to {max(growth.sizes):,} "
            f"deployments.{' It grows more for: ' if grown else ''}{'; '.join(grown)}."
        )
    if comparison is not None:
        yield from ("", "## Comparison", "", _run(comparison.machine, comparison), "")
        yield from comparison_table(comparison)
    if durability is not None:
        yield from ("", "## Durable writes", "", _run(durability.machine, durability), "")
        yield from durability_table(durability)
    if databases is not None:
        yield from ("", "## Databases", "", _run(databases.machine, databases), "")
        yield from databases_table(databases)
    if responsiveness is not None:
        yield from ("", "## Response times during long work", "")
        yield _run(responsiveness.machine, responsiveness)
        yield ""
        yield from responsiveness_table(responsiveness)
    if overload is not None:
        yield from ("", "## Overload", "", _run(overload.machine, overload), "")
        yield from overload_tables(overload)
    if growth is not None:
        yield from ("", "## Growth", "", _run(growth.machine, growth), "")
        yield from growth_table(growth)


def measured_goals(comparison: Comparison | None, durability: Durability | None) -> list[Goal]:
    """Return the goals for the results that exist."""
    goals = [] if comparison is None else list(comparison_goals(comparison))
    return goals if durability is None else [*goals, *durability_goals(durability)]


def _run(
    machine: Machine,
    result: Comparison | Durability | Growth | Databases | Responsiveness | Overload,
) -> str:
    """Return a text that states when, where and how a result was measured."""
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    history = "" if isinstance(result, Growth) else f", {result.deployments:,} deployments"
    rounds = ""
    if not isinstance(result, Responsiveness):
        rounds = f", medians of {result.rounds} rounds of {result.seconds:g} s"
    return (
        f"{machine.date}: {machine.cpus} CPUs ({machine.model}), load average {machine.load:.1f} "
        f"at the start{history}{rounds}. "
        f"Python {machine.python}, SQLite {machine.sqlite}, {packages}."
    )


def _figures(summary: Summary) -> str:
    """Return a cell with the rate, the CPU time and the latencies."""
    rate = f"{significant(summary.rate)}/s{'*' if summary.generator_limited else ''}"
    latencies = f"{significant(summary.p50_ms, 2)} / {significant(summary.p99_ms, 2)} ms"
    return f"{rate}, {significant(summary.cpu_us)} µs, {latencies}"


def _ratios(case: ComparedCase, server: str) -> str:
    """Return a cell with the ratio of the rates and, in parentheses, that of the CPU times."""
    return f"{significant(case.ratios[server], 2)} ({significant(case.cpu_ratios[server], 2)})"


def _bar(goal: Goal) -> Bar:
    text = f"{significant(goal.measured, 2)} of {goal.least:g}"
    relative = goal.measured / goal.least
    return Bar(label=goal.name, text=text, relative=relative, is_met=goal.is_met)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write both files from the results that exist."""
    parser = argparse.ArgumentParser(prog="bench report", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="where results are stored")
    parser.add_argument("--output", type=Path, default=FOLDER, help="where to write the files")
    options = parser.parse_args(arguments)
    comparison = load(Comparison, options.results)
    durability = load(Durability, options.results)
    growth, responsiveness = load(Growth, options.results), load(Responsiveness, options.results)
    databases, overload = load(Databases, options.results), load(Overload, options.results)
    lines = readme(
        comparison=comparison,
        durability=durability,
        growth=growth,
        responsiveness=responsiveness,
        databases=databases,
        overload=overload,
    )
    (options.output / "README.md").write_text("\n".join(lines) + "\n", "utf-8")
    bars = [_bar(goal) for goal in measured_goals(comparison, durability)]
    if bars:
        chart = bar_chart("Measured ratios relative to their goals", bars)
        (options.output / "figures.svg").write_text("\n".join(chart) + "\n", "utf-8")


if __name__ == "__main__":
    main()
