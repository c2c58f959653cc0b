"""The starting point of the API: its version, its documents and its collections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from litestar import Controller, get
from litestar.enums import HttpMethod
from litestar.routes import BaseRoute, HTTPRoute

from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import ResponseModel
from gatepost_api.settings.server_version import VERSION


class ApiIndex(ResponseModel):
    """The version of the API, and where to find its documentation and its lists."""

    example: ClassVar = {
        "version": VERSION,
        "openapi": "/openapi.json",
        "documentation": "/docs",
        "problems": "/docs/problems",
        "links": {"list_deployments": "/api/v1/deployments", "get_me": "/api/v1/me"},
    }

    version: str
    """The version of the server and of the API."""
    openapi: str
    """The path of the OpenAPI document."""
    documentation: str
    """The path of the human-readable documentation."""
    problems: str
    """The path of the list of all problem codes."""
    links: dict[str, str]
    """The path of each GET operation that has no path parameters, by operation id."""


class ApiIndexController(Controller):
    """Operations at the starting point of the API."""

    tags = ("health",)

    @get(summary="Get the starting point of the API", responses=problem_responses(400, 401, 422))
    async def get_api_index(self, request: ApiRequest) -> ApiIndex:
        """Return the version of the API and the paths of its documentation and lists."""
        return ApiIndex(
            version=VERSION,
            openapi="/openapi.json",
            documentation="/docs",
            problems="/docs/problems",
            links=parameterless_get_paths(request.app.routes, request.scope["path_template"]),
        )


def parameterless_get_paths(routes: Iterable[BaseRoute], prefix: str) -> dict[str, str]:
    """Return the paths below a prefix that support GET without path parameters, by operation id."""
    return {
        handler.handler_name: route.path_format
        for route in sorted(routes, key=lambda route: route.path_format)
        if isinstance(route, HTTPRoute)
        and route.path_format.startswith(f"{prefix}/")
        and not route.path_parameters
        for handler in route.route_handlers
        if HttpMethod.GET in handler.http_methods
    }
