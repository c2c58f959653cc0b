"""Requests to the operations of check runs, and what they require."""

from __future__ import annotations

from datetime import timedelta

from tests.support.http.api import Api, Json, ok_json
from tests.support.http.check_runs import (
    PATH,
    TARGET_WITH_CHECKS,
    claim_check_run,
    request_check_run,
)
from tests.support.http.request_builders import OperationRequest, Preparation, get, post


async def run_checks(api: Api) -> OperationRequest:
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    return post(f"{PATH}/check-runs")


async def get_check_run(api: Api) -> OperationRequest:
    run = await request_check_run(api)
    return get(f"{PATH}/check-runs/{run['id']}")


def check_run_action(name: str, body: Json) -> Preparation:
    """Return a function that claims a check run and prepares a request about the claim."""

    async def prepare(api: Api) -> OperationRequest:
        task = await claim_check_run(api)
        api.clock.advance(timedelta(seconds=1))  # a renewal at the same time would change nothing
        path = f"/worker/check-runs/{task['id']}/{name}"
        return post(path, {"fencing_token": task["fencing_token"], **body})

    return prepare
