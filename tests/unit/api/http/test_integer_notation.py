"""Integers may be written with a fraction or an exponent, as JSON Schema allows."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gatepost_api.http.input_faults import InvalidInput
from gatepost_api.http.json_body import decode_json_body


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A part of a body, with every kind of number."""

    count: int = 0
    share: float = 0.0
    exact: msgspec.Raw = msgspec.Raw(b"null")


class Whole(msgspec.Struct, forbid_unknown_fields=True):
    """A body with integers in every kind of place."""

    size: int
    parts: list[Part] = []
    sizes: dict[str, int] = {}


def decode(body: str) -> Any:
    return decode_json_body(body.encode(), "application/json", Whole)


@pytest.mark.parametrize("number", ["4", "4.0", "4e0", "40.0e-1", "0.4E+1"])
def test_whole_number_is_an_integer_however_it_is_written(number: str) -> None:
    """The body has the same meaning as with the plain integer."""
    assert decode(f'{{"size": {number}}}').size == 4


def test_whole_numbers_inside_of_lists_and_objects_are_integers() -> None:
    """The place does not matter, nor do characters in the names of members."""
    whole = decode('{"size": 1.0, "parts": [{}, {"count": 2.0}], "sizes": {"a/b~c": 3.0}}')

    assert (whole.size, whole.parts[1].count, whole.sizes) == (1, 2, {"a/b~c": 3})


def test_other_numbers_keep_their_exact_values() -> None:
    """Only integers are written in another way; no digit of another number is lost."""
    exact = "0.10000000000000000555"
    body = f'{{"size": 1.0, "parts": [{{"share": 2.50, "exact": {exact}}}]}}'

    (part,) = decode(body).parts

    assert (part.share, bytes(part.exact).decode()) == (2.5, exact)


@pytest.mark.parametrize(
    "number", ["4.5", "1e400", "-1e999999", "true", '"4.0"', "null", "9" * 5000, "1e-999999"]
)
def test_any_other_value_is_no_integer(number: str) -> None:
    """The fault is at its place."""
    with pytest.raises(InvalidInput) as refusal:
        decode(f'{{"size": {number}}}')

    assert [fault.pointer for fault in refusal.value.faults] == ["#/size"]


def test_all_faults_are_reported_besides_a_whole_number() -> None:
    """A number that is accepted does not hide what is wrong elsewhere."""
    with pytest.raises(InvalidInput) as refusal:
        decode('{"size": 4.0, "parts": [{"count": 1.5}], "colour": "red"}')

    assert {fault.pointer for fault in refusal.value.faults} == {"#/colour", "#/parts/0/count"}
