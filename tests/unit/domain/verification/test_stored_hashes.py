"""Proofs from stored hashes of only every eighth level are the same as from all hashes."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.verification.merkle_tree import (
    Subtree,
    TreeHead,
    consistency_proof,
    edge_subtrees,
    inclusion_proof,
    leaf_hash,
    root_hash,
    subtree_hashes,
)
from gatepost_domain.verification.proof_hash_ranges import (
    LEVEL_STEP,
    HashRange,
    MissingHash,
    consistency_subtrees,
    hash_ranges,
    hashes_from,
    inclusion_subtrees,
)

LEAVES: Final = [leaf_hash(number.to_bytes(2, "big")) for number in range(1500)]
ALL_HASHES: Final = subtree_hashes(LEAVES)
SIZES: Final = st.integers(1, len(LEAVES))
LARGE: Final = st.integers(1, 2**40)


def a_store() -> dict[Subtree, bytes]:
    """Return what a store keeps while the leaves are appended one by one."""
    head = TreeHead()
    stored: dict[Subtree, bytes] = {}
    for leaf in LEAVES:
        for height, each in enumerate(head.append(leaf)[::LEVEL_STEP]):
            level = height * LEVEL_STEP
            stored[Subtree(level, (head.size >> level) - 1)] = each
    return stored


STORE: Final = a_store()


def read(subtrees: list[Subtree]) -> dict[Subtree, bytes]:
    """Return exactly the stored hashes that are needed for these subtrees."""
    return {
        Subtree(level, position): STORE[Subtree(level, position)]
        for level, start, stop in hash_ranges(subtrees)
        for position in range(start, stop)
    }


def test_store_keeps_little_more_than_the_leaves() -> None:
    """Of 1500 leaves, the store keeps the leaves and five hashes above."""
    assert len(STORE) == 1500 + 1500 // 256


@given(SIZES, st.data())
def test_inclusion_proof_is_computed_from_the_ranges(size: int, data: st.DataObject) -> None:
    """The ranges contain all that the proof needs."""
    index = data.draw(st.integers(0, size - 1))

    stored = read(inclusion_subtrees(index, size))

    proof = inclusion_proof(index, size, hashes_from(stored))
    assert proof == inclusion_proof(index, size, ALL_HASHES)


@given(SIZES, st.data())
def test_consistency_proof_is_computed_from_the_ranges(size: int, data: st.DataObject) -> None:
    """The ranges contain all that the proof needs."""
    old_size = data.draw(st.integers(0, size))

    stored = read(consistency_subtrees(old_size, size))

    proof = consistency_proof(old_size, size, hashes_from(stored))
    assert proof == consistency_proof(old_size, size, ALL_HASHES)


@given(SIZES)
def test_root_hash_is_computed_from_the_ranges(size: int) -> None:
    """The ranges of the subtrees along the edge contain all that the root hash needs."""
    stored = read(edge_subtrees(size))

    assert root_hash(size, hashes_from(stored)) == root_hash(size, ALL_HASHES)


@given(LARGE, st.data())
def test_proofs_read_few_and_short_ranges_of_hashes(size: int, data: st.DataObject) -> None:
    """However large the tree, a proof reads two ranges, or 512 hashes, of each level at most."""
    earlier = data.draw(st.integers(0, size - 1))
    for subtrees in (inclusion_subtrees(earlier, size), consistency_subtrees(earlier, size)):
        for level, same_level in groupby(hash_ranges(subtrees), key=lambda each: each.level):
            ranges = list(same_level)

            assert level % LEVEL_STEP == 0
            assert len(ranges) <= 2
            assert sum(stop - start for _, start, stop in ranges) <= 512


def test_neighbouring_ranges_are_read_as_one() -> None:
    """Ranges are joined if at most one hash is between them."""
    subtrees = [Subtree(0, 9), Subtree(1, 3), Subtree(8, 0), Subtree(0, 12), Subtree(2, 0)]

    assert hash_ranges(subtrees) == [
        HashRange(0, 0, 4),
        HashRange(0, 6, 10),
        HashRange(0, 12, 13),
        HashRange(8, 0, 1),
    ]


def test_missing_hash_is_named() -> None:
    """A store with a gap is reported, not treated as a wrong proof."""
    with pytest.raises(MissingHash, match="level 0, position 1 "):
        inclusion_proof(0, 2, hashes_from({}))
