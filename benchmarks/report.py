"""Write benchmarks/README.md and benchmarks/figures.svg from the stored results."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.support.figures import significant
from benchmarks.support.measurements import Summary
from benchmarks.support.results import BARE, PEER, PRODUCT, Comparison, Durability, Growth


def comparison_table(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of the table of a comparison."""
    yield "| request | connections | bare Litestar | product | ratio | peer | product / peer |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for case in comparison.cases:
        cells = [
            case.name,
            f"{case.connections}",
            _figures(case.servers[BARE]),
            _figures(case.servers[PRODUCT]),
            significant(case.ratios[BARE], 2),
            _figures(case.servers[PEER]) if PEER in case.servers else "",
            significant(case.ratios[PEER], 2) if PEER in case.ratios else "",
        ]
        yield f"| {' | '.join(cells)} |"


def durability_table(durability: Durability) -> Iterator[str]:
    """Yield the lines of the table of durable writes."""
    yield "| writer | a sync takes | created | CPU each | ratio |"
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
    """Yield the lines of the table of growth."""
    sizes = [f"{size}" for size in growth.sizes]
    yield f"| request | {' | '.join(f'{size:,}' for size in growth.sizes)} | growth |"
    yield f"|---|{'--:|' * (len(sizes) + 1)}"
    for row in growth.rows:
        times = [f"{significant(row.cpu_us[size])} µs" for size in sizes]
        yield f"| {' | '.join([row.name, *times, significant(row.growth)])} |"


def _figures(summary: Summary) -> str:
    """Return the rate, the CPU time and the latencies in one cell."""
    rate = f"{significant(summary.rate)}/s{'*' if summary.generator_limited else ''}"
    latencies = f"{significant(summary.p50_ms, 2)} / {significant(summary.p99_ms, 2)} ms"
    return f"{rate}, {significant(summary.cpu_us)} µs, {latencies}"
