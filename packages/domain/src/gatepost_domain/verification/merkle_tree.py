"""The Merkle tree of RFC 6962, section 2.1: tree heads, audit paths and consistency proofs.

The terms are those of the RFC. `D[n]` is the list of the first n leaves, and `MTH(D[n])` is the
root hash of their tree. The tree of n > 1 leaves splits after k leaves, the largest power of two
below n. A complete subtree has 2^level leaves, so its hash never changes as the tree grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256().digest()
"""The root hash of the tree without leaves, `MTH({})`."""


class Subtree(NamedTuple):
    """A complete subtree: the leaves `position * 2^level` up to `(position + 1) * 2^level - 1`."""

    level: int
    position: int


class LeafRange(NamedTuple):
    """The leaves `start` up to `stop - 1`; RFC 6962 writes `D[start:stop]`."""

    start: int
    stop: int


SubtreeHash = Callable[[int, int], bytes]
"""A function that returns the hash of the complete subtree at a level and a position."""


class ImpossibleTreeSize(ValueError):
    """No tree has this size, or a tree of this size has no such leaf or earlier tree."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf, `MTH({d})`."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two subtrees."""
    return sha256(b"\1" + left + right).digest()


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root hash of the tree with these leaf hashes, `MTH(D[n])`."""
    head = TreeHead()
    for each in leaf_hashes:
        head.append(each)
    return head.root


class TreeHead:
    """The size and the root hash of a growing tree.

    It keeps only the hashes of the complete subtrees along the right edge: at most one per bit of
    the size.
    """

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        """Continue a tree of `size` leaves; `edge` has the hashes of `edge_subtrees(size)`.

        Raises:
            ImpossibleTreeSize: The size is negative, or `edge` does not fit it.
        """
        expected = len(edge_subtrees(size))
        if len(edge) != expected:
            raise ImpossibleTreeSize(
                f"A tree of {size} leaves has {expected} subtrees along its edge, not {len(edge)}."
            )
        self._size = size
        self._edge = [checked_hash(each) for each in edge]

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    @property
    def root(self) -> bytes:
        """The root hash of the tree, `MTH(D[size])`."""
        return fold_edge(self._edge)

    @property
    def edge(self) -> tuple[bytes, ...]:
        """The hashes of `edge_subtrees(size)`, with which the tree can be continued."""
        return tuple(self._edge)

    def append(self, leaf: bytes) -> list[bytes]:
        """Append the leaf with this hash, and return the hashes of the subtrees it completes.

        The hashes are ordered by level, starting with the leaf. The hash at `level` is that of
        `Subtree(level, (size >> level) - 1)`, where `size` is the new size. A store that keeps
        every eighth level keeps `[::8]`.
        """
        completed = [checked_hash(leaf)]
        remaining = self._size
        while remaining & 1:
            completed.append(node_hash(self._edge.pop(), completed[-1]))
            remaining >>= 1
        self._edge.append(completed[-1])
        self._size += 1
        return completed


def edge_subtrees(size: int) -> list[Subtree]:
    """Return the complete subtrees that make up a tree of this size, the largest first.

    Raises:
        ImpossibleTreeSize: The size is negative.
    """
    check_size(size)
    return complete_subtrees(LeafRange(0, size))


def inclusion_ranges(index: int, size: int) -> list[LeafRange]:
    """Return the leaf ranges whose hashes form an audit path, `PATH(index, D[size])`, in its order.

    Raises:
        ImpossibleTreeSize: The tree has no leaf with this index.
    """
    check_size(size)
    if not 0 <= index < size:
        raise ImpossibleTreeSize(f"A tree of {size} leaves has no leaf with index {index}.")
    start, stop = 0, size
    path: list[LeafRange] = []
    while stop - start > 1:
        middle = start + split_point(stop - start)
        if index < middle:
            path.append(LeafRange(middle, stop))
            stop = middle
        else:
            path.append(LeafRange(start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old_size: int, size: int) -> list[LeafRange]:
    """Return the leaf ranges whose hashes form a consistency proof, in its order.

    The RFC defines the proof, `PROOF(old_size, D[size])`, for 0 < old_size < size. Other proofs are
    empty, because every tree is consistent with itself, and the empty tree with every tree.

    Raises:
        ImpossibleTreeSize: The earlier tree is the larger one.
    """
    check_size(old_size)
    if old_size > size:
        raise ImpossibleTreeSize(f"A tree of {old_size} leaves cannot grow to {size} leaves.")
    if old_size in {0, size}:
        return []
    start, stop = 0, size
    path: list[LeafRange] = []
    while old_size < stop:
        middle = start + split_point(stop - start)
        if old_size <= middle:
            path.append(LeafRange(middle, stop))
            stop = middle
        else:
            path.append(LeafRange(start, middle))
            start = middle
    if start > 0:  # otherwise the verifier already knows the hash: it is the earlier root hash
        path.append(LeafRange(start, stop))
    return path[::-1]


def complete_subtrees(leaves: LeafRange) -> list[Subtree]:
    """Return the complete subtrees that make up a range of leaves, the largest first.

    The range must result from a split as in RFC 6962: its start is a multiple of the number of
    leaves in the largest subtree that fits.
    """
    subtrees: list[Subtree] = []
    start = leaves.start
    while start < leaves.stop:
        level = (leaves.stop - start).bit_length() - 1
        subtrees.append(Subtree(level, start >> level))
        start += 1 << level
    return subtrees


def root_hash(size: int, subtree_hash: SubtreeHash) -> bytes:
    """Return the root hash of the tree of this size, `MTH(D[size])`.

    Raises:
        ImpossibleTreeSize: The size is negative.
    """
    return fold_edge([subtree_hash(*subtree) for subtree in edge_subtrees(size)])


def inclusion_proof(index: int, size: int, subtree_hash: SubtreeHash) -> list[bytes]:
    """Return the audit path of a leaf, `PATH(index, D[size])`, starting with the leaf's sibling.

    Raises:
        ImpossibleTreeSize: The tree has no leaf with this index.
    """
    return [range_hash(leaves, subtree_hash) for leaves in inclusion_ranges(index, size)]


def consistency_proof(old_size: int, size: int, subtree_hash: SubtreeHash) -> list[bytes]:
    """Return the proof that a tree extends an earlier one, `PROOF(old_size, D[size])`.

    Raises:
        ImpossibleTreeSize: The earlier tree is the larger one.
    """
    return [range_hash(leaves, subtree_hash) for leaves in consistency_ranges(old_size, size)]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether an audit path proves that the leaf with this hash is in the tree.

    False for every malformed proof, and for sizes that no tree has.
    """
    if not 0 <= index < size or not are_hashes([leaf, root, *proof]):
        return False
    path = inclusion_ranges(index, size)
    if len(proof) != len(path):
        return False
    hashed = leaf
    for sibling, leaves in zip(proof, path):  # noqa: B905  # Python 3.9; the lengths are equal
        is_left = leaves.start < index
        hashed = node_hash(sibling, hashed) if is_left else node_hash(hashed, sibling)
    return hashed == root


def is_consistent(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether a proof shows that the later tree is the earlier one with leaves appended.

    False for every malformed proof, and for sizes that no tree has.
    """
    if not 0 <= old_size <= size or not are_hashes([old_root, root, *proof]):
        return False
    path = consistency_ranges(old_size, size)
    if len(proof) != len(path):
        return False
    if old_size == 0:
        return old_root == EMPTY_ROOT and (size > 0 or root == EMPTY_ROOT)
    old_hashed = hashed = old_root
    steps = list(zip(proof, path))  # noqa: B905  # Python 3.9; the lengths are equal
    if path and path[0].stop == old_size:
        old_hashed = hashed = proof[0]
        del steps[0]
    for sibling, leaves in steps:
        if leaves.start < old_size:
            old_hashed, hashed = node_hash(sibling, old_hashed), node_hash(sibling, hashed)
        else:
            hashed = node_hash(hashed, sibling)
    return old_hashed == old_root and hashed == root


def subtree_hashes(leaf_hashes: Sequence[bytes]) -> SubtreeHash:
    """Return the hash of every complete subtree over these leaf hashes.

    The result raises IndexError for a subtree that is not complete.
    """
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append(
            [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)],
        )

    def subtree_hash(level: int, position: int) -> bytes:
        return levels[level][position]

    return subtree_hash


def range_hash(leaves: LeafRange, subtree_hash: SubtreeHash) -> bytes:
    """Return the hash of the subtree over a range of leaves, `MTH(D[start:stop])`.

    The range must result from a split as in RFC 6962.
    """
    return fold_edge([subtree_hash(*subtree) for subtree in complete_subtrees(leaves)])


def fold_edge(hashes: Sequence[bytes]) -> bytes:
    """Return the root hash above the complete subtrees with these hashes, the largest first."""
    if not hashes:
        return EMPTY_ROOT
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def split_point(size: int) -> int:
    """Return the largest power of two below `size`; `size` must be at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def check_size(size: int) -> None:
    """Raise ImpossibleTreeSize if the size is negative."""
    if size < 0:
        raise ImpossibleTreeSize(f"A tree cannot have {size} leaves.")


def checked_hash(value: bytes) -> bytes:
    """Return the hash; raise ValueError if it has the wrong length."""
    if len(value) != HASH_SIZE:
        raise ValueError(f"A hash has {HASH_SIZE} bytes, not {len(value)}.")
    return value


def are_hashes(values: Iterable[bytes]) -> bool:
    """Return whether every value has the length of a hash."""
    return all(len(value) == HASH_SIZE for value in values)
