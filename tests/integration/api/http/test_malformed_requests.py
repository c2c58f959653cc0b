"""Malformed paths, queries and headers: none causes a server error."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.support.http.api import (
    Api,
    assert_problem,
    created_json,
    deployment_body,
    ok_json,
    owner_client,
)

READ_PATHS: Final = [
    "/deployments",
    "/deployments/DEP-1",
    "/deployments/DEP-1/events",
    "/deployments/DEP-1/gates",
    "/events",
    "/services",
    "/services/shop",
    "/services/shop/versions",
    "/environments",
    "/environments/test",
    "/environments/test/policy",
]
SEGMENTS: Final = [
    "%00",
    "%0A",
    "%0D%0ASet-Cookie:x",
    "%ff",
    "%ED%A0%80",
    "%F0%9F%98%80",
    "%",
    "%zz",
    "'%20OR%201=1--",
    "..%5c..%5c",
    "a" * 10_000,
    "9" * 10_000,
    "-" * 36,
    "{00000000-0000-7000-8000-000000000001}",
    "0000000000000000000000000000000g",
    "null",
]


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize(
    "path",
    [
        "/deployments/{}",
        "/deployments/{}/events",
        "/deployments/{}/gates",
        "/services/{}",
        "/services/{}/versions",
        "/environments/{}",
        "/environments/{}/policy",
    ],
)
async def test_unknown_path_segment_is_404(api: Api, path: str, segment: str) -> None:
    """Any text in place of a name is treated as an unknown name."""
    kind = path.split("/")[1].removesuffix("s")
    with api.assert_nothing_stored():
        response = await api.get(path.format(segment))

    assert_problem(response, 404, f"unknown_{kind}")


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/deployments/{}/approve", {}),
        ("/deployments/{}/cancel", {"note": "n"}),
        ("/services/{}/versions", {"version": "2"}),
    ],
)
async def test_write_to_an_unknown_name_is_404(
    api: Api, path: str, body: dict[str, str], segment: str
) -> None:
    """Any text is treated as an unknown name, and the idempotency key is not stored."""
    with api.assert_nothing_stored():
        response = await api.post(path.format(segment), body, headers={"Idempotency-Key": "k"})

    assert response.status_code == 404
    assert response.json()["code"].startswith("unknown_")


MALFORMED_VALUES: Final = [
    "%00",
    "%ff",
    "%ED%A0%80",
    "%0D%0A",
    "a" * 10_000,
    "'%20OR%201=1--",
    "%",
    "[]",
    "",
]


@pytest.mark.parametrize("value", MALFORMED_VALUES)
@pytest.mark.parametrize("name", ["service", "environment", "requester", "version"])
async def test_filter_with_an_unknown_value_matches_nothing(
    api: Api, name: str, value: str
) -> None:
    """Text filters accept any text, and the list is empty."""
    await api.create_deployment()

    assert ok_json(await api.get(f"/deployments?{name}={value}"))["items"] == []


@pytest.mark.parametrize("value", [*MALFORMED_VALUES, "9" * 10_000, "null", "{}", "-0", "1e400"])
@pytest.mark.parametrize(
    "name",
    ["tier", "status", "kind", "since", "until", "deployed_since", "order", "limit", "cursor"],
)
async def test_invalid_parameter_is_refused(api: Api, name: str, value: str) -> None:
    """The error names the parameter."""
    response = await api.get(f"/deployments?{name}={value}")

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"query/{name}"]


@pytest.mark.parametrize("path", READ_PATHS)
@pytest.mark.parametrize("query", ["nowhere=1", "nowhere", "%00=%00", "%ff=%ff", "a" * 60_000])
async def test_unknown_parameter_is_refused(api: Api, path: str, query: str) -> None:
    """A parameter that the operation does not have is an error, not something to ignore."""
    await api.create_deployment()

    response = await api.get(f"{path}?{query}")
    assert response.status_code == 422
    assert response.json()["code"] == "unknown_parameter"
    assert response.json()["detail"].isascii()


async def test_null_is_a_text_in_a_query(api: Api) -> None:
    """The text `null` is not a number, also where a number may be left out."""
    await api.create_deployment()

    assert_problem(await api.get("/audit/proof?seq=1&size=null"), 422, "invalid", "query/size")


async def test_misspelt_parameter_is_refused_before_it_destroys(api: Api) -> None:
    """A target is not retired now because the time at which it is to be retired is misspelt."""
    await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.client.delete("/api/v1/services/shop/targets/test?at_=2020-01-01")

    problem = assert_problem(response, 422, "unknown_parameter", "query/at_")
    assert "did you mean `at`?" in problem["detail"]


async def test_all_faults_of_a_request_are_reported_at_once(api: Api) -> None:
    """Faults in the query, in headers and in the body are all listed, each with its pointer."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments?dryrun=1",
            {"servicex": "shop", "environment": "Test", "work_references": ["A-1", "", 5]},
            headers={"Idempotency-Key": "a b"},
        )

    assert response.status_code == 422
    assert {error["pointer"]: error["detail"] for error in response.json()["errors"]} == {
        "query/dryrun": "It is not a parameter of this operation; its parameters are: none.",
        "header/Idempotency-Key": "It must be visible ASCII characters without spaces.",
        "#/servicex": "It is unknown (did you mean `service`?).",
        "#/service": "It is required.",
        "#/environment": "It must be lowercase letters, digits or hyphens, without a hyphen at "
        "either end.",
        "#/version": "It is required.",
        "#/work_references/1": "It must have at least 1 character.",
        "#/work_references/2": "It must be text.",
        "#/rollback_plan": "It is required.",
    }


async def test_all_faults_of_a_query_are_reported_at_once(api: Api) -> None:
    """Unknown names, wrong values and times that contradict each other are all listed."""
    response = await api.get(
        "/deployments?servicex=shop&status=nope&limit=0&since=yesterday&order=up"
        "&deployed_since=2026-11-02&deployed_until=2026-11-01"
    )

    assert response.status_code == 422
    errors = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
    assert errors.pop("query/status").startswith("It must be one of pending_approval, ")
    assert errors == {
        "query/servicex": "It is not a parameter of this operation (did you mean `service`?).",
        "query/limit": "It must be a whole number from 1 to 200.",
        "query/since": "It must be a time with a time zone, such as 2026-11-21T09:30:00Z, or a "
        "date, such as 2026-11-21.",
        "query/order": "It must be one of newest, oldest.",
        "query/deployed_since": "It is after `deployed_until`; choose an earlier start.",
    }


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=1&limit=2", 200),
        ("limit=2&limit=x", 422),
        ("order=oldest&order=newest", 200),
        ("since=2026-11-21T00:00:00Z&since=x", 422),
        ("cursor=x&cursor=y", 422),
    ],
)
async def test_repeated_parameter_counts_as_its_last_value(
    api: Api, query: str, status: int
) -> None:
    """Only the last value of a single-valued parameter is validated and used."""
    for _ in range(3):
        await api.create_deployment()
    headers = {"X-Request-ID": "the-same"}
    response = await api.get(f"/deployments?{query}", headers=headers)

    assert response.status_code == status
    last = await api.get(f"/deployments?{query.rpartition('&')[2]}", headers=headers)
    assert response.json() == last.json()


@pytest.mark.parametrize("count", [1_000, 5_000])
async def test_filter_accepts_many_values(api: Api, count: int) -> None:
    """A filter with 5,000 values is accepted."""
    await api.create_deployment()
    query = "&".join(f"version={number}" for number in range(count))

    assert ok_json(await api.get(f"/deployments?{query}"))["items"] == []


async def test_next_link_escapes_invalid_bytes(api: Api) -> None:
    """The Link header repeats the query and escapes bytes that are not text."""
    for _ in range(2):
        await api.create_deployment()

    async def raw(scope: Any, receive: Any, send: Any) -> None:
        query = b"limit=1&since=2026-01-01&until=9999-12-31&service=\xff\x00&service=shop"
        scope["query_string"] = query
        await api.app(scope, receive, send)

    async with owner_client(raw) as client:
        response = await client.get("/api/v1/deployments")

    ok_json(response)
    assert response.headers["Link"].startswith(
        "</api/v1/deployments?limit=1&since=2026-01-01&until=9999-12-31&service=%FF%00&service=shop&cursor="
    )


@pytest.mark.parametrize("path", READ_PATHS)
async def test_unknown_headers_are_ignored(api: Api, path: str) -> None:
    """Ten thousand headers, an invalid cookie and a one-megabyte header have no effect."""
    await api.create_deployment()
    plain = await api.get(path)
    many = [(f"X-{number}", "v") for number in range(10_000)]
    odd = [("Cookie", ";;==;a=\x01;" * 100), ("X-Long", "x" * 1_000_000), ("Accept", "text/plain")]

    response = await api.get(path, headers=[*many, *odd])
    assert (response.status_code, response.content) == (200, plain.content)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("If-None-Match", '"1",' * 1_000),
        ("If-None-Match", "x" * 1_000_000),
    ],
)
async def test_too_long_header_is_refused(api: Api, name: str, value: str) -> None:
    """The error names the header as it is spelt in the OpenAPI document."""
    await api.create_deployment()

    response = await api.get("/deployments/DEP-1", headers={name: value})
    assert_problem(response, 422, "invalid", f"header/{name}")


@pytest.mark.parametrize("value", ["x" * 1_000_000, "\x00", "\x7f", "ä"])
@pytest.mark.parametrize("name", ["Idempotency-Key", "If-Match"])
async def test_malformed_header_stops_the_action(api: Api, name: str, value: str) -> None:
    """Nothing is stored if the condition or the idempotency key is invalid."""
    await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments/DEP-1/cancel", {"note": "n"}, headers={name.encode(): value.encode()}
        )

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"header/{name}"]


@pytest.mark.parametrize("host", ["[::1", "a:b:c", "gatepost.example/x?y#z", "", "ä", "a" * 10_000])
@pytest.mark.parametrize("path", ["/deployments/DEP-1", "/deployments/DEP-9", "/nowhere"])
async def test_malformed_host_is_no_server_error(api: Api, host: str, path: str) -> None:
    """The request is answered without using the host, or it is refused."""
    await api.create_deployment()

    response = await api.get(path, headers={b"Host": host.encode()})
    assert response.status_code in {200, 400, 404}


@pytest.mark.parametrize("length", ["x", "-1", "1e3", "", "٣"])
async def test_malformed_content_length_is_refused(api: Api, length: str) -> None:
    """The response is a client error, and nothing is stored."""
    headers = {b"Content-Length": length.encode(), b"Content-Type": b"application/json"}
    with api.assert_nothing_stored():
        response = await api.post("/deployments", content=b"{}", headers=headers)

    assert response.status_code in {400, 422}


async def test_compressed_body_is_refused(api: Api) -> None:
    """A body is never decompressed, so it cannot expand without limit."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments",
            content=b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        )

    assert_problem(response, 415, "unsupported_content_encoding", "header/Content-Encoding")


async def test_method_cannot_be_overridden_by_a_header(api: Api) -> None:
    """Headers that name another method are ignored."""
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT"}

    created_json(await api.post("/deployments", deployment_body(), headers=override))
