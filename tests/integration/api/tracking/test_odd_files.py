"""Files as people have them: each is read as it is meant, or refused with the cure."""

from __future__ import annotations

import gzip
import json
import zipfile
from io import BytesIO
from typing import Any, Final

import pytest

from tests.support.http.api import Api, ok_json

HEADER: Final = "service,environment,version,deployed_at"
FACTS: Final = ("shop", "production", "1.0.0", "2026-11-20T09:30:00Z")
ROW: Final = ",".join(FACTS)
OBJECT: Final = dict(zip(HEADER.split(","), FACTS, strict=True))
CSV: Final = "text/csv"
BERLIN: Final = {"timezone": "Europe/Berlin"}


def workbook() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def table(separator: str, *rows: tuple[str, ...]) -> str:
    return "".join(f"{separator.join(row)}\r\n" for row in (HEADER.split(","), *rows))


READ: Final[dict[str, tuple[str | bytes, str, dict[str, str]]]] = {
    "semicolons": (table(";", FACTS), CSV, {}),
    "tabs": (table("\t", FACTS), "text/tab-separated-values", {}),
    "vertical bars": (table("|", FACTS), CSV, {}),
    "separator line of Excel": ("sep=;\r\n" + table(";", FACTS), CSV, {}),
    "UTF-8 with byte order mark": (f"{HEADER}\n{ROW}\n".encode("utf-8-sig"), CSV, {}),
    "UTF-16 of Excel, with tabs": (table("\t", FACTS).encode("utf-16"), CSV, {}),
    "UTF-16, big-endian, without mark": (f"{HEADER}\n{ROW}\n".encode("utf-16-be"), CSV, {}),
    "gzip without a header": (gzip.compress(f"{HEADER}\n{ROW}\n".encode()), CSV, {}),
    "padded names in other cases": (
        f"Service; ENVIRONMENT ;\xa0Version;Deployed At\n{ROW.replace(',', ';')}\n", CSV, {},
    ),
    "padded cells": (f"{HEADER}\n shop , production,1.0.0\xa0,{FACTS[3]} \n", CSV, {}),
    "old line ends": (f"{HEADER}\r{ROW}\r", CSV, {}),
    "empty rows and columns": (f"\n{HEADER},,\n,,,,,\n{ROW},,\n\n,,,,,\n", CSV, {}),
    "cells left out at the end": (f"{HEADER},deployed_by,notes\n{ROW}\n", CSV, {}),
    "unknown columns, ignored": (f"{HEADER},team\n{ROW},core\n", CSV, {"ignore_unknown": "true"}),
    "unknown members, ignored": (
        json.dumps({**OBJECT, "team": ["core"], "cost": 7}), "application/x-ndjson",
        {"ignore_unknown": "true"},
    ),
    "local time": (f"{HEADER}\nshop,production,1.0.0,2026-11-20 10:30\n", CSV, BERLIN),
    "time of a tool": (f"{HEADER}\nshop,production,1.0.0,2026-11-20 10:30:00 +0100\n", CSV, {}),
    "JSON array on one line": (json.dumps([OBJECT]), "application/json", {}),
    "JSON array on several lines": (json.dumps([OBJECT], indent=2), "application/json", {}),
    "JSON array of unknown type": (json.dumps([OBJECT]), "application/octet-stream", {}),
    "comma in quotation marks": (f'"service",{HEADER[8:]}\n"shop",{ROW[5:]}\n', CSV, {}),
    "status of another tool": (f"{HEADER},Status\n{ROW},SUCCESS\n", CSV, {}),
}  # fmt: skip
REFUSED: Final[dict[str, tuple[str | bytes, str, dict[str, str], str, str]]] = {
    "workbook": (workbook(), CSV, {}, "not_a_history_file", "save the table as CSV UTF-8"),
    "other encoding": (
        f"{HEADER},notes\n{ROW},café\n{ROW},café\n".encode("latin-1"), CSV, {}, "bad_encoding",
        "save the file as CSV UTF-8, or name its encoding",
    ),
    "unknown column": (
        f"{HEADER},team\n{ROW},core\n", CSV, {}, "unknown_column", "send ignore_unknown=true",
    ),
    "misspelt column": (
        f"service,environment_name,version,deployed_at,\n{ROW}\n", CSV, {}, "unknown_column",
        "did you mean environment?",
    ),
    "time without offset": (
        f"{HEADER}\n" + 2 * "shop,production,1.0.0,2026-11-20 10:30\n",
        CSV, {}, "offset_missing", "timezone=Europe/Berlin",
    ),
    "ambiguous time": (
        f"{HEADER}\nshop,production,1.0.0,2026-10-25 02:30\n", CSV, BERLIN, "local_time_ambiguous",
        "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00",
    ),
    "skipped time": (
        f"{HEADER}\nshop,production,1.0.0,2026-03-29 02:30\n", CSV, BERLIN, "local_time_skipped",
        "write it with its offset from UTC",
    ),
    "date of a spreadsheet": (
        f"{HEADER}\nshop,production,1.0.0,20.11.2026 10:30\n", CSV, {}, "bad_time",
        "write the year first",
    ),
    "number of a spreadsheet": (
        f"{HEADER}\nshop,production,1.0.0,46346.39\n", CSV, {}, "bad_time",
        "give the column the format yyyy-mm-dd hh:mm:ss",
    ),
    "leap second": (
        f"{HEADER}\nshop,production,1.0.0,2016-12-31T23:59:60Z\n", CSV, {}, "bad_time",
        "write the second before it",
    ),
    "other separator in the rows": (
        f"{HEADER}\n{ROW.replace(',', ';')}\n", CSV, {}, "wrong_columns",
        "It seems to be separated by semicolons, and the header by commas.",
    ),
    "open quotation mark": (
        f'{HEADER}\nshop,production,"1.0.0,{FACTS[3]}\n', CSV, {}, "malformed_csv",
        "a quotation mark is not closed",
    ),
    "deployment that did not happen": (
        f"{HEADER},status\n{ROW},cancelled\n", CSV, {}, "bad_status",
        "Remove the row if nothing was deployed.",
    ),
    "rollback without its time": (
        f"{HEADER},status\n{ROW},rolled back\n", CSV, {}, "rolled_back_at_required",
        "say when the deployment was rolled back",
    ),
    "JSON object on several lines": (
        json.dumps(OBJECT, indent=2), "application/x-ndjson", {}, "malformed_json",
        "Put multi-line objects into an array",
    ),
    "cut-off JSON array": (
        json.dumps([OBJECT])[:-1], "application/json", {}, "malformed_json",
        "a comma, or ] at the end of the array",
    ),
    "time zone that does not exist": (
        f"{HEADER}\n{ROW}\n", CSV, {"timezone": "Berlin"}, "unknown_timezone", "use an IANA name",
    ),
    "encoding that is not supported": (
        f"{HEADER}\n{ROW}\n", "text/csv; charset=ebcdic", {}, "unsupported_charset",
        "save the file as CSV UTF-8",
    ),
}  # fmt: skip


async def send(api: Api, content: str | bytes, kind: str, params: dict[str, str]) -> Any:
    return await api.client.post(
        "/api/v1/deployments/import", content=content, headers={"Content-Type": kind}, params=params
    )


async def test_odd_files_are_read(api: Api) -> None:
    """The first file becomes a record, and all others are recognised as the same record."""
    results = {
        name: ok_json(await send(api, content, kind, params))
        for name, (content, kind, params) in READ.items()
    }

    found = {name: (result["imported"], result["repeated"]) for name, result in results.items()}
    assert found == dict.fromkeys(READ, (0, 1)) | {"semicolons": (1, 0)}


@pytest.mark.parametrize("name", REFUSED)
async def test_odd_file_is_refused_with_the_cure(api: Api, name: str) -> None:
    """The problem says what is wrong with the file, each fault once, and what to do."""
    content, kind, params, code, cure = REFUSED[name]

    with api.assert_nothing_stored():
        problem = (await send(api, content, kind, params)).json()

    assert (problem["status"], problem["code"]) == (422, code)
    assert cure in " ".join(error["detail"] for error in problem["errors"])
    details = [error["detail"] for error in problem["errors"]]
    assert len(details) == len(set(details)) <= 3


async def test_named_encoding_is_used(api: Api) -> None:
    """The charset of the media type is the encoding of the file."""
    content = f"{HEADER},notes\n{ROW},café\n".encode("latin-1")

    ok_json(await send(api, content, "text/csv; charset=ISO-8859-1", {}))

    (record,) = ok_json(await api.get("/services/shop/deployments"))["items"]
    assert record["notes"] == "café"


async def test_outcomes_count_in_the_report(api: Api) -> None:
    """Imported failures and rollbacks count in the failure rate, and failures never become live."""
    header = f"{HEADER},status,rolled_back_at,kind"
    rows = [
        "shop,production,1.0.0,2026-11-10T10:00:00Z,success,,deployment",
        "shop,production,2.0.0,2026-11-11T10:00:00Z,rolled_back,2026-11-11T11:00:00Z,deployment",
        "shop,production,1.0.0,2026-11-11T11:00:00Z,success,,rollback",
        "shop,production,3.0.0,2026-11-12T10:00:00Z,FAILURE,,deployment",
    ]
    content = "\n".join([header, *rows])

    ok_json(await send(api, content, CSV, {"create_missing": "true"}))

    span = {"since": "2026-11-01T00:00:00Z", "until": "2026-11-20T00:00:00Z"}
    report = ok_json(await api.get("/reports/delivery", params=span))
    figures = report["figures"]
    assert figures["deployments"]["deployments"] == ["DEP-2", "DEP-1"]
    assert figures["rollbacks"]["deployments"] == ["DEP-3"]
    assert figures["change_failure_rate"]["deployments"] == ["DEP-4", "DEP-2"]
    assert figures["change_failure_rate"]["denominator"] == 3
    (cell,) = ok_json(await api.get("/deployments/current"))["cells"]
    assert (cell["version"], cell["number"]) == ("1.0.0", "DEP-3")
    failed = ok_json(await api.get("/deployments/DEP-4"))
    assert (failed["status"], failed["deployed_at"]) == ("failed", None)
    assert failed["finished_at"] == "2026-11-12T10:00:00Z"
    history = ok_json(await api.get("/services/shop/deployments"))["items"]
    assert [each["number"] for each in history] == ["DEP-4", "DEP-3", "DEP-2", "DEP-1"]
