"""The starting point of the API."""

from __future__ import annotations

import pytest

from gatepost_api.openapi.document import openapi_document
from gatepost_api.settings.server_version import VERSION
from tests.support.http.api import Api, assert_problem, ok_json


@pytest.mark.parametrize("path", ["", "/"])
async def test_starting_point_lists_what_can_be_read_without_further_names(
    api: Api, path: str
) -> None:
    """`/api/v1` names the version, the documents, and every GET whose path has no parameter."""
    index = ok_json(await api.get(path))

    assert index["version"] == VERSION
    assert index["links"] == {
        operations["get"]["operationId"]: path
        for path, operations in openapi_document()["paths"].items()
        if path.startswith("/api/v1/") and "get" in operations and "{" not in path
    }


async def test_documents_of_the_starting_point_exist(api: Api) -> None:
    """The OpenAPI document, the documentation and the list of problems are at their paths."""
    index = ok_json(await api.get(""))

    for name in ("openapi", "documentation", "problems"):
        assert (await api.client.get(index[name])).status_code == 200, name


async def test_unknown_path_and_method_are_explained(api: Api) -> None:
    """Who mistypes a path or a method learns where to look, in a sentence."""
    unknown = assert_problem(await api.get("/deploymnts"), 404, "not_found")
    not_allowed = await api.client.put("/api/v1/deployments", json={})

    assert unknown["detail"] == "There is nothing at this path; /docs lists the operations."
    assert "`Allow`" in assert_problem(not_allowed, 405, "method_not_allowed")["detail"]
