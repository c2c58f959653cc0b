"""Importing history: either all rows are stored or none, with errors by row and column."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import httpx2
import pytest

from gatepost_api.http.request_spool_limit import SpoolSpace
from gatepost_domain.access.roles import Role
from tests.support.http.api import Api, assert_problem, auth_header, ok_json
from tests.support.http.users import create_user

HEADER: Final = "service,environment,version,deployed_at,deployed_by,notes,external_id\n"
ROW: Final = "shop,production,1.0.0,2026-11-20T09:30:00Z,bo,As planned.,x-1\n"
VALID_ROW: Final = "shop,production,1.0.0,2026-11-20T09:30:00Z"


async def send(
    api: Api, content: str | bytes, *, kind: str = "text/csv", **options: Any
) -> httpx2.Response:
    headers = {"Content-Type": kind, **options.pop("headers", {})}
    return await api.client.post(
        "/api/v1/deployments/import", content=content, headers=headers, **options
    )


async def test_row_becomes_a_record(api: Api) -> None:
    """An imported record is like any other record, and the import is one event."""
    result = ok_json(await send(api, HEADER + ROW))

    assert result == {
        "imported": 1,
        "repeated": 0,
        "repeated_in_file": 0,
        "repeated_records": 0,
        "differing": 0,
        "conflicts": [],
        "skipped": 0,
        "services_created": 0,
        "environments_created": 0,
        "versions_created": 0,
    }
    (record,) = ok_json(await api.get("/services/shop/deployments"))["items"]
    assert (record["kind"], record["deployed_by"], record["external_id"]) == ("record", "bo", "x-1")
    assert (record["deployed_at"], record["notes"]) == ("2026-11-20T09:30:00Z", "As planned.")
    (event,) = await api.events(record)
    assert (event["kind"], event["data"]["imported"]) == ("history_imported", 1)


async def test_json_lines_are_accepted(api: Api) -> None:
    """A file with one JSON object per line is imported; blank lines are ignored."""
    row = dict(zip(HEADER.strip().split(","), ROW.strip().split(","), strict=True))
    lines = json.dumps(row) + "\n\n" + json.dumps({**row, "external_id": "x-2"})

    assert ok_json(await send(api, lines, kind="application/x-ndjson"))["imported"] == 2


async def test_format_of_an_octet_stream_is_recognized(api: Api) -> None:
    """A client that can send only `application/octet-stream` can import both formats."""
    row = dict(zip(HEADER.strip().split(","), ROW.strip().split(","), strict=True))
    kind = "application/octet-stream"

    imported = ok_json(await send(api, HEADER + ROW, kind=kind))
    repeated = ok_json(await send(api, json.dumps(row), kind=kind))

    assert (imported["imported"], repeated["repeated"], repeated["differing"]) == (1, 1, 0)


async def test_file_can_be_imported_again(api: Api) -> None:
    """Rows with a known external id are left out; different values are refused, or listed."""
    ok_json(await send(api, HEADER + ROW))
    changed = ROW.replace("As planned.", "Otherwise.")
    rows = HEADER + ROW + changed + ROW.replace("x-1", "x-2")
    with api.assert_nothing_stored():
        refused = await send(api, rows)
    assert_problem(refused, 422, "external_id_taken", "#/rows/3/external_id")

    result = ok_json(await send(api, rows, params={"on_conflict": "skip"}))

    assert (result["imported"], result["repeated"], result["differing"]) == (1, 2, 1)
    assert result["conflicts"] == [
        {
            "row": 3,
            "service": "shop",
            "environment": "production",
            "external_id": "x-1",
            "number": "DEP-1",
            "differs": ["notes"],
        }
    ]
    history = ok_json(await api.get("/services/shop/deployments"))["items"]
    assert {item["notes"] for item in history} == {"As planned."}


async def test_missing_names_are_created_on_request(api: Api) -> None:
    """Services get the team `imported`, and environments get a tier based on their name."""
    rows = HEADER + "".join(
        f"{service},{environment},{version},2026-01-01T00:00:00Z,,,\n"
        for service, environment, version in (
            ("new", "production", "release-1"),
            ("new", "integration", "feature/a-branch-of-quite-some-length-1234567890ab"),
            ("shop", "production", "v2"),
        )
    )
    with api.assert_nothing_stored():
        assert_problem(
            await send(api, rows),
            422,
            "unknown_service",
            "#/rows/2/service",
            "#/rows/3/environment",
            "#/rows/4/version",
        )

    create = {"create_missing": "true"}
    with api.assert_nothing_stored():
        refused = await send(api, rows, params=create)
    assert_problem(refused, 422, "tier_required", "#/rows/3/environment")

    result = ok_json(await send(api, rows, params={**create, "tier.integration": "staging"}))

    assert (result["services_created"], result["environments_created"]) == (1, 1)
    assert result["versions_created"] == 3
    assert ok_json(await api.get("/services/new"))["team"] == "imported"
    assert ok_json(await api.get("/environments/integration"))["tier"] == "staging"


@pytest.mark.parametrize(
    ("query", "code", "pointers"),
    [
        ("create_missing=true&tier.eu=staging", "tier_unused", ["query/tier.eu"]),
        ("tier.eu=staging", "tier_unused", ["query/tier.eu"]),
        ("create_missing=true&tier.eu=prod", "invalid", ["query/tier.eu"]),
        (
            "tier.=test&tier.A=test&tier.a=b",
            "invalid",
            ["query/tier.", "query/tier.A", "query/tier.a"],
        ),
        ("tier.eu=test&tier.eu=staging", "invalid", ["query/tier.eu"]),
        ("create_missing=true&tier.production=test", "tier_differs", ["query/tier.production"]),
        ("on_conflict=replace", "invalid", ["query/on_conflict"]),
    ],
)
async def test_unusable_parameters_are_refused(
    api: Api, query: str, code: str, pointers: list[str]
) -> None:
    """The error points at the parameter, and nothing is stored."""
    with api.assert_nothing_stored():
        response = await send(api, HEADER + ROW, params=httpx2.QueryParams(query))

    assert_problem(response, 422, code, *pointers)


@pytest.mark.parametrize(
    ("content", "code", "pointers"),
    [
        ("", "missing_column", None),
        ("service,environment\n", "missing_column", None),
        ("service,service,environment,version,deployed_at\n", None, None),
        (HEADER.replace("notes", "colour") + ROW, "unknown_column", None),
        (HEADER + "shop,production\n", "wrong_columns", ["#/rows/2"]),
        (HEADER + ROW + 'shop,"production\n', "malformed_csv", None),
        (HEADER + VALID_ROW.replace("shop", "Shop!") + ",,,\n", "bad_name", ["#/rows/2/service"]),
        (
            HEADER + VALID_ROW.replace("1.0.0", "") + ",,,\n",
            "version_required",
            ["#/rows/2/version"],
        ),
        (
            HEADER + VALID_ROW.replace("T09", " at 9") + ",,,\n",
            "bad_time",
            ["#/rows/2/deployed_at"],
        ),
        (
            HEADER + VALID_ROW.replace("2026-11-20", "2026-11-22") + ",,,\n",
            "deployed_at_in_future",
            ["#/rows/2/deployed_at"],
        ),
        (
            HEADER + ROW + VALID_ROW.replace("1.0.0", "9.9") + ",,,\n",
            "version_not_of_service",
            ["#/rows/3/version"],
        ),
        (
            HEADER + VALID_ROW.replace("production", "nowhere") + ",,,\n",
            "unknown_environment",
            None,
        ),
        (HEADER + VALID_ROW + ",,\x00,\n", None, None),
        (HEADER.encode() + b"\xff\xfe,\x80\n", None, None),
    ],
)
async def test_errors_name_the_row_and_column(
    api: Api, content: str | bytes, code: str | None, pointers: list[str] | None
) -> None:
    """Rows are numbered as in a spreadsheet, and nothing is stored."""
    with api.assert_nothing_stored():
        response = await send(api, content, params={"create_missing": "false"})

    assert response.status_code == 422, response.text
    body = response.json()
    assert all(error["pointer"].startswith("#/rows/") for error in body["errors"])
    assert code in {None, body["code"]}
    assert pointers in (None, [error["pointer"] for error in body["errors"]])


async def test_one_invalid_row_stops_the_import(api: Api) -> None:
    """An invalid row in the middle of the file is named in the error, and nothing is stored."""
    rows = [f"{VALID_ROW},,,r-{number}\n" for number in range(5000)]
    rows[3333] = rows[3333].replace("1.0.0", "9.9")

    with api.assert_nothing_stored():
        response = await send(api, HEADER + "".join(rows))

    assert_problem(response, 422, "version_not_of_service", "#/rows/3335/version")


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ("[7]", "#/rows/1"),
        ("{", "#/rows/1"),
        ('{"service": 7}', None),
        ('{"service": "shop", "service": "cart"}', None),
        ("[" * 100_000, "#/rows/1"),
    ],
)
async def test_invalid_json_line_is_refused(api: Api, line: str, pointer: str | None) -> None:
    """The error names the line."""
    with api.assert_nothing_stored():
        response = await send(api, line, kind="application/x-ndjson")

    assert response.status_code == 422, response.text
    assert pointer in {None, response.json()["errors"][0]["pointer"]}


@pytest.mark.parametrize("kind", ["application/xml", "text/html", "", "multipart/form-data"])
async def test_other_media_types_are_refused(api: Api, kind: str) -> None:
    """Any other media type is refused with 415, and nothing is stored."""
    with api.assert_nothing_stored():
        response = await send(api, HEADER + ROW, kind=kind)

    assert_problem(response, 415, "unsupported_media_type", "header/Content-Type")


async def test_only_an_admin_imports(api: Api) -> None:
    """A user who may record deployments may not import history."""
    by = await create_user(api, "mo", Role.REQUESTER, Role.OPERATOR)

    assert_problem(await send(api, HEADER + ROW, headers=dict(by)), 403, "forbidden")


async def test_body_is_not_read_without_the_right(api: Api) -> None:
    """A caller who may not import is refused before the body arrives; the attempt is recorded."""
    by = await create_user(api, "mo", Role.REQUESTER, Role.OPERATOR)

    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    for headers, status in ((dict(by), 403), ({"Authorization": "Bearer none"}, 401)):
        response = await api.client.post(
            "/api/v1/deployments/import",
            content=body(),
            headers={"Content-Type": "text/csv", **headers},
        )
        assert response.status_code == status
    assert (await api.list_all("/events"))[-1]["kind"] == "access_denied"


def limit_spool_space(api: Api, max_bytes: int) -> SpoolSpace:
    """Let all temporary files together have at most this size."""
    space = SpoolSpace(max_bytes)
    api.app.state.context = replace(api.app.state.context, spool_space=space)
    return space


async def test_bodies_have_a_maximum_size_together(api: Api) -> None:
    """A body that finds no space is refused with 503, and leaves none of it occupied."""
    rows = HEADER + ROW
    space = limit_spool_space(api, len(rows) + 10)
    space.reserve(11)

    with api.assert_nothing_stored():
        response = await send(api, rows)

    assert_problem(response, 503, "no_spool_space")
    assert response.headers["Retry-After"] == "10"
    assert space.used_bytes == 11
    space.release(11)
    assert ok_json(await send(api, rows))["imported"] == 1
    assert space.used_bytes == 0


async def test_full_disk_refuses_the_body(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk has no space for the temporary file, the import is refused with 503."""

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", fail)
    with api.assert_nothing_stored():
        response = await send(api, HEADER + ROW)

    assert_problem(response, 503, "no_spool_space")


async def test_repeated_key_imports_once(api: Api) -> None:
    """The key prevents rows without an external id from being imported twice."""
    headers = {**auth_header("owner"), "Idempotency-Key": "k"}
    rows = HEADER + VALID_ROW + ",,,\n"
    first = await send(api, rows, headers=headers)
    repeat = await send(api, rows, headers=headers)

    assert ok_json(repeat) == ok_json(first)
    assert repeat.headers["Idempotent-Replayed"] == "true"
    conflicting = await send(api, rows + VALID_ROW + ",,,\n", headers=headers)
    assert_problem(conflicting, 422, "idempotency_mismatch")
    with_create_missing = await send(api, rows, headers=headers, params={"create_missing": "true"})
    assert_problem(with_create_missing, 422, "idempotency_mismatch")


async def test_large_import_is_accepted(api: Api) -> None:
    """The limit of 256 KiB for other bodies does not apply."""
    rows = "".join(f"{VALID_ROW},,{'n' * 1000},r-{number}\n" for number in range(400))

    assert ok_json(await send(api, HEADER + rows))["imported"] == 400
