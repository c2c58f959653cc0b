"""Graph algorithms for linked environments: cycles, connected components and layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Links: TypeAlias = frozenset[tuple[str, str]]
"""Pairs of an environment and an environment that follows it."""


def find_back_links(names: Sequence[str], links: Links) -> Links:
    """Return the links that close cycles in a depth-first search in the order of `names`."""
    followers = _followers(names, links)
    back: set[tuple[str, str]] = set()
    finished: set[str] = set()
    for start in names:
        open_names: dict[str, Iterator[str]] = {}
        if start not in finished:
            open_names[start] = iter(followers[start])
        while open_names:
            name, rest = next(reversed(open_names.items()))
            follower = next(rest, None)
            if follower is None:
                finished.add(name)
                del open_names[name]
            elif follower in open_names:
                back.add((name, follower))
            elif follower not in finished:
                open_names[follower] = iter(followers[follower])
    return frozenset(back)


def components_of(names: Sequence[str], links: Links) -> list[list[str]]:
    """Return the groups of linked names, in the given order; an unlinked name forms a group."""
    group_of = {name: {name} for name in names}
    for source, target in links:
        if group_of[source] is not group_of[target]:
            group_of[source] |= group_of[target]
            for name in group_of[target]:
                group_of[name] = group_of[source]
    seen: set[str] = set()
    groups: list[list[str]] = []
    for name in names:
        if name not in seen:
            seen |= group_of[name]
            groups.append([other for other in names if other in group_of[name]])
    return groups


def layers_of(group: Sequence[str], links: Links) -> list[list[str]]:
    """Return the names in layers, each after all layers that link to it.

    `links` must not contain a cycle.
    """
    layers: list[list[str]] = []
    rest = dict.fromkeys(group)
    while rest:
        waiting = {target for source, target in links if source in rest}
        layers.append([name for name in rest if name not in waiting])
        rest = dict.fromkeys(name for name in rest if name in waiting)
    return layers


def _followers(names: Sequence[str], links: Links) -> dict[str, list[str]]:
    return {name: [other for other in names if (name, other) in links] for name in names}
