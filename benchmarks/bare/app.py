"""A bare Litestar application, which shows what the framework alone costs for the same responses.

It holds one deployment, one page and one current state, which were read from the product, and
encodes them for every request. It has no storage, no authentication and no rules.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import msgspec
from litestar import Litestar, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery

from benchmarks.support.uvicorn_process import run
from gatepost_api.deployments.requests import DeploymentCreate
from gatepost_api.deployments.responses import Deployment, DeploymentPage
from gatepost_api.http.etags import IfNoneMatch
from gatepost_api.tracking.responses import CurrentState

ETAG: Final = '"1"'
ONE, PAGE, CURRENT = "one.json", "page.json", "current.json"
"""The files with the product's responses."""


@get("/deployments/{number:str}")
async def get_deployment(state: State, number: FromPath[str]) -> Deployment:  # noqa: ARG001
    """Return the deployment."""
    deployment: Deployment = state.deployment
    return deployment


@get("/deployments")
async def list_deployments(
    state: State,
    environment: FromQuery[list[str] | None] = None,  # noqa: ARG001
    limit: FromQuery[int] = 50,  # noqa: ARG001
) -> DeploymentPage:
    """Return the page."""
    page: DeploymentPage = state.page
    return page


@get("/environments/{environment:str}/deployments/current")
async def get_current(
    state: State,
    environment: FromPath[str],  # noqa: ARG001
    if_none_match: IfNoneMatch = None,
) -> Response[CurrentState]:
    """Return the current state, or 304 if the client has it."""
    if if_none_match == ETAG:
        return Response(None, status_code=304, headers={"ETag": ETAG})  # type: ignore[arg-type]
    return Response(state.current, headers={"ETag": ETAG})


@post("/deployments")
async def create_deployment(state: State, data: DeploymentCreate) -> Deployment:  # noqa: ARG001
    """Validate the request, and return the deployment."""
    deployment: Deployment = state.deployment
    return deployment


def create_app(folder: Path) -> Litestar:
    """Create the application with the responses in a folder."""
    state = {
        "deployment": msgspec.json.decode((folder / ONE).read_bytes(), type=Deployment),
        "page": msgspec.json.decode((folder / PAGE).read_bytes(), type=DeploymentPage),
        "current": msgspec.json.decode((folder / CURRENT).read_bytes(), type=CurrentState),
    }
    handlers = [get_deployment, list_deployments, get_current, create_deployment]
    return Litestar(handlers, state=State(state), openapi_config=None, logging_config=None)


if __name__ == "__main__":
    run(create_app(Path(sys.argv[1])))
