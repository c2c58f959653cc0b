"""The Merkle tree of RFC 6962: known values, and properties of all trees of up to 64 leaves."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.verification.merkle_tree import (
    EMPTY_ROOT,
    ImpossibleTreeSize,
    TreeHead,
    consistency_proof,
    edge_subtrees,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root_hash,
    root_of,
    subtree_hashes,
)

LEAVES: Final = [
    leaf_hash(bytes.fromhex(leaf))
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The leaves of the test vectors that implementations of Certificate Transparency share."""
ROOTS: Final = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The root hashes of the first 0 to 8 leaves."""
LEAF_0: Final = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAF_1: Final = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4: Final = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAVES_0_1: Final = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
LEAVES_2_3: Final = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LEAVES_4_5: Final = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES_6_7: Final = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
LEAVES_0_3: Final = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
LEAVES_4_7: Final = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

MANY: Final = [leaf_hash(number.to_bytes(2, "big")) for number in range(64)]
MANY_HASHES: Final = subtree_hashes(MANY)
SIZES: Final = range(len(MANY) + 1)


def recursive_root(leaves: Sequence[bytes]) -> bytes:
    """Return `MTH(D[n])` by the recursive definition of RFC 6962."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\1" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


def in_hex(hashes: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


def flipped(value: bytes, bit: int) -> bytes:
    """Return the value with one bit changed."""
    return (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS)))
def test_root_hashes_are_those_of_certificate_transparency(size: int, root: str) -> None:
    """The root hash of each prefix has the known value."""
    assert root_of(LEAVES[:size]).hex() == root


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (0, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
        (5, 8, [LEAF_4, LEAVES_6_7, LEAVES_0_3]),
        (2, 3, [LEAVES_0_1]),
        (1, 5, [LEAF_0, LEAVES_2_3, LEAF_4]),
    ],
)
def test_audit_paths_are_those_of_certificate_transparency(
    index: int, size: int, path: list[str]
) -> None:
    """The audit path has the known hashes, in the known order."""
    assert in_hex(inclusion_proof(index, size, subtree_hashes(LEAVES[:size]))) == path


@pytest.mark.parametrize(
    ("old_size", "size", "proof"),
    [
        (1, 1, []),
        (1, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
        (6, 8, [LEAVES_4_5, LEAVES_6_7, LEAVES_0_3]),
        (2, 5, [LEAVES_2_3, LEAF_4]),
    ],
)
def test_consistency_proofs_are_those_of_certificate_transparency(
    old_size: int, size: int, proof: list[str]
) -> None:
    """The consistency proof has the known hashes, in the known order."""
    assert in_hex(consistency_proof(old_size, size, subtree_hashes(LEAVES[:size]))) == proof


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=200))
def test_growing_tree_has_the_root_of_the_definition(leaves: list[bytes]) -> None:
    """After every leaf, the root hash is that of the recursive definition."""
    head = TreeHead()
    for size, leaf in enumerate(leaves, start=1):
        head.append(leaf)

        assert head.size == size
        assert len(head.edge) == size.bit_count()
    assert head.root == root_of(leaves) == recursive_root(leaves)
    assert root_hash(len(leaves), subtree_hashes(leaves)) == head.root


@pytest.mark.parametrize("size", SIZES)
def test_tree_is_continued_from_its_edge(size: int) -> None:
    """A tree that is continued from stored hashes grows like one that was never interrupted."""
    whole = TreeHead()
    for leaf in MANY[:size]:
        whole.append(leaf)

    continued = TreeHead(size, [MANY_HASHES(*subtree) for subtree in edge_subtrees(size)])

    assert (continued.root, continued.edge) == (whole.root, whole.edge)
    for leaf in LEAVES:
        assert continued.append(leaf) == whole.append(leaf)
    assert continued.root == whole.root == recursive_root([*MANY[:size], *LEAVES])


def test_append_returns_the_hashes_of_all_completed_subtrees() -> None:
    """Together, the appended leaves complete every complete subtree exactly once."""
    head = TreeHead()
    completed: dict[tuple[int, int], bytes] = {}
    for leaf in MANY:
        for level, each in enumerate(head.append(leaf)):
            completed[level, (head.size >> level) - 1] = each

    assert completed == {
        (level, position): MANY_HASHES(level, position)
        for level in range(7)
        for position in range(len(MANY) >> level)
    }


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_inclusion_proof_verifies_only_for_its_leaf(size: int) -> None:
    """The proof of each leaf verifies at its own index, and at no other."""
    root = recursive_root(MANY[:size])
    for index in range(size):
        proof = inclusion_proof(index, size, MANY_HASHES)

        accepted = [at for at in range(size) if is_included(MANY[index], at, size, proof, root)]
        assert accepted == [index]


@pytest.mark.parametrize("size", SIZES)
def test_every_consistency_proof_verifies(size: int) -> None:
    """The proof from each earlier size verifies."""
    root = recursive_root(MANY[:size])
    for old_size in range(size + 1):
        proof = consistency_proof(old_size, size, MANY_HASHES)

        assert is_consistent(old_size, recursive_root(MANY[:old_size]), size, root, proof)


@given(st.data())
def test_changed_bit_breaks_an_inclusion_proof(data: st.DataObject) -> None:
    """A proof fails if one bit of the leaf, the root hash or the path is changed."""
    size = data.draw(st.integers(1, 64))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, MANY_HASHES)
    hashes = [MANY[index], recursive_root(MANY[:size]), *proof]
    place = data.draw(st.integers(0, len(hashes) - 1))
    hashes[place] = flipped(hashes[place], data.draw(st.integers(0, 255)))
    leaf, root, *path = hashes

    assert not is_included(leaf, index, size, path, root)


@given(st.data())
def test_changed_bit_breaks_a_consistency_proof(data: st.DataObject) -> None:
    """A proof fails if one bit of a root hash or of the proof is changed."""
    size = data.draw(st.integers(1, 64))
    old_size = data.draw(st.integers(1, size))
    proof = consistency_proof(old_size, size, MANY_HASHES)
    hashes = [recursive_root(MANY[:old_size]), recursive_root(MANY[:size]), *proof]
    place = data.draw(st.integers(0, len(hashes) - 1))
    hashes[place] = flipped(hashes[place], data.draw(st.integers(0, 255)))
    old_root, root, *path = hashes

    assert not is_consistent(old_size, old_root, size, root, path)


def test_no_bit_of_a_proof_can_change() -> None:
    """Every single bit of the proofs of a tree of 7 leaves matters."""
    root = recursive_root(MANY[:7])
    included, consistent = (
        inclusion_proof(4, 7, MANY_HASHES),
        consistency_proof(3, 7, MANY_HASHES),
    )
    old_root = recursive_root(MANY[:3])
    for bit in range(256):
        for place in range(len(included)):
            path = [*included]
            path[place] = flipped(path[place], bit)
            assert not is_included(MANY[4], 4, 7, path, root)
        for place in range(len(consistent)):
            path = [*consistent]
            path[place] = flipped(path[place], bit)
            assert not is_consistent(3, old_root, 7, root, path)


def wrong_lengths(proof: list[bytes]) -> list[list[bytes]]:
    """Return the proof with a hash added, missing or cut short."""
    longer = [[*proof, MANY[0]], [MANY[0], *proof], [*proof, b""]]
    shorter = [proof[1:], proof[:-1], [*proof[:-1], proof[-1][:31]]] if proof else []
    return longer + shorter


@pytest.mark.parametrize("size", SIZES[1:])
def test_proof_of_another_length_fails(size: int) -> None:
    """A proof with a hash added, missing or cut short is refused."""
    root = recursive_root(MANY[:size])
    for old_size in range(size + 1):
        old_root = recursive_root(MANY[:old_size])
        proof = consistency_proof(old_size, size, MANY_HASHES)

        for wrong in wrong_lengths(proof):
            assert not is_consistent(old_size, old_root, size, root, wrong)
    for index in range(size):
        path = inclusion_proof(index, size, MANY_HASHES)

        for wrong in wrong_lengths(path):
            assert not is_included(MANY[index], index, size, wrong, root)


@pytest.mark.parametrize("size", range(2, 65))
def test_rewritten_leaf_is_not_consistent(size: int) -> None:
    """No proof of the rewritten tree connects it to the tree before the rewriting."""
    rewritten = [*MANY[:size]]
    rewritten[0] = leaf_hash(b"rewritten")
    hashes = subtree_hashes(rewritten)
    for old_size in range(1, size):
        old_root = recursive_root(MANY[:old_size])

        for proof in (
            consistency_proof(old_size, size, hashes),
            consistency_proof(old_size, size, MANY_HASHES),
        ):
            assert not is_consistent(old_size, old_root, size, recursive_root(rewritten), proof)


def test_empty_tree_is_consistent_with_every_tree() -> None:
    """The proof is empty; the root hash of the empty tree must be the right one."""
    root = recursive_root(MANY)

    assert is_consistent(0, EMPTY_ROOT, 64, root, [])
    assert is_consistent(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not is_consistent(0, root, 64, root, [])
    assert not is_consistent(0, EMPTY_ROOT, 0, root, [])
    assert not is_consistent(0, EMPTY_ROOT, 64, root, [root])


def test_node_is_no_leaf() -> None:
    """The hash of a node is never that of a leaf with the same bytes (second preimage)."""
    left, right = MANY[:2]

    assert node_hash(left, right) != leaf_hash(left + right)
    assert node_hash(left, right) != node_hash(right, left)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (64, 64), (0, -1)])
def test_proof_of_a_leaf_outside_the_tree_is_impossible(index: int, size: int) -> None:
    """Such a proof cannot be computed, and none verifies."""
    with pytest.raises(ImpossibleTreeSize):
        inclusion_proof(index, size, MANY_HASHES)

    assert not is_included(MANY[0], index, size, [], MANY[0])


@pytest.mark.parametrize(("old_size", "size"), [(2, 1), (-1, 1), (-2, -1), (1, 0)])
def test_proof_from_a_larger_tree_is_impossible(old_size: int, size: int) -> None:
    """Such a proof cannot be computed, and none verifies."""
    with pytest.raises(ImpossibleTreeSize):
        consistency_proof(old_size, size, MANY_HASHES)

    assert not is_consistent(old_size, MANY[0], size, MANY[0], [])


@pytest.mark.parametrize(("size", "edge"), [(-1, []), (0, MANY[:1]), (3, MANY[:1]), (4, MANY[:2])])
def test_tree_is_not_continued_from_another_edge(size: int, edge: list[bytes]) -> None:
    """The number of hashes must be that of the subtrees along the edge."""
    with pytest.raises(ImpossibleTreeSize):
        TreeHead(size, edge)


def test_leaf_hash_of_another_length_is_refused() -> None:
    """Appending something else than a hash would make the tree ambiguous."""
    with pytest.raises(ValueError, match="32 bytes, not 3"):
        TreeHead().append(b"abc")
