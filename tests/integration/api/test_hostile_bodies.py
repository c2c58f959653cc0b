"""Bodies that no honest client sends: each is refused as documented, and nothing is stored."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

import pytest

from gatepost_api.http.json_body import MAX_BODY_BYTES
from tests.support.http.api import Api, assert_problem, created_json, deployment_body, ok_json

JSON: Final = {"Content-Type": "application/json"}
WHOLE: Final = json.dumps(deployment_body()).encode()


def with_raw(field: str, value: str) -> bytes:
    """A complete request with one more field, whose value is written as it is here."""
    return WHOLE[:-1] + f',"{field}":'.encode() + value.encode(errors="surrogatepass") + b"}"


NESTED: Final[Mapping[str, Callable[[int], bytes]]] = {
    "arrays": lambda depth: b"[" * depth + b"]" * depth,
    "arrays without end": lambda depth: b"[" * depth,
    "objects": lambda depth: b'{"a":' * depth + b"1" + b"}" * depth,
    "arrays in a field": lambda depth: with_raw("notes", "[" * depth + "]" * depth),
    "objects in a field": lambda depth: with_raw("notes", '{"a":' * depth + "1" + "}" * depth),
    "arrays in a list": lambda depth: b'{"work_references":[' + b"[" * depth + b"]" * depth + b"]}",
    "arrays in an unknown field": lambda depth: with_raw("x", "[" * depth + "]" * depth),
}


@pytest.mark.parametrize("shape", NESTED)
async def test_json_nested_without_reason_is_unreadable(api: Api, shape: str) -> None:
    """Forty thousand levels end nobody's stack."""
    with api.assert_nothing_stored():
        body = NESTED[shape](40_000)
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 400, "malformed", "#")


@pytest.mark.parametrize("shape", NESTED)
async def test_json_nested_too_deeply_for_any_request_is_refused(api: Api, shape: str) -> None:
    """A thousand levels: Python before 3.12 cannot read them, later ones find the wrong shape."""
    with api.assert_nothing_stored():
        body = NESTED[shape](1_000)
        response = await api.post("/deployments", content=body, headers=JSON)

    assert response.json()["code"] in {"malformed", "invalid"}
    assert response.status_code in {400, 422}
    assert response.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b" ", id="blank"),
        pytest.param(b"\x00", id="NUL"),
        pytest.param(WHOLE + b"x", id="trailing garbage"),
        pytest.param(WHOLE + b"\x00", id="trailing NUL"),
        pytest.param(WHOLE + WHOLE, id="two values"),
        pytest.param(WHOLE + b"\n" + WHOLE, id="two lines"),
        pytest.param(WHOLE[:-1], id="cut off"),
        pytest.param(WHOLE[:-1] + b",}", id="trailing comma"),
        pytest.param(b"/* why */" + WHOLE, id="comment"),
        pytest.param(WHOLE.replace(b'"', b"'"), id="single quotes"),
        pytest.param(b"\xef\xbb\xbf" + WHOLE, id="byte order mark"),
        pytest.param(WHOLE.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(WHOLE.decode().encode("utf-16-le"), id="UTF-16 without mark"),
        pytest.param(WHOLE.decode().encode("utf-32"), id="UTF-32"),
        pytest.param(with_raw("notes", '"ä"').decode().encode("latin-1"), id="Latin-1"),
        pytest.param(with_raw("notes", '"').replace(b"}", b'\xff"}'), id="no UTF-8"),
        pytest.param(with_raw("notes", '"').replace(b"}", b'\xc0\xaf"}'), id="overlong UTF-8"),
        pytest.param(with_raw("notes", '"\ud800"'), id="raw lone surrogate"),
        pytest.param(with_raw("notes", '"\\ud800"'), id="escaped lone surrogate"),
        pytest.param(with_raw("notes", '"\\udc00\\ud800"'), id="surrogates the wrong way round"),
        pytest.param(with_raw("\\ud800", "1"), id="lone surrogate in a key"),
        pytest.param(with_raw("notes", '"\\x41"'), id="unknown escape"),
        pytest.param(with_raw("notes", '"a\x00b"'), id="raw NUL in a text"),
        pytest.param(with_raw("notes", '"a\nb"'), id="raw line feed in a text"),
        pytest.param(with_raw("start", "NaN"), id="NaN"),
        pytest.param(with_raw("start", "Infinity"), id="Infinity"),
        pytest.param(with_raw("start", "-Infinity"), id="-Infinity"),
        pytest.param(with_raw("start", "01"), id="leading zero"),
        pytest.param(with_raw("start", "0x1"), id="hexadecimal"),
        pytest.param(with_raw("start", "True"), id="Python"),
    ],
)
async def test_a_body_that_is_not_one_json_value_in_utf8_is_unreadable(
    api: Api, body: bytes
) -> None:
    """RFC 8259, to the letter: 400, and the pointer is to the whole."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 400, "malformed", "#")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (with_raw("risk", '"None."'), "#/risk"),
        (with_raw("risk", '"Checkout may be slow for a minute."'), "#/risk"),
        (with_raw("r\\u0069sk", '"None."'), "#/risk"),
        (b'{"a/b~c":1,"a/b~c":2}', "#/a~1b~0c"),
        (b'{"":1,"":2}', "#/"),
        (b'{"\\ud800":1,"\\ud800":2}', "#/?"),
        (b'{"\xed\xa0\x80":1,"\xed\xa0\x80":2}', "#/?"),
    ],
)
async def test_a_key_given_twice_is_refused(api: Api, body: bytes, pointer: str) -> None:
    """One reader would take the first, another the last: which risk was approved?"""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 400, "malformed", pointer)


@pytest.mark.parametrize("key", ['"group"', '"gr\\u006fup"', '"\\ud800"'])
async def test_a_key_given_twice_is_refused_however_deep(api: Api, key: str) -> None:
    """Also inside lists and objects, spelt with an escape, or as no text at all."""
    rule = f'{{{key}:"qa","group":"qa",{key}:"devops"}}'
    body = f'{{"approval_stages":[{{"name":"qa","rules":[{rule}]}}]}}'
    with api.assert_nothing_stored():
        response = await api.client.put(
            "/api/v1/environments/production/policy", content=body.encode(), headers=JSON
        )

    assert response.status_code == 400
    assert response.json()["code"] == "malformed"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"null", "#"),
        (b"[]", "#"),
        (b'"shop"', "#"),
        (b"0", "#"),
        (b"true", "#"),
        (b"{}", "#/service"),
        (b"[" + WHOLE + b"]", "#"),
        (with_raw("start", "9" * 5_000), "#/start"),
        (with_raw("start", "1e999999999"), "#/start"),
        (with_raw("start", "-0.0"), "#/start"),
        (with_raw("start", "null"), None),
        (with_raw("notes", '"a\\u0000b"'), "#/notes"),
        (with_raw("notes", '"a\\u001bb"'), "#/notes"),
        (with_raw("notes", '"\\u007f"'), "#/notes"),
        (with_raw("notes", '"' + "a" * 9_999 + '\\u0000"'), "#/notes"),
        (with_raw("notes", '"\\u2003\\u00a0"'), "#/notes"),
        (with_raw("notes", '"\\u0085\\ufeff\\n"'), "#/notes"),
        (with_raw("x" * 10_000, "1"), "#/" + "x" * 10_000),
        (with_raw("a/b~c", "1"), "#/a~1b~0c"),
        (with_raw("ä\U0001f600", "1"), "#/ä\U0001f600"),
        (with_raw("", "1"), "#/"),
        (with_raw("a b.c[0]", "1"), "#/a b.c[0]"),
        (json.dumps(deployment_body(service="shop\n")).encode(), "#/service"),
        (json.dumps(deployment_body(version="1.0.0\n")).encode(), "#/version"),
        (json.dumps(deployment_body(version="1.0.0\x85")).encode(), "#/version"),
        (json.dumps(deployment_body(version="\ufeff1.0.0")).encode(), "#/version"),
        (json.dumps(deployment_body(requester="ada\n")).encode(), "#/requester"),
        (json.dumps(deployment_body(requester="a\u0000da")).encode(), "#/requester"),
        (
            json.dumps(deployment_body(work_references=["a", "b\tc"])).encode(),
            "#/work_references/1",
        ),
    ],
)
async def test_json_of_another_shape_is_refused_where_it_differs(
    api: Api, body: bytes, pointer: str | None
) -> None:
    """Readable, but not what was asked for: 422, with a pointer (RFC 6901) to the fault."""
    if pointer is None:
        created_json(await api.post("/deployments", content=body, headers=JSON))
        return
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 422, "invalid", pointer)


@pytest.mark.parametrize("text", ["a" * 9_999, "a b" * 3_333, " a" * 4_999])
async def test_a_text_is_judged_in_no_time(api: Api, text: str) -> None:
    """The longest one, wrong at its very end, holds nobody else up."""
    began = time.process_time()
    response = await api.post("/deployments", deployment_body(notes=f"{text}\x00"))

    assert_problem(response, 422, "invalid", "#/notes")
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/xml",
        "application/jsonp",
        "application/json, text/plain",
        "json",
        "*/*",
        "",
        "ü",
        "x" * 100_000,
        None,
    ],
)
@pytest.mark.parametrize("path", ["/deployments", "/deployments/DEP-1/approve"])
async def test_a_body_that_is_not_declared_as_json_is_not_read(
    api: Api, path: str, content_type: str | None
) -> None:
    """A web page elsewhere can make a browser send forms and plain text, so neither counts."""
    await api.create_deployment()
    headers = {} if content_type is None else {b"Content-Type": content_type.encode()}
    with api.assert_nothing_stored():
        response = await api.post(path, content=b"{}", headers=headers)

    assert_problem(response, 415, "unsupported_media_type", "header/Content-Type")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-16",
        "APPLICATION/JSON",
        "application/json ; q=1",
        "application/vnd.example+json",
    ],
)
async def test_json_is_json_with_whatever_parameters(api: Api, content_type: str) -> None:
    """A charset means nothing for JSON, which is UTF-8 (RFC 8259 §8.1 and §11)."""
    headers = {"Content-Type": content_type}

    created_json(await api.post("/deployments", content=WHOLE, headers=headers))


@pytest.mark.parametrize("action", ["approve", "start", "succeed"])
async def test_a_body_that_may_be_absent_is_no_null(api: Api, action: str) -> None:
    """Nothing and null are not the same."""
    await api.create_deployment()
    with api.assert_nothing_stored():
        path = f"/deployments/DEP-1/{action}"
        response = await api.post(path, content=b"null", headers=JSON)

    assert_problem(response, 422, "invalid", "#")


@pytest.mark.parametrize("headers", [{}, JSON])
async def test_a_body_that_is_missing_is_missed(api: Api, headers: dict[str, str]) -> None:
    """With or without a word on what it would be."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=b"", headers=headers)

    assert_problem(response, 422, "invalid", "#")


async def endless(size: int) -> AsyncIterator[bytes]:
    """A body that comes in parts, with no word on how long it will be."""
    for _ in range(size // 65_536):
        yield b" " * 65_536


@pytest.mark.parametrize("path", ["/deployments", "/deployments/DEP-1/approve", "/services"])
@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 11_000_000])
async def test_a_body_too_large_is_refused(api: Api, path: str, size: int) -> None:
    """By its announced length, before any of it is read, and by its real one."""
    await api.create_deployment()
    for body in (b" " * size, endless(size + 65_536)):
        with api.assert_nothing_stored():
            response = await api.post(path, content=body, headers=JSON)

        assert_problem(response, 413, "body_too_large")


async def test_a_body_of_the_greatest_size_is_read(api: Api) -> None:
    """256 KiB."""
    body = WHOLE + b" " * (MAX_BODY_BYTES - len(WHOLE))

    created_json(await api.post("/deployments", content=body, headers=JSON))


async def test_a_text_of_any_language_comes_back_as_it_was_sent(api: Api) -> None:
    """What is allowed is kept to the character, in the deployment and in its event."""
    text = "Zürich 東京 👩‍👩‍👧 \u202e abc \u2028 é vs e\u0301 <script>'; DROP TABLE--"
    deployment = await api.create_deployment(notes=text, rollback_plan=text, work_references=[text])

    (event,) = await api.events(deployment)
    read = ok_json(await api.get("/deployments/DEP-1"))
    assert read["notes"] == read["rollback_plan"] == event["note"] == text
    assert read["work_references"] == event["data"]["work_references"] == [text]
