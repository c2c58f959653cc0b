"""The ranges of stored hashes that a Merkle proof needs.

The store keeps only the hashes of every eighth level of the tree.
Level 0 has one hash per leaf, level 8 has one per 256 leaves, and so on. The levels in between are
computed: a subtree `n` levels above a stored level has `2^n` consecutive hashes there. To create a
proof, list the subtrees it needs, read the ranges that `hash_ranges` returns in one query, pass
their hashes to `hashes_from`, and compute the proof with the result. From each stored level, a
proof needs at most two ranges with 512 hashes in total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from gatepost_domain.verification.merkle_tree import (
    LeafRange,
    Subtree,
    SubtreeHash,
    complete_subtrees,
    consistency_ranges,
    fold_edge,
    inclusion_ranges,
)

LEVEL_STEP: Final = 8
"""The distance between two stored levels."""


class HashRange(NamedTuple):
    """The stored hashes `start` up to `stop - 1` of a level."""

    level: int
    start: int
    stop: int


class MissingHash(LookupError):
    """The store lacks the hash of a subtree in the tree."""


def inclusion_subtrees(index: int, size: int) -> list[Subtree]:
    """Return the subtrees whose hashes an inclusion proof needs.

    Raises:
        ImpossibleTreeSize: The tree has no leaf with this index.
    """
    return _subtrees_of(inclusion_ranges(index, size))


def consistency_subtrees(old_size: int, size: int) -> list[Subtree]:
    """Return the subtrees whose hashes a consistency proof needs.

    Raises:
        ImpossibleTreeSize: The earlier tree is the larger one.
    """
    return _subtrees_of(consistency_ranges(old_size, size))


def hash_ranges(subtrees: Iterable[Subtree]) -> list[HashRange]:
    """Return the ranges of stored hashes from which these subtrees' hashes are computed.

    The ranges are in order, with gaps of at least two hashes between them. If only one hash
    separates two ranges, they are merged, and that hash is also read.
    """
    ranges: list[HashRange] = []
    for level, start, stop in sorted(map(_stored_range_of, subtrees)):
        last = ranges[-1] if ranges else None
        if last is not None and last.level == level and start <= last.stop + 1:
            ranges[-1] = HashRange(level, last.start, max(last.stop, stop))
        else:
            ranges.append(HashRange(level, start, stop))
    return ranges


def hashes_from(stored: Mapping[Subtree, bytes]) -> SubtreeHash:
    """Return a function that computes the hashes of subtrees from stored hashes.

    The function raises MissingHash for a subtree that the stored hashes do not cover.
    """

    def subtree_hash(level: int, position: int) -> bytes:
        below = _stored_range_of(Subtree(level, position))
        try:
            hashes = [stored[Subtree(below.level, at)] for at in range(below.start, below.stop)]
        except KeyError as error:
            missing = error.args[0]
            raise MissingHash(
                f"The hash at level {missing.level}, position {missing.position} is not stored."
            ) from None
        return _root_above(hashes)

    return subtree_hash


def _subtrees_of(ranges: Iterable[LeafRange]) -> list[Subtree]:
    return [subtree for leaves in ranges for subtree in complete_subtrees(leaves)]


def _stored_range_of(subtree: Subtree) -> HashRange:
    """Return the range of a subtree's hashes in the nearest stored level at or below it."""
    height = subtree.level % LEVEL_STEP
    start = subtree.position << height
    return HashRange(subtree.level - height, start, start + (1 << height))


def _root_above(hashes: list[bytes]) -> bytes:
    """Return the root hash of the complete subtree above 2^n hashes."""
    while len(hashes) > 1:
        hashes = [fold_edge(hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]
