"""JSON values: parsing, pointers and comparison."""

from __future__ import annotations

import pytest

from gatepost_worker.foundation.json_documents import (
    InvalidJson,
    PointerNotFound,
    format_json,
    json_equal,
    parse_json,
    resolve_pointer,
)

RFC_6901 = parse_json(
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
def test_pointers_resolve_as_the_rfc_specifies(pointer: str, text: str) -> None:
    """The examples of RFC 6901, section 5, resolve to their documented values."""
    assert json_equal(resolve_pointer(RFC_6901, pointer), parse_json(text))


def test_the_empty_pointer_refers_to_the_whole_document() -> None:
    """The empty pointer resolves to the document, as in RFC 6901, section 5."""
    assert resolve_pointer(RFC_6901, "") is RFC_6901


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("/nothing", "the object at the root has no member 'nothing'"),
        ("/foo/2", "the array at /foo has no item 2; its length is 2"),
        ("/foo/-", "the array at /foo has no item '-'"),
        ("/foo/00", "the array at /foo has no item '00'"),
        ("/foo/01", "the array at /foo has no item '01'"),
        ("/foo/+1", "the array at /foo has no item '+1'"),
        ("/foo/²", "the array at /foo has no item '²'"),
        ("/foo/" + "9" * 5000, "the array at /foo has no item '999"),
        ("/foo/0/x", '"bar" at /foo/0 has no members'),
        ("//x", "0 at / has no members"),
        ("/m~01n", "the object at the root has no member 'm~1n'"),
    ],
    ids=range(11),
)
def test_an_unresolved_pointer_says_where_it_stops_matching(pointer: str, message: str) -> None:
    """The error names the part of the pointer that has no match."""
    with pytest.raises(PointerNotFound) as raised:
        resolve_pointer(RFC_6901, pointer)

    assert f"{raised.value}".startswith(message)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
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
def test_values_are_compared_and_not_their_text(left: str, right: str, *, equal: bool) -> None:
    """Notation and member order are ignored. Types and every digit are compared."""
    assert json_equal(parse_json(left), parse_json(right)) is equal
    assert json_equal(parse_json(right), parse_json(left)) is equal


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "Expecting value"),
        (b"<html>", "Expecting value"),
        (b"{'a': 1}", "double quotes"),
        (b'{"a": 1', "delimiter"),
        (b"NaN", "NaN is not a JSON number"),
        (b"-Infinity", "-Infinity is not a JSON number"),
        (b'"\xff"', "not encoded in UTF-8"),
        (b"[" * 100_000, "nested deeper than 100"),
        (b"[" * 102 + b"]" * 102, "nested deeper than 100"),
        (b"1e99999999999999999999", "number out of range"),
        (b"9" * 5000, "limit"),
    ],
    ids=range(11),
)
def test_invalid_json_is_refused_with_the_reason(text: bytes, reason: str) -> None:
    """An invalid response body raises an error with a reason, and does not crash the worker."""
    with pytest.raises(InvalidJson, match=reason):
        parse_json(text)


def test_json_nested_to_the_limit_is_accepted() -> None:
    """JSON at the nesting limit can be parsed, compared and formatted."""
    deep = parse_json(b'[{"a":' * 50 + b"1" + b"}]" * 50)

    assert json_equal(deep, deep)
    assert format_json(deep).count("[") == 50


def test_a_value_is_formatted_as_json() -> None:
    """Formatted numbers keep their original notation."""
    assert (
        format_json(parse_json('{"a": [1.5, 2, true, null, "é"]}'))
        == r'{"a": [1.5, 2, true, null, "\u00e9"]}'
    )
