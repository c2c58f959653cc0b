"""Write benchmarks/README.md and benchmarks/figures.svg from the stored results."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.support.figures import significant
from benchmarks.support.measurements import Summary
from benchmarks.support.results import BARE, PEER, PRODUCT, Comparison


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


def _figures(summary: Summary) -> str:
    """Return the rate, the CPU time and the latencies in one cell."""
    rate = f"{significant(summary.rate)}/s{'*' if summary.generator_limited else ''}"
    latencies = f"{significant(summary.p50_ms, 2)} / {significant(summary.p99_ms, 2)} ms"
    return f"{rate}, {significant(summary.cpu_us)} µs, {latencies}"
