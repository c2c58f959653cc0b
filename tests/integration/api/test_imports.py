"""Importing history: all rows or none, and what is wrong told by row and column."""

from __future__ import annotations

import json
from typing import Any, Final

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from tests.support.http.api import Api, assert_problem, auth_header, ok_json
from tests.support.http.users import create_user

HEADER: Final = "service,environment,version,deployed_at,deployed_by,notes,external_id\n"
ROW: Final = "shop,production,1.0.0,2026-11-20T09:30:00Z,bo,As planned.,x-1\n"
KNOWN: Final = "shop,production,1.0.0,2026-11-20T09:30:00Z"


async def send(
    api: Api, content: str | bytes, *, kind: str = "text/csv", **options: Any
) -> httpx2.Response:
    headers = {"Content-Type": kind, **options.pop("headers", {})}
    return await api.client.post(
        "/api/v1/deployments/import", content=content, headers=headers, **options
    )


async def test_a_row_becomes_a_record(api: Api) -> None:
    """As if it had been recorded, told by the one event of the import."""
    result = ok_json(await send(api, HEADER + ROW))

    assert result == {
        "imported": 1,
        "repeated": 0,
        "differing": 0,
        "services_created": 0,
        "environments_created": 0,
        "versions_created": 0,
    }
    (told,) = ok_json(await api.get("/services/shop/deployments"))["items"]
    assert (told["kind"], told["deployed_by"], told["external_id"]) == ("record", "bo", "x-1")
    assert (told["deployed_at"], told["notes"]) == ("2026-11-20T09:30:00Z", "As planned.")
    (event,) = await api.events(told)
    assert (event["kind"], event["data"]["imported"]) == ("history_imported", 1)


async def test_lines_of_json_do_as_well(api: Api) -> None:
    """One object a line, with the same fields."""
    row = dict(zip(HEADER.strip().split(","), ROW.strip().split(","), strict=True))
    lines = json.dumps(row) + "\n\n" + json.dumps({**row, "external_id": None})

    assert ok_json(await send(api, lines, kind="application/x-ndjson"))["imported"] == 2


async def test_a_file_can_be_sent_again(api: Api) -> None:
    """What is known by its id is no second record; what differs is counted, and the first stays."""
    ok_json(await send(api, HEADER + ROW))
    changed = ROW.replace("As planned.", "Otherwise.")

    result = ok_json(await send(api, HEADER + ROW + changed + ROW.replace("x-1", "x-2")))

    assert (result["imported"], result["repeated"], result["differing"]) == (1, 2, 1)
    history = ok_json(await api.get("/services/shop/deployments"))["items"]
    assert {each["notes"] for each in history} == {"As planned."}


async def test_what_is_missing_is_made_where_that_is_asked(api: Api) -> None:
    """Services of a team `imported`, versions, and environments whose names tell their tier."""
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
            "#/rows/3/service",
            "#/rows/3/environment",
            "#/rows/4/version",
        )

    result = ok_json(await send(api, rows, params={"create_missing": "true"}))

    assert (result["services_created"], result["environments_created"]) == (1, 1)
    assert result["versions_created"] == 3
    assert ok_json(await api.get("/services/new"))["team"] == "imported"
    assert ok_json(await api.get("/environments/integration"))["tier"] == "development"


@pytest.mark.parametrize(
    ("content", "code", "pointers"),
    [
        ("", "missing_column", None),
        ("service,environment\n", "missing_column", None),
        ("service,service,environment,version,deployed_at\n", None, None),
        (HEADER.replace("notes", "colour") + ROW, "unknown_column", None),
        (HEADER + "shop,production\n", "wrong_columns", ["#/rows/2"]),
        (HEADER + ROW + 'shop,"production\n', "malformed_csv", None),
        (HEADER + KNOWN.replace("shop", "Shop!") + ",,,\n", "bad_name", ["#/rows/2/service"]),
        (HEADER + KNOWN.replace("1.0.0", "") + ",,,\n", "version_required", ["#/rows/2/version"]),
        (HEADER + KNOWN.replace("T09", " at 9") + ",,,\n", "bad_time", ["#/rows/2/deployed_at"]),
        (
            HEADER + KNOWN.replace("2026-11-20", "2026-11-22") + ",,,\n",
            "deployed_at_in_future",
            ["#/rows/2/deployed_at"],
        ),
        (
            HEADER + ROW + KNOWN.replace("1.0.0", "9.9") + ",,,\n",
            "version_not_of_service",
            ["#/rows/3/version"],
        ),
        (HEADER + KNOWN.replace("production", "nowhere") + ",,,\n", "unknown_environment", None),
        (HEADER + KNOWN + ",,\x00,\n", None, None),
        (HEADER.encode() + b"\xff\xfe,\x80\n", None, None),
    ],
)
async def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_kept(
    api: Api, content: str | bytes, code: str | None, pointers: list[str] | None
) -> None:
    """Rows are counted as an editor counts them."""
    with api.assert_nothing_stored():
        response = await send(api, content, params={"create_missing": "false"})

    assert response.status_code == 422, response.text
    body = response.json()
    assert all(error["pointer"].startswith("#/rows/") for error in body["errors"])
    assert code in {None, body["code"]}
    assert pointers in (None, [error["pointer"] for error in body["errors"]])


async def test_one_wrong_row_among_many_keeps_all_out(api: Api) -> None:
    """It is named, wherever it is."""
    rows = [f"{KNOWN},,,r-{number}\n" for number in range(5000)]
    rows[3333] = rows[3333].replace("1.0.0", "9.9")

    with api.assert_nothing_stored():
        response = await send(api, HEADER + "".join(rows))

    assert_problem(response, 422, "version_not_of_service", "#/rows/3335/version")


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ("[]", "#/rows/1"),
        ("{", "#/rows/1"),
        ('{"service": 7}', None),
        ('{"service": "shop", "service": "cart"}', None),
        ("[" * 100_000, "#/rows/1"),
    ],
)
async def test_a_wrong_line_of_json_is_told(api: Api, line: str, pointer: str | None) -> None:
    """As a row of the file."""
    with api.assert_nothing_stored():
        response = await send(api, line, kind="application/x-ndjson")

    assert response.status_code == 422, response.text
    assert pointer in {None, response.json()["errors"][0]["pointer"]}


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data"])
async def test_another_kind_of_file_is_refused(api: Api, kind: str) -> None:
    """Before it is read."""
    with api.assert_nothing_stored():
        response = await send(api, HEADER + ROW, kind=kind)

    assert_problem(response, 415, "unsupported_media_type", "header/Content-Type")


async def test_an_import_is_an_admins(api: Api) -> None:
    """Whoever may record may not write a history."""
    by = await create_user(api, "mo", Role.REQUESTER, Role.OPERATOR)

    assert_problem(await send(api, HEADER + ROW, headers=dict(by)), 403, "forbidden")


async def test_a_repeated_key_imports_once(api: Api) -> None:
    """Rows without an id of their own are told apart by nothing else."""
    headers = {**auth_header("owner"), "Idempotency-Key": "k"}
    rows = HEADER + KNOWN + ",,,\n"
    first = await send(api, rows, headers=headers)
    repeat = await send(api, rows, headers=headers)

    assert ok_json(repeat) == ok_json(first)
    assert repeat.headers["Idempotent-Replayed"] == "true"
    other = await send(api, rows + KNOWN + ",,,\n", headers=headers)
    assert_problem(other, 422, "idempotency_mismatch")
    missing = await send(api, rows, headers=headers, params={"create_missing": "true"})
    assert_problem(missing, 422, "idempotency_mismatch")


async def test_a_body_beyond_the_limit_of_others_is_taken(api: Api) -> None:
    """256 KB is for what is no history."""
    rows = "".join(f"{KNOWN},,{'n' * 1000},r-{number}\n" for number in range(400))

    assert ok_json(await send(api, HEADER + rows))["imported"] == 400
