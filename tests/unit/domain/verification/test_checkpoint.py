"""Checkpoints of C2SP: the published example, and every way in which one can be malformed."""

from __future__ import annotations

from base64 import b64decode
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.verification.checkpoint import (
    MAX_SIZE,
    Checkpoint,
    MalformedCheckpoint,
    OtherLog,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from gatepost_domain.verification.ed25519 import verify
from gatepost_domain.verification.merkle_tree import EMPTY_ROOT
from gatepost_domain.verification.signed_note import (
    InvalidSignature,
    MalformedNote,
    UnsignedNote,
    VerifierKey,
    parse_note,
    sign_note,
)

SPEC_ROOT: Final = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
SPEC_TEXT: Final = f"example.com/behind-the-sofa\n20852163\n{SPEC_ROOT}\n"
SPEC_CHECKPOINT: Final = (
    f"{SPEC_TEXT}\n— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
"""The example of the specification, whose key is not published."""

ORIGIN: Final = "gatepost/example"
PRIVATE_KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY: Final = VerifierKey(ORIGIN, PRIVATE_KEY.public_key().public_bytes_raw())
CHECKPOINT: Final = Checkpoint(ORIGIN, 42, b64decode(SPEC_ROOT))

LINES: Final = st.text(st.characters(min_codepoint=32, codec="utf-8"), min_size=1)


def test_example_of_the_specification_is_parsed() -> None:
    """Origin, size and root hash are read, and written the same way."""
    checkpoint = parse_checkpoint(parse_note(SPEC_CHECKPOINT).text)

    assert checkpoint == Checkpoint(
        origin="example.com/behind-the-sofa",
        size=20852163,
        root=b64decode(SPEC_ROOT),
    )
    assert str(checkpoint) == SPEC_TEXT


@given(
    LINES,
    st.integers(0, MAX_SIZE),
    st.binary(min_size=32, max_size=32),
    st.lists(LINES, max_size=3),
)
def test_checkpoint_survives_signing_and_opening(
    origin: str, size: int, root: bytes, extensions: list[str]
) -> None:
    """What was signed is what is opened; the origin need not be the name of the key."""
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))

    note = sign_checkpoint(checkpoint, KEY, PRIVATE_KEY.sign)

    assert open_checkpoint(str(note), origin, [KEY], verify) == checkpoint


def test_checkpoint_of_an_empty_log_is_accepted() -> None:
    """The size of the empty tree is written as 0."""
    checkpoint = Checkpoint(ORIGIN, 0, EMPTY_ROOT)

    assert str(checkpoint).split("\n")[1] == "0"
    assert parse_checkpoint(str(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(SPEC_TEXT.rstrip("\n"), id="no newline at the end"),
        pytest.param(f"{SPEC_TEXT}\n", id="an empty extension line"),
        pytest.param(f"{SPEC_TEXT}\nextension\n", id="an empty line before an extension line"),
        pytest.param(f"\n{SPEC_TEXT}", id="an empty line at the start"),
        pytest.param(f"\n1\n{SPEC_ROOT}\n", id="an empty origin"),
        pytest.param("example.com\n1\n", id="no root hash"),
        pytest.param(f"example.com\n{SPEC_ROOT}\n", id="no size"),
        *(
            pytest.param(f"example.com\n{size}\n{SPEC_ROOT}\n", id=f"size {size!r}")
            for size in (
                *("", "-1", "+1", "01", "00", "1.0", "1e3", " 1", "1 ", "0x1", "1_000", "²", "٣"),
                *(str(MAX_SIZE + 1), "9" * 5000),
            )
        ),
        *(
            pytest.param(f"example.com\n1\n{root}\n", id=f"root hash {root!r}")
            for root in (
                "",
                SPEC_ROOT[:-1],
                f"{SPEC_ROOT} ",
                f" {SPEC_ROOT}",
                f"{SPEC_ROOT}=",
                SPEC_ROOT.replace("2I=", "2J="),
                SPEC_ROOT.replace("/", "_"),
                SPEC_ROOT.replace("C", "é", 1),
                "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==",
                "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2Jh",
                "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62",
            )
        ),
    ],
)
def test_malformed_checkpoint_is_refused(text: str) -> None:
    """A malformed checkpoint is not parsed, and the error says what is wrong."""
    with pytest.raises(MalformedCheckpoint, match=r"\.$"):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 1, EMPTY_ROOT, ()),
        ("two\nlines", 1, EMPTY_ROOT, ()),
        (ORIGIN, -1, EMPTY_ROOT, ()),
        (ORIGIN, MAX_SIZE + 1, EMPTY_ROOT, ()),
        (ORIGIN, 1, b"short", ()),
        (ORIGIN, 1, EMPTY_ROOT, ("",)),
        (ORIGIN, 1, EMPTY_ROOT, ("two\nlines",)),
    ],
)
def test_checkpoint_that_cannot_be_written_is_refused(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    """No checkpoint exists whose text would be read differently."""
    with pytest.raises(MalformedCheckpoint):
        Checkpoint(origin, size, root, extensions)


def test_checkpoint_of_another_log_is_refused() -> None:
    """The same key may sign for two logs; one must not pass for the other."""
    note = str(sign_checkpoint(CHECKPOINT, KEY, PRIVATE_KEY.sign))

    with pytest.raises(OtherLog, match="gatepost/other"):
        open_checkpoint(note, "gatepost/other", [KEY], verify)


def test_checkpoint_is_opened_only_if_a_known_key_signed_it() -> None:
    """Changed, unsigned and malformed checkpoints are refused with different errors."""
    note = str(sign_checkpoint(CHECKPOINT, KEY, PRIVATE_KEY.sign))

    with pytest.raises(InvalidSignature):
        open_checkpoint(note.replace("\n42\n", "\n43\n"), ORIGIN, [KEY], verify)
    with pytest.raises(UnsignedNote):
        open_checkpoint(note, ORIGIN, [], verify)
    with pytest.raises(MalformedNote):
        open_checkpoint(str(CHECKPOINT), ORIGIN, [KEY], verify)
    with pytest.raises(MalformedCheckpoint):
        open_checkpoint(str(sign_note("text\n", KEY, PRIVATE_KEY.sign)), ORIGIN, [KEY], verify)
