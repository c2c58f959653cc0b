"""Malformed bodies: each is refused as documented, and nothing is stored."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

import pytest

from gatepost_api.http.json_body import MAX_BODY_BYTES
from tests.support.http.api import Api, assert_problem, created_json, deployment_body, ok_json

JSON: Final = {"Content-Type": "application/json"}
VALID_BODY: Final = json.dumps(deployment_body()).encode()


def body_with_raw_field(field: str, value: str) -> bytes:
    """Return a valid body with one more field, whose value is inserted unchanged."""
    return VALID_BODY[:-1] + f',"{field}":'.encode() + value.encode(errors="surrogatepass") + b"}"


NESTED_BODIES: Final[Mapping[str, Callable[[int], bytes]]] = {
    "arrays": lambda depth: b"[" * depth + b"]" * depth,
    "arrays without end": lambda depth: b"[" * depth,
    "objects": lambda depth: b'{"a":' * depth + b"1" + b"}" * depth,
    "arrays in a field": lambda depth: body_with_raw_field("notes", "[" * depth + "]" * depth),
    "objects in a field": lambda depth: body_with_raw_field(
        "notes", '{"a":' * depth + "1" + "}" * depth
    ),
    "arrays in a list": lambda depth: b'{"work_references":[' + b"[" * depth + b"]" * depth + b"]}",
    "arrays in an unknown field": lambda depth: body_with_raw_field("x", "[" * depth + "]" * depth),
}


@pytest.mark.parametrize("shape", NESTED_BODIES)
async def test_extremely_deep_json_is_malformed(api: Api, shape: str) -> None:
    """A body with 40,000 levels is refused as malformed and does not overflow the stack."""
    with api.assert_nothing_stored():
        body = NESTED_BODIES[shape](40_000)
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 400, "malformed", "#")


@pytest.mark.parametrize("shape", NESTED_BODIES)
async def test_deep_json_is_refused(api: Api, shape: str) -> None:
    """A body with 1,000 levels is malformed or invalid, depending on the Python version."""
    with api.assert_nothing_stored():
        body = NESTED_BODIES[shape](1_000)
        response = await api.post("/deployments", content=body, headers=JSON)

    assert response.json()["code"] in {"malformed", "invalid"}
    assert response.status_code in {400, 422}
    assert response.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b" ", id="blank"),
        pytest.param(b"\x00", id="NUL"),
        pytest.param(VALID_BODY + b"x", id="trailing garbage"),
        pytest.param(VALID_BODY + b"\x00", id="trailing NUL"),
        pytest.param(VALID_BODY + VALID_BODY, id="two values"),
        pytest.param(VALID_BODY + b"\n" + VALID_BODY, id="two lines"),
        pytest.param(VALID_BODY[:-1], id="cut off"),
        pytest.param(VALID_BODY[:-1] + b",}", id="trailing comma"),
        pytest.param(b"/* why */" + VALID_BODY, id="comment"),
        pytest.param(VALID_BODY.replace(b'"', b"'"), id="single quotes"),
        pytest.param(VALID_BODY.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(VALID_BODY.decode().encode("utf-16-le"), id="UTF-16 without mark"),
        pytest.param(VALID_BODY.decode().encode("utf-32"), id="UTF-32"),
        pytest.param(body_with_raw_field("notes", '"ä"').decode().encode("latin-1"), id="Latin-1"),
        pytest.param(body_with_raw_field("notes", '"').replace(b"}", b'\xff"}'), id="no UTF-8"),
        pytest.param(
            body_with_raw_field("notes", '"').replace(b"}", b'\xc0\xaf"}'), id="overlong UTF-8"
        ),
        pytest.param(body_with_raw_field("notes", '"\ud800"'), id="raw lone surrogate"),
        pytest.param(body_with_raw_field("notes", '"\\ud800"'), id="escaped lone surrogate"),
        pytest.param(
            body_with_raw_field("notes", '"\\udc00\\ud800"'), id="surrogates the wrong way round"
        ),
        pytest.param(body_with_raw_field("\\ud800", "1"), id="lone surrogate in a key"),
        pytest.param(body_with_raw_field("notes", '"\\x41"'), id="unknown escape"),
        pytest.param(body_with_raw_field("notes", '"a\x00b"'), id="raw NUL in a text"),
        pytest.param(body_with_raw_field("notes", '"a\nb"'), id="raw line feed in a text"),
        pytest.param(body_with_raw_field("start", "NaN"), id="NaN"),
        pytest.param(body_with_raw_field("start", "Infinity"), id="Infinity"),
        pytest.param(body_with_raw_field("start", "-Infinity"), id="-Infinity"),
        pytest.param(body_with_raw_field("start", "01"), id="leading zero"),
        pytest.param(body_with_raw_field("start", "0x1"), id="hexadecimal"),
        pytest.param(body_with_raw_field("start", "True"), id="Python"),
    ],
)
async def test_body_that_is_not_utf8_json_is_malformed(api: Api, body: bytes) -> None:
    """RFC 8259 is applied strictly, and the error points at the whole body."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 400, "malformed", "#")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (body_with_raw_field("risk", '"None."'), "#/risk"),
        (body_with_raw_field("risk", '"Checkout may be slow for a minute."'), "#/risk"),
        (body_with_raw_field("r\\u0069sk", '"None."'), "#/risk"),
        (b'{"a/b~c":1,"a/b~c":2}', "#/a~1b~0c"),
        (b'{"":1,"":2}', "#/"),
        (b'{"\\ud800":1,"\\ud800":2}', "#/?"),
        (b'{"\xed\xa0\x80":1,"\xed\xa0\x80":2}', "#"),
    ],
)
async def test_duplicate_key_is_refused(api: Api, body: bytes, pointer: str) -> None:
    """An object with a duplicate key is refused, as parsers differ in which value they use."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 400, "malformed", pointer)


@pytest.mark.parametrize("key", ['"group"', '"gr\\u006fup"', '"\\ud800"'])
async def test_duplicate_key_is_refused_at_any_depth(api: Api, key: str) -> None:
    """Duplicate keys are refused in lists and objects, even if they are escaped or invalid."""
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
        (b"[" + VALID_BODY + b"]", "#"),
        (body_with_raw_field("start", "9" * 5_000), "#/start"),
        (body_with_raw_field("start", "1e999999999"), "#/start"),
        (body_with_raw_field("start", "-0.0"), "#/start"),
        (body_with_raw_field("start", "null"), None),
        (body_with_raw_field("notes", '"a\\u0000b"'), "#/notes"),
        (body_with_raw_field("notes", '"a\\u001bb"'), "#/notes"),
        (body_with_raw_field("notes", '"\\u007f"'), "#/notes"),
        (body_with_raw_field("notes", '"' + "a" * 9_999 + '\\u0000"'), "#/notes"),
        (body_with_raw_field("notes", '"\\u2003\\u00a0"'), "#/notes"),
        (body_with_raw_field("notes", '"\\u0085\\ufeff\\n"'), "#/notes"),
        (body_with_raw_field("x" * 10_000, "1"), "#/" + "x" * 10_000),
        (body_with_raw_field("a/b~c", "1"), "#/a~1b~0c"),
        (body_with_raw_field("ä\U0001f600", "1"), "#/ä\U0001f600"),
        (body_with_raw_field("", "1"), "#/"),
        (body_with_raw_field("a b.c[0]", "1"), "#/a b.c[0]"),
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
async def test_json_of_another_type_is_refused(api: Api, body: bytes, pointer: str | None) -> None:
    """The response is 422 with a pointer (RFC 6901) to the field."""
    if pointer is None:
        created_json(await api.post("/deployments", content=body, headers=JSON))
        return
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=body, headers=JSON)

    assert_problem(response, 422, "invalid", pointer)


async def test_byte_order_mark_is_ignored(api: Api) -> None:
    """A body may begin with the mark that some editors write (RFC 8259, section 8.1)."""
    body = b"\xef\xbb\xbf" + VALID_BODY

    created_json(await api.post("/deployments", content=body, headers=JSON))


@pytest.mark.parametrize("text", ["a" * 9_999, "a b" * 3_333, " a" * 4_999])
async def test_long_text_is_validated_quickly(api: Api, text: str) -> None:
    """Validating the longest text with an error at its end does not block other requests."""
    started_at = time.process_time()
    response = await api.post("/deployments", deployment_body(notes=f"{text}\x00"))

    assert_problem(response, 422, "invalid", "#/notes")
    assert time.process_time() - started_at < 0.2


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
async def test_body_without_a_json_content_type_is_refused(
    api: Api, path: str, content_type: str | None
) -> None:
    """Forms and plain text are refused because browsers send them across sites."""
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
async def test_parameters_of_the_content_type_are_ignored(api: Api, content_type: str) -> None:
    """JSON is always UTF-8, so a charset parameter has no effect (RFC 8259 §8.1 and §11)."""
    headers = {"Content-Type": content_type}

    created_json(await api.post("/deployments", content=VALID_BODY, headers=headers))


@pytest.mark.parametrize("action", ["approve", "start", "succeed"])
async def test_optional_body_must_not_be_null(api: Api, action: str) -> None:
    """A missing body is accepted, but the value null is not."""
    await api.create_deployment()
    with api.assert_nothing_stored():
        path = f"/deployments/DEP-1/{action}"
        response = await api.post(path, content=b"null", headers=JSON)

    assert_problem(response, 422, "invalid", "#")


@pytest.mark.parametrize("headers", [{}, JSON])
async def test_missing_body_is_refused(api: Api, headers: dict[str, str]) -> None:
    """A missing body is refused with and without a content type."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=b"", headers=headers)

    assert_problem(response, 422, "invalid", "#")


async def chunked_body(size: int) -> AsyncIterator[bytes]:
    """Yield a body in parts, without a content length."""
    for _ in range(size // 65_536):
        yield b" " * 65_536


@pytest.mark.parametrize("path", ["/deployments", "/deployments/DEP-1/approve", "/services"])
@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 11_000_000])
async def test_body_over_the_limit_is_refused(api: Api, path: str, size: int) -> None:
    """The announced length is checked before reading, and the actual length while reading."""
    await api.create_deployment()
    for body in (b" " * size, chunked_body(size + 65_536)):
        with api.assert_nothing_stored():
            response = await api.post(path, content=body, headers=JSON)

        assert_problem(response, 413, "body_too_large")


async def test_largest_body_is_accepted(api: Api) -> None:
    """A body of 256 KiB, the limit, is accepted."""
    body = VALID_BODY + b" " * (MAX_BODY_BYTES - len(VALID_BODY))

    created_json(await api.post("/deployments", content=body, headers=JSON))


async def test_text_of_any_language_is_returned_unchanged(api: Api) -> None:
    """The deployment and its event keep every character."""
    text = "Zürich 東京 שלום \u2764\ufe0f é vs e\u0301 <script>'; DROP TABLE--"
    deployment = await api.create_deployment(notes=text, rollback_plan=text, work_references=[text])

    (event,) = await api.events(deployment)
    deployment_read = ok_json(await api.get("/deployments/DEP-1"))
    assert deployment_read["notes"] == deployment_read["rollback_plan"] == event["note"] == text
    assert deployment_read["work_references"] == event["data"]["work_references"] == [text]


HIDDEN = ["\u200b", "\u202e", "\u2066", "\u200d", "\ufeff", "\x85", "\x1b", "\ue000", "\uffff"]
HIDDEN += ["\U000e0041", "\U000f0000", "\U0001fffe"]
LOOK_ALIKES = ["1 0", "1.0\u3164", "1.0\ufe0f", "1\u00a00", "1.0\u2028"]


@pytest.mark.parametrize("character", HIDDEN, ids=ascii)
@pytest.mark.parametrize("field", ["notes", "rollback_plan", "risk", "version", "requester"])
async def test_characters_that_are_not_shown_are_refused(
    api: Api, field: str, character: str
) -> None:
    """The error says what the field may contain, without a pattern; nothing is stored."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: f"1.0{character}"}))

    problem = assert_problem(response, 422, "invalid", f"#/{field}")
    assert problem["detail"].startswith(f"`{field}` must be ")
    assert problem["errors"][0]["detail"].startswith("It must be ")
    assert problem["detail"].isascii()


@pytest.mark.parametrize("nothing", ["\u3164", "\ufe0f", "\u2800 \u00a0", "\u200b"], ids=ascii)
@pytest.mark.parametrize("field", ["notes", "rollback_plan", "risk", "version"])
async def test_text_that_shows_nothing_is_refused(api: Api, field: str, nothing: str) -> None:
    """A field that looks empty counts as missing; nothing is stored."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: nothing}))

    assert_problem(response, 422, "invalid", f"#/{field}")


@pytest.mark.parametrize("version", LOOK_ALIKES, ids=ascii)
async def test_version_that_looks_like_another_is_refused(api: Api, version: str) -> None:
    """Blanks and invisible characters make no other version; letters of any script do."""
    with api.assert_nothing_stored():
        refused = await api.post("/services/shop/versions", {"version": version})
    assert_problem(refused, 422, "invalid", "#/version")

    created_json(await api.post("/services/shop/versions", {"version": "1.0-\u0430"}))
