"""`GET /audit/export`: everything that an import reads back, in constant memory."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gatepost_api.audit.export import export_chunks
from gatepost_api.audit.export_lines import CSV_COLUMNS, ExportFormat
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.export_slots import MAX_EXPORTS
from gatepost_domain.ports.audit import ExportFilter
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.tracking.history_files.columns import COLUMNS, EXPORT_COLUMNS
from tests.support.builders import FrozenClock
from tests.support.http.api import (
    HOST,
    Api,
    Json,
    assert_problem,
    auth_header,
    create_database,
    created_json,
    ok_json,
    running_api,
)
from tests.support.http.audit import export_lines, export_table, import_rows

NDJSON = "application/x-ndjson"
RECORD = {"service": "cart", "environment": "staging", "version": "1.0.0"}


async def create_history(api: Api) -> None:
    """Create deployments of every status but one, a hidden record and a retired target."""
    for status in [status for status in Status if status is not Status.STARTED]:
        await api.deployment(status)
        api.clock.advance(timedelta(minutes=1))
    record = created_json(
        await api.post("/deployments/record", {**RECORD, "notes": "=1+1", "external_id": "ci/7"})
    )
    api.clock.advance(timedelta(minutes=1))
    await api.version("1.1.0", "cart")
    hidden = created_json(await api.post("/deployments/record", {**RECORD, "version": "1.1.0"}))
    ok_json(await api.post(f"/deployments/{hidden['number']}/hide", {"reason": "A mistake."}))
    created_json(await api.post("/deployments/record", {**RECORD, "environment": "development"}))
    await api.client.delete("/api/v1/services/cart/targets/development")
    api.clock.advance(timedelta(minutes=1))
    assert record["external_id"] == "ci/7"


async def live_state(api: Api) -> list[tuple[str, ...]]:
    """Return what is live where, and since when."""
    cells = ok_json(await api.get("/deployments/current"))["cells"]
    names = ("service", "environment", "version", "deployed_at", "deployed_by")
    return [tuple(cell[name] for name in names) for cell in cells]


def imported_facts(lines: list[Json]) -> list[tuple[str, ...]]:
    """Return what an import stores of the deployments that are in effect."""
    return [tuple(line[name] for name in COLUMNS) for line in lines if line["in_effect"]]


async def test_lines_are_deployments_as_in_responses(api: Api) -> None:
    """Each line is the deployment as a single one is returned, with `in_effect`, by number."""
    await create_history(api)

    lines = await export_lines(api)

    assert [line["number"] for line in lines] == [f"DEP-{n}" for n in range(1, len(lines) + 1)]
    for line in lines:
        in_effect = line.pop("in_effect")
        assert line == ok_json(await api.get(f"/deployments/{line['number']}"))
        assert in_effect == (
            line["status"] == "succeeded"
            and not line["hidden"]
            and line["environment"] != "development"
        )


async def test_every_column_of_an_export_is_known_to_the_import(api: Api) -> None:
    """A new field of a deployment must be added to the columns that an import ignores."""
    await api.create_deployment()

    (line,) = await export_lines(api)

    assert set(line) - set(COLUMNS) <= set(EXPORT_COLUMNS)
    assert set(CSV_COLUMNS) <= {*COLUMNS, *EXPORT_COLUMNS}


@pytest.mark.parametrize(("form", "media_type"), [("jsonl", NDJSON), ("csv", "text/csv")])
async def test_imported_export_has_the_same_current_state_and_history(
    api: Api, tmp_path: Path, form: str, media_type: str
) -> None:
    """An empty server that imports an export has what is in effect, in the same order."""
    await create_history(api)
    exported = await api.get("/audit/export", params={"format": form})
    lines = await export_lines(api)
    state = await live_state(api)
    assert len(state) == 2

    await create_database(tmp_path / "other" / "gatepost.db")
    async with running_api(tmp_path / "other" / "gatepost.db", FrozenClock()) as other:
        other.clock.advance(api.clock() - other.clock())
        result = ok_json(await import_rows(other, exported.content, media_type))
        assert await live_state(other) == state
        assert imported_facts(await export_lines(other)) == imported_facts(lines)

    assert result["imported"] == len(imported_facts(lines))
    assert result["skipped"] == len(lines) - result["imported"]


async def test_no_cell_is_a_formula(api: Api) -> None:
    """Cells that a spreadsheet would execute have an apostrophe, which an import removes."""
    risks = ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "'x", "plain"]
    for risk in risks:
        await api.create_deployment(risk=risk, rollback_plan=f"{risk}!")

    rows = await export_table(api)

    guarded = [*(f"'{risk}" for risk in risks[:-1]), "plain"]
    assert [row["risk"] for row in rows] == guarded
    assert [row["rollback_plan"] for row in rows] == [f"{risk}!" for risk in guarded]
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values()
    )


async def test_table_shows_approvals_and_overrides(api: Api) -> None:
    """The table names who approved and when."""
    await api.deployment(Status.SUCCEEDED, work_references=["SHOP-1", "SHOP-2"])

    (row,) = await export_table(api)

    assert row["approvals"] == (
        "qa: quinn 2026-11-21T12:00:00Z; devops: devin 2026-11-21T12:00:00Z"
    )
    assert row["work_references"] == "SHOP-1; SHOP-2"
    assert (row["status"], row["requester"], row["in_effect"]) == ("succeeded", "ada", "true")
    assert list(row) == list(CSV_COLUMNS)


async def test_filters_are_those_of_histories(api: Api) -> None:
    """Services and environments can be repeated; times are when something was deployed."""
    await create_history(api)
    lines = await export_lines(api)
    start = f"{api.clock() - timedelta(minutes=4):%Y-%m-%dT%H:%M:%SZ}"

    carts = await export_lines(api, service=["cart", "unknown"], environment="staging")
    before, since = await export_lines(api, until=start), await export_lines(api, since=start)

    assert carts == [
        line for line in lines if (line["service"], line["environment"]) == ("cart", "staging")
    ]
    assert carts
    assert before
    assert since
    assert [*before, *since] == lines


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [({"format": "xml"}, "query/format"), ({"since": "yesterday"}, "query/since")],
)
async def test_bad_parameter_is_refused(api: Api, parameters: dict[str, str], pointer: str) -> None:
    """The error points at the parameter."""
    assert_problem(await api.get("/audit/export", params=parameters), 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("jsonl", NDJSON),
        ("csv", "text/csv; header=present; charset=utf-8"),
        ("zip", "application/zip"),
    ],
)
async def test_export_is_a_file(api: Api, form: str, media_type: str) -> None:
    """The response has the media type, and a name with the time and the format."""
    response = await api.get("/audit/export", params={"format": form})

    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="gatepost-export-20261121T120000Z.{form}"'
    )


async def test_number_of_exports_is_limited(api: Api) -> None:
    """Another export is refused until one ends."""
    context: AppContext = api.app.state.context
    running = [export_chunks(context, ExportFilter(), ExportFormat.CSV) for _ in range(MAX_EXPORTS)]
    for chunks in running:
        await anext(chunks)

    refused = await api.get("/audit/export")
    await running[0].aclose()
    accepted = await api.get("/audit/export")

    assert_problem(refused, 503, "too_many_exports")
    assert refused.headers["Retry-After"] == "10"
    assert accepted.status_code == 200
    for chunks in running[1:]:
        await chunks.aclose()


async def import_many(api: Api, count: int) -> None:
    """Import records of one service, a second apart."""
    rows = (
        json.dumps(
            {
                "service": "shop",
                "environment": "staging",
                "version": "1.0.0",
                "deployed_at": f"2025-01-{1 + n // 86400:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}"
                f":{n % 60:02}Z",
                "notes": f"Row {n}.",
            }
        )
        for n in range(count)
    )
    content = "\n".join(rows).encode()
    assert ok_json(await import_rows(api, content, NDJSON))["imported"] == count


async def test_memory_use_does_not_depend_on_the_size(api: Api) -> None:
    """While 20 000 deployments are exported in each format, the process hardly grows."""
    await import_many(api, 20_000)
    context: AppContext = api.app.state.context
    for form in ExportFormat:
        total, start_bytes, peak_bytes = 0, resident_bytes(), 0
        async for chunk in export_chunks(context, ExportFilter(), form):
            total += len(chunk)
            peak_bytes = max(peak_bytes, resident_bytes())

        assert total > (200_000 if form is ExportFormat.ZIP else 2_000_000)
        assert peak_bytes - start_bytes < 12_000_000


def resident_bytes() -> int:
    """Return the memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def test_client_that_goes_away_ends_the_export(api: Api) -> None:
    """Nothing is read any more once the client has disconnected."""
    await import_many(api, 5000)
    context: AppContext = api.app.state.context
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/audit/export",
        "raw_path": b"/api/v1/audit/export",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", HOST.encode()),
            (b"authorization", auth_header("owner")["Authorization"].encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    chunks: list[bytes] = []
    disconnected = asyncio.Event()
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        if (message := next(messages, None)) is not None:
            return message
        await disconnected.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        chunks.append(message.get("body", b""))
        if len(chunks) > 2:
            disconnected.set()
            await asyncio.sleep(0)

    await api.app(scope, receive, send)  # type: ignore[arg-type]  # a scope as servers send it

    assert 0 < sum(chunk.count(b"\n") for chunk in chunks) < 5000
    assert context.export_slots.running == 0


async def test_rolled_back_deployment_is_not_in_effect(api: Api) -> None:
    """A deployment that was live until it was rolled back is skipped by an import."""
    deployment = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(deployment, Action.ROLLBACK))

    (line,) = await export_lines(api)

    assert (line["deployed_at"] is not None, line["in_effect"]) == (True, False)
