"""Checkpoints and proofs are accepted, and forged ones refused, by an implementation of others.

The other implementation is tlog-scales. It follows the specifications of C2SP and RFC 9162, whose
proofs are those of RFC 6962.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tlog_scales.signing import PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint as OtherCheckpoint
from tlog_scales.tlog import (
    ConsistencyProof,
    ConsistencyProofInvalid,
    InclusionProof,
    InclusionProofInvalid,
)

from gatepost_domain.verification.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from gatepost_domain.verification.ed25519 import verify
from gatepost_domain.verification.merkle_tree import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtree_hashes,
)
from gatepost_domain.verification.signed_note import VerifierKey, parse_verifier_key

ORIGIN: Final = "gatepost/example"
PRIVATE_KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY: Final = VerifierKey(ORIGIN, PRIVATE_KEY.public_key().public_bytes_raw())

LEAVES: Final = [leaf_hash(number.to_bytes(32, "big")) for number in range(40)]
HASHES: Final = subtree_hashes(LEAVES)
SIZES: Final = range(1, len(LEAVES) + 1)
FORGED: Final = leaf_hash(b"forged")


def a_checkpoint(size: int) -> str:
    """Return our signed checkpoint of the first leaves."""
    checkpoint = Checkpoint(ORIGIN, size, root_of(LEAVES[:size]))
    return str(sign_checkpoint(checkpoint, KEY, PRIVATE_KEY.sign))


def opened(note: str) -> OtherCheckpoint:
    """Return what the other implementation reads, after it has verified the signature."""
    checkpoint = OtherCheckpoint.from_text(note)
    checkpoint.verify(Vkey.from_string(str(KEY)))
    return checkpoint


def test_checkpoint_is_accepted() -> None:
    """The other implementation reads the same origin, size and root hash, and writes them alike."""
    note = a_checkpoint(40)

    checkpoint = opened(note)

    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 40)
    assert checkpoint.root_hash == root_of(LEAVES)
    assert checkpoint.serialize() == note


def test_changed_checkpoint_is_refused() -> None:
    """The signature covers the size."""
    with pytest.raises(InvalidSignature):
        opened(a_checkpoint(40).replace("\n40\n", "\n39\n"))


def test_checkpoint_of_the_other_implementation_is_accepted() -> None:
    """We read what the other implementation has signed, with the key that it has written."""
    signer = PlainEd25519Signer(ORIGIN, PRIVATE_KEY)
    note = OtherCheckpoint.make_signed(ORIGIN, 40, root_of(LEAVES), [signer]).serialize()

    key = parse_verifier_key(signer.vkey.serialize())  # type: ignore[no-untyped-call]  # it has no hints

    assert key == KEY
    assert open_checkpoint(note, ORIGIN, [key], verify) == Checkpoint(ORIGIN, 40, root_of(LEAVES))


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_proof_is_accepted(size: int) -> None:
    """Each leaf is proven to be in the tree of a checkpoint; another leaf is not."""
    root = opened(a_checkpoint(size)).root_hash
    for index in range(size):
        proof = InclusionProof(index, size, inclusion_proof(index, size, HASHES))

        proof.check(LEAVES[index], root)
        with pytest.raises(InclusionProofInvalid):
            proof.check(FORGED, root)


@pytest.mark.parametrize("size", SIZES)
def test_every_consistency_proof_is_accepted(size: int) -> None:
    """Each checkpoint is proven to extend each earlier one; a rewritten one is not."""
    later = opened(a_checkpoint(size))
    for old_size in range(1, size + 1):
        earlier = opened(a_checkpoint(old_size))
        proof = ConsistencyProof(old_size, size, consistency_proof(old_size, size, HASHES))

        proof.check(earlier.root_hash, later.root_hash)
        with pytest.raises(ConsistencyProofInvalid):
            proof.check(FORGED, later.root_hash)
        with pytest.raises(ConsistencyProofInvalid):
            replace(proof, node_hashes=[*proof.node_hashes, FORGED]).check(
                earlier.root_hash, later.root_hash
            )
