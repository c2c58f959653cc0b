"""Signed notes of C2SP: the published examples, and every way in which a note can be malformed."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.verification.ed25519 import verify
from gatepost_domain.verification.signed_note import (
    InvalidSignature,
    MalformedKey,
    MalformedNote,
    NoteSignature,
    SignedNote,
    SignerKey,
    UnsignedNote,
    VerifierKey,
    add_signature,
    parse_note,
    parse_signer_key,
    parse_verifier_key,
    sign_note,
    verify_note,
)

SPEC_KEY: Final = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE: Final = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
"""The example of the specification."""

PETER_SECRET: Final = (
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
)
PETER: Final = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH: Final = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT: Final = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
PETER_LINE: Final = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE: Final = (
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
"""The test vectors of the Go module golang.org/x/mod/sumdb/note."""

SEED: Final = bytes(range(32))
PRIVATE_KEY: Final = Ed25519PrivateKey.from_private_bytes(SEED)
KEY: Final = VerifierKey("gatepost/example", PRIVATE_KEY.public_key().public_bytes_raw())
OTHER_KEY: Final = VerifierKey(
    "gatepost/example",
    Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw(),
)


def public_key_of(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_text(name: str, kind_and_key: bytes) -> str:
    """Return the text of a key with the correct id, whether or not there is such a type of key."""
    key_id = sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64encode(kind_and_key).decode()}"


def test_example_of_the_specification_verifies() -> None:
    """The note is signed by the key."""
    key = parse_verifier_key(SPEC_KEY)
    note = parse_note(SPEC_NOTE)

    assert verify_note(note, [key], verify) == (key,)
    assert note.text == "This is an example message.\n"
    assert str(note) == SPEC_NOTE
    assert str(key) == SPEC_KEY


def test_note_of_go_is_signed_identically() -> None:
    """The private key of Go's test vectors produces the signature of the vectors."""
    key = parse_signer_key(PETER_SECRET, public_key_of)

    note = sign_note(TEXT, key.verifier_key, Ed25519PrivateKey.from_private_bytes(key.seed).sign)

    assert str(note) == f"{TEXT}\n{PETER_LINE}"
    assert str(key.verifier_key) == PETER
    assert key.to_secret_text() == PETER_SECRET


def test_two_known_keys_signed_a_note() -> None:
    """Each known key is returned once, in the order of the keys."""
    peter, enoch = parse_verifier_key(PETER), parse_verifier_key(ENOCH)
    note = parse_note(f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}{PETER_LINE}".encode())

    assert verify_note(note, [enoch, peter, enoch], verify) == (enoch, peter)
    assert [each.name for each in note.signatures] == ["PeterNeumann", "EnochRoot", "PeterNeumann"]


def test_signature_of_an_unknown_key_is_ignored() -> None:
    """The signature of another key neither helps nor harms, even if it is malformed inside."""
    unknown = "— EnochRoot rwz+eAA=\n"
    peter = parse_verifier_key(PETER)
    note = parse_note(f"{TEXT}\n{unknown}{PETER_LINE}")

    assert verify_note(note, [peter], verify) == (peter,)
    with pytest.raises(UnsignedNote):
        verify_note(replace(note, signatures=note.signatures[:1]), [peter], verify)


def test_signature_that_shares_only_the_name_or_the_id_is_ignored() -> None:
    """Both the name and the id must be those of the known key."""
    peter = parse_verifier_key(PETER)
    (signature,) = parse_note(f"{TEXT}\n{PETER_LINE}").signatures
    for other in (
        replace(signature, name="PeterNeuman"),
        replace(signature, key_id=b"\xc7\x4f\x20\xa4"),
    ):
        with pytest.raises(UnsignedNote):
            verify_note(SignedNote(TEXT, (other,)), [peter], verify)

        note = SignedNote(TEXT, (other, signature))
        assert verify_note(note, [peter], verify) == (peter,)


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_invalid_signature_of_a_known_key_spoils_the_note(place: int) -> None:
    """The note is refused even if another known key signed it correctly."""
    peter, enoch = parse_verifier_key(PETER), parse_verifier_key(ENOCH)
    note = parse_note(f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}")
    changed = bytearray(note.signatures[0].signature)
    changed[place] ^= 1
    forged = replace(note.signatures[0], signature=bytes(changed))

    with pytest.raises(InvalidSignature, match=r"PeterNeumann\+c74f20a3"):
        verify_note(SignedNote(TEXT, (forged, note.signatures[1])), [peter, enoch], verify)


def test_signature_of_another_length_is_not_passed_to_the_verification() -> None:
    """The verification only gets signatures of 64 bytes."""
    short = SignedNote(TEXT, (NoteSignature(KEY.name, KEY.key_id, bytes(63)),))

    with pytest.raises(InvalidSignature):
        verify_note(short, [KEY], lambda *_: True)


def test_changed_text_is_found() -> None:
    """A signature is valid only for its own text."""
    note = parse_note(SPEC_NOTE.replace("example message", "Example message"))

    with pytest.raises(InvalidSignature):
        verify_note(note, [parse_verifier_key(SPEC_KEY)], verify)


def test_note_without_known_keys_is_not_verified() -> None:
    """If no key is known, no note is verified."""
    with pytest.raises(UnsignedNote):
        verify_note(parse_note(SPEC_NOTE), [], verify)


def test_second_signature_by_the_same_key_replaces_the_first() -> None:
    """Signing again does not add a second signature."""
    once = sign_note("text\n", KEY, PRIVATE_KEY.sign)
    other = NoteSignature("other", b"abcd", b"e")

    twice = add_signature(
        replace(once, signatures=(*once.signatures, other)), KEY, PRIVATE_KEY.sign
    )

    assert twice.signatures == (other, once.signatures[0])


@settings(max_examples=50)
@given(st.text(st.characters(min_codepoint=32, codec="utf-8") | st.just("\n")))
def test_every_text_survives_signing_and_parsing(text: str) -> None:
    """A text may contain empty lines, and lines that look like signatures."""
    for body in (f"{text}\n", f"{text}\n\n— gatepost/example AAAAAAA=\n"):
        note = sign_note(body, KEY, PRIVATE_KEY.sign)

        assert parse_note(str(note)) == parse_note(str(note).encode()) == note


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="empty"),
        pytest.param(TEXT, id="no signatures"),
        pytest.param(f"{TEXT}\n", id="an empty line, but no signatures"),
        pytest.param(f"{TEXT}\n\n", id="empty lines instead of signatures"),
        pytest.param(f"{TEXT}{PETER_LINE}", id="no empty line"),
        pytest.param(f"{TEXT}\n{PETER_LINE}\n", id="an empty line at the end"),
        pytest.param(f"{TEXT}\n{PETER_LINE.strip()}", id="no newline at the end"),
        pytest.param(f"{TEXT}\n{PETER_LINE}text\n", id="text after the signatures"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('—', '-')}", id="a hyphen instead of the dash"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('— ', '—')}", id="no space after the dash"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('— ', '—  ')}", id="two spaces after the dash"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace(' x08', '  x08')}", id="two spaces in between"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('AM=', 'AM= ')}", id="a space at the end"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('AM=', 'AM')}", id="no padding"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('AM=', 'AN=')}", id="unused bits are set"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('x08', 'x*8')}", id="no Base64"),
        pytest.param(f"{TEXT}\n{PETER_LINE.replace('/', '_')}", id="URL-safe Base64"),
        pytest.param(f"{TEXT}\n— PeterNeumann\n", id="no signature"),
        pytest.param(f"{TEXT}\n— PeterNeumann x08gow==\n", id="only a key id"),
        pytest.param(f"{TEXT}\n— Peter+Neumann x08go/ZJ\n", id="a plus sign in the name"),
        pytest.param(f"{TEXT}\n— Peter\u00a0Neumann x08go/ZJ\n", id="a Unicode space in the name"),
        pytest.param(f"{TEXT}\n—  x08go/ZJ\n", id="no name"),
        pytest.param(f"{TEXT}\r\n\n{PETER_LINE}", id="a carriage return in the text"),
        pytest.param(f"tab\t\n\n{PETER_LINE}", id="a tab in the text"),
        pytest.param(f"null\0\n\n{PETER_LINE}", id="a null character in the text"),
        pytest.param(f"\ud800\n\n{PETER_LINE}", id="a lone surrogate"),
        pytest.param(f"{TEXT}\n".encode() + b"\xff" + PETER_LINE.encode(), id="invalid UTF-8"),
        pytest.param(f"{TEXT}\n" + PETER_LINE * 101, id="too many signatures"),
        pytest.param("long\n" * 200_000 + f"\n{PETER_LINE}", id="too many characters"),
        pytest.param("€\n" * 250_000 + f"\n{PETER_LINE}", id="too many bytes"),
    ],
)
def test_malformed_note_is_refused(note: str | bytes) -> None:
    """A malformed note is not parsed, and the error says what is wrong."""
    with pytest.raises(MalformedNote, match=r"\.$"):
        parse_note(note)


def test_a_hundred_signatures_are_accepted() -> None:
    """The specification requires at least 16."""
    assert len(parse_note(f"{TEXT}\n{PETER_LINE * 100}").signatures) == 100


@pytest.mark.parametrize("text", ["", "no newline", "bell\a\n", "return\r\n", "\udfff\n"])
def test_text_that_no_note_can_have_is_not_signed(text: str) -> None:
    """Such a note could not be parsed."""
    with pytest.raises(MalformedNote):
        sign_note(text, KEY, PRIVATE_KEY.sign)


def test_signature_of_another_length_is_not_added() -> None:
    """A signer that does not return an Ed25519 signature is an error."""
    with pytest.raises(ValueError, match="64 bytes, not 3"):
        sign_note("text\n", KEY, lambda _: b"abc")


@pytest.mark.parametrize("text", [PETER, ENOCH, SPEC_KEY])
def test_part_of_a_verifier_key_is_no_key(text: str) -> None:
    """No part of a key is a key, and neither is a key with one character changed."""
    parts = [text[start:stop] for start in range(len(text)) for stop in range(start, len(text) + 1)]
    changed = [text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :] for at in range(len(text))]
    for wrong in [*parts[:-1], *changed]:
        if wrong != text:
            with pytest.raises(MalformedKey):
                parse_verifier_key(wrong)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(key_text("PeterNeumann", b"\1" + bytes(31)), id="a short key"),
        pytest.param(key_text("PeterNeumann", b"\1" + bytes(33)), id="a long key"),
        pytest.param(key_text("PeterNeumann", b"\2" + bytes(32)), id="an ECDSA key"),
        pytest.param(key_text("PeterNeumann", b"\4" + bytes(32)), id="a cosigner key"),
        pytest.param(key_text("PeterNeumann", b""), id="no key"),
        pytest.param(key_text("", b"\1" + bytes(32)), id="no name"),
        pytest.param(key_text("Peter Neumann", b"\1" + bytes(32)), id="a space in the name"),
        pytest.param(key_text("Peter\1Neumann", b"\1" + bytes(32)), id="a control character"),
        pytest.param(PETER.replace("c74f20a3", "C74F20A3"), id="an id in capitals"),
        pytest.param(f"{PETER}\n", id="a newline at the end"),
        pytest.param(f"{PETER}+", id="a fourth part"),
    ],
)
def test_malformed_verifier_key_is_refused(text: str) -> None:
    """The error says what is wrong, even if the id fits."""
    with pytest.raises(MalformedKey, match=r"\.$"):
        parse_verifier_key(text)


def test_part_of_a_signer_key_is_no_key() -> None:
    """Nothing but the whole key is a key, and no error contains the secret."""
    secret = PETER_SECRET.rpartition("+")[2]
    wrongs = [PETER_SECRET[:stop] for stop in range(len(PETER_SECRET))]
    wrongs += [PETER_SECRET[start:] for start in range(1, len(PETER_SECRET))]
    wrongs += [
        PETER_SECRET[:at] + chr(ord(PETER_SECRET[at]) + 1) + PETER_SECRET[at + 1 :]
        for at in range(len(PETER_SECRET))
    ]
    for wrong in wrongs:
        with pytest.raises(MalformedKey) as caught:
            parse_signer_key(wrong, public_key_of)

        assert secret[4:20] not in str(caught.value)


def test_signer_key_does_not_show_its_seed() -> None:
    """The representation of a signer key can be logged."""
    key = SignerKey(KEY, SEED)

    assert repr(SEED) not in repr(key)
    assert parse_signer_key(key.to_secret_text(), public_key_of) == key


def test_two_keys_of_one_name_have_different_ids() -> None:
    """After a change of keys, signatures are told apart by the id."""
    note = sign_note("text\n", KEY, PRIVATE_KEY.sign)

    assert KEY.key_id != OTHER_KEY.key_id
    assert verify_note(note, [OTHER_KEY, KEY], verify) == (KEY,)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_key_of_another_length_is_refused(seed: bytes) -> None:
    """Seeds and public keys have 32 bytes."""
    with pytest.raises(MalformedKey):
        SignerKey(KEY, seed)
    with pytest.raises(MalformedKey):
        VerifierKey(KEY.name, seed)
