"""What stands in the paths of operations."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from litestar import Request
from litestar.params import PathParameter
from litestar.types import HTTPScope

ServiceInPath = Annotated[str, PathParameter(description="The service's name.")]
VersionInPath = Annotated[
    str,
    PathParameter(
        description="The version as registered. A `/` in it can be sent as is or as `%2F`."
    ),
]
ContractPathInPath = Annotated[
    str, PathParameter(description="The path of the file, as in the list of contracts.")
]
EnvironmentInPath = Annotated[str, PathParameter(description="The environment's name.")]
UserInPath = Annotated[str, PathParameter(description="The user's name.")]
TokenInPath = Annotated[str, PathParameter(description="The token's id.")]
ClaimInPath = Annotated[str, PathParameter(description="The claim's id.")]
DeploymentInPath = Annotated[
    str, PathParameter(description="The deployment's id or number (`DEP-42` or `42`).")
]

_VERSION_PATH: Final = re.compile(rb"(/api/v1/+services/+[^/]+/+versions/)(.+)")
_UNBLOCK_SUFFIX: Final = b"/unblock"
_CONTRACT_PATH_SLASHES: Final = 6
"""The slashes of `/api/v1/services/{service}/contracts/`."""


def escape_version_in_path(scope: HTTPScope) -> None:
    """Let a version be one step of the path it is routed by, whatever slashes stand in it.

    The framework gets it escaped; `unescape_version` tells it as it was registered.
    """
    found = _VERSION_PATH.fullmatch(scope["raw_path"])
    if found is None:
        return
    head, rest = found.groups()
    tail = _UNBLOCK_SUFFIX if scope["method"] == "POST" and rest.endswith(_UNBLOCK_SUFFIX) else b""
    version = unquote(rest[: len(rest) - len(tail)])
    scope["path"] = unquote(head) + quote(version, safe="") + tail.decode()


def requested_path(scope: HTTPScope) -> str:
    """The path as it was asked for."""
    return unquote(scope["raw_path"]) or scope["path"]


def unescape_version(step: str) -> str:
    """The version that a step of the path names; see `escape_version_in_path`."""
    return unquote(step)


def remaining_path(request: Request[Any, Any, Any], captured: str) -> str:
    """What the URL has for a parameter that reaches to its end, to the character.

    The framework captures it with a slash before it and without those that are doubled or last,
    which a name may have.
    """
    steps = request.scope.get("raw_path", b"").split(b"/", _CONTRACT_PATH_SLASHES)
    if len(steps) <= _CONTRACT_PATH_SLASHES or not all(steps[1:]):
        return captured.removeprefix("/")
    return unquote(steps[-1])
