"""JSON read, pointed into and compared as values."""

from __future__ import annotations

import pytest

from gatepost_worker.foundation.json_values import (
    InvalidJson,
    PointerNotFound,
    point,
    read,
    same,
    shown,
)

RFC_6901 = read(
    r'{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}'
)


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/foo", '["bar","baz"]'),
        ("/foo/0", '"bar"'),
        ("/foo/1", '"baz"'),
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/e^f", "3"),
        ("/g|h", "4"),
        (r"/i\j", "5"),
        ('/k"l', "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
    ],
)
def test_a_pointer_leads_where_the_rfc_says(pointer: str, text: str) -> None:
    """The examples of RFC 6901 §5."""
    assert same(point(RFC_6901, pointer), read(text))


def test_the_empty_pointer_is_the_whole_document() -> None:
    """RFC 6901 §5."""
    assert point(RFC_6901, "") is RFC_6901


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("/nothing", "there is no 'nothing' at the top"),
        ("/foo/2", "the list at /foo has 2 items, no 2"),
        ("/foo/-", "the list at /foo has no '-'"),
        ("/foo/00", "the list at /foo has no '00'"),
        ("/foo/01", "the list at /foo has no '01'"),
        ("/foo/+1", "the list at /foo has no '+1'"),
        ("/foo/²", "the list at /foo has no '²'"),
        ("/foo/" + "9" * 5000, "the list at /foo has no '999"),
        ("/foo/0/x", '"bar" at /foo/0 has nothing below it'),
        ("//x", "0 at / has nothing below it"),
        ("/m~01n", "there is no 'm~1n' at the top"),
    ],
    ids=range(11),
)
def test_a_pointer_to_nothing_says_where_it_ends(pointer: str, words: str) -> None:
    """Whoever wrote it sees how far it was right."""
    with pytest.raises(PointerNotFound) as nothing:
        point(RFC_6901, pointer)

    assert f"{nothing.value}".startswith(words)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("1", "1.0", True),
        ("1", "1e0", True),
        ("0", "-0.0", True),
        ("0.1", "0.10", True),
        ("0.1", "0.1000000000000000055", False),
        ("9007199254740993", "9007199254740992.0", False),
        ("1e999999999", "1e999999998", False),
        ("1", "true", False),
        ("false", "0", False),
        ("true", "true", True),
        ("true", "false", False),
        ("null", "false", False),
        ("null", "null", True),
        ('"1"', "1", False),
        ('"a"', '"a"', True),
        ('"a"', '"A"', False),
        ('"\\u00e9"', '"é"', True),
        ("[1,2]", "[1,2.0]", True),
        ("[1,2]", "[2,1]", False),
        ("[1]", "[1,2]", False),
        ("[true]", "[1]", False),
        ('{"a":1,"b":[]}', '{"b":[],"a":1.0}', True),
        ('{"a":1}', '{"a":true}', False),
        ('{"a":1}', '{"a":1,"b":null}', False),
        ("[]", "{}", False),
        ('{"a":1,"a":2}', '{"a":2}', True),
    ],
)
def test_values_are_compared_not_their_texts(one: str, other: str, are_same: bool) -> None:  # noqa: FBT001
    """Spelling and the order of members do not matter; kind and every digit do."""
    assert same(read(one), read(other)) is are_same
    assert same(read(other), read(one)) is are_same


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "Expecting value"),
        (b"<html>", "Expecting value"),
        (b"{'a': 1}", "double quotes"),
        (b'{"a": 1', "delimiter"),
        (b"NaN", "NaN is no JSON number"),
        (b"-Infinity", "-Infinity is no JSON number"),
        (b'"\xff"', "not in UTF-8"),
        (b"[" * 100_000, "nested deeper than 100"),
        (b"[" * 102 + b"]" * 102, "nested deeper than 100"),
        (b"1e99999999999999999999", "beyond all bounds"),
        (b"9" * 5000, "limit"),
    ],
    ids=range(11),
)
def test_what_is_no_json_is_told(text: bytes, words: str) -> None:
    """Nothing that a server answers ends the worker."""
    with pytest.raises(InvalidJson, match=words):
        read(text)


def test_what_is_nested_no_deeper_than_is_said_is_read() -> None:
    """And can be compared and shown."""
    deep = read(b'[{"a":' * 50 + b"1" + b"}]" * 50)

    assert same(deep, deep)
    assert shown(deep).count("[") == 50


def test_a_value_is_shown_as_it_is_written() -> None:
    """Numbers too, whatever they are held as."""
    assert (
        shown(read('{"a": [1.5, 2, true, null, "é"]}')) == r'{"a": [1.5, 2, true, null, "\u00e9"]}'
    )
