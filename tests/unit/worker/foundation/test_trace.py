"""The trace of a task in the requests to the API and in the log."""

from __future__ import annotations

import json
import logging
import re

import httpx2

from gatepost_worker.foundation.trace import Trace, add_traceparent, traced
from gatepost_worker.log_setup import LogFormat, log_formatter

URL = "http://gatepost.example/api/v1/worker/claims"


async def test_requests_of_a_task_belong_to_its_trace() -> None:
    """Every request has the trace of the task, as W3C Trace Context writes it."""
    trace, requests = Trace(), [httpx2.Request("POST", URL), httpx2.Request("POST", URL)]
    with traced(trace):
        for request in requests:
            await add_traceparent(request)

    sent = {request.headers["traceparent"] for request in requests}
    assert len(sent) == 2
    assert all(re.fullmatch(f"00-{trace.id}-[0-9a-f]{{16}}-01", value) for value in sent)


async def test_request_outside_of_a_task_has_no_trace() -> None:
    """A request for a task belongs to no task yet."""
    request = httpx2.Request("POST", URL)
    await add_traceparent(request)

    assert "traceparent" not in request.headers


def test_lines_of_a_task_have_its_trace() -> None:
    """The log of the worker and that of the server are connected by the trace."""
    trace = Trace()
    record = logging.makeLogRecord({"name": "x", "msg": "DEP-42: deploying."})
    with traced(trace):
        line = json.loads(log_formatter(LogFormat.JSON).format(record))

    assert line["trace_id"] == trace.id
