"""Pairs of environments that the compare page suggests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from gatepost_api.console.views.promotion_graph import Arrow
from gatepost_domain.catalog.environment import Environment

MAX_PAIRS: Final = 12

Pair = tuple[Environment, Environment]
"""An environment and one that follows it in the promotion order."""


def pairs_to_compare(environments: Sequence[Environment], arrows: Iterable[Arrow]) -> list[Pair]:
    """Return the pairs of consecutive environments, at most `MAX_PAIRS`, in promotion order.

    Two environments are consecutive if a policy links them. If no policy links any environments,
    each one and the next in `environments` are consecutive. `environments` is in promotion order.
    """
    names = [environment.name for environment in environments]
    position = {name: index for index, name in enumerate(names)}
    links = {(arrow.source, arrow.target) for arrow in arrows if not arrow.leads_back}
    known = {(source, target) for source, target in links if {source, target} <= position.keys()}
    pairs = sorted(
        (position[source], position[target]) for source, target in known or pairwise(names)
    )
    return [(environments[source], environments[target]) for source, target in pairs[:MAX_PAIRS]]
