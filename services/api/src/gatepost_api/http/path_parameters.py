"""Path parameters of operations, and version names with slashes in paths."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from litestar import Request
from litestar.openapi.spec import Example
from litestar.params import ParameterKwarg, PathParameter
from litestar.types import HTTPScope


def _name_in_path(description: str, *, example: str) -> ParameterKwarg:
    """Return a path parameter for a name. The example is in the data of `gatepost-server demo`."""
    return PathParameter(description=description, examples=[Example(value=example)])


def id_in_path(description: str) -> ParameterKwarg:
    """Return a path parameter for an id, which is a UUID. The example is fictitious."""
    example = Example(value="0197f5c8-b1d2-7c6e-9a3f-5d2e8c4b1a07")
    return PathParameter(description=description, examples=[example])


ServiceInPath = Annotated[str, _name_in_path("The service's name.", example="shop")]
VersionInPath = Annotated[
    str,
    _name_in_path(
        "The version as registered. A `/` in it can be sent as is or as `%2F`.", example="1.4.2"
    ),
]
ContractPathInPath = Annotated[
    str,
    _name_in_path(
        "The path of the file, as in the list of contracts.",
        example="kubernetes/envs/production/shop-deployment.yaml",
    ),
]
EnvironmentInPath = Annotated[str, _name_in_path("The environment's name.", example="production")]
UserInPath = Annotated[str, _name_in_path("The user's name.", example="ada")]
TokenInPath = Annotated[str, id_in_path("The token's id.")]
ClaimInPath = Annotated[str, id_in_path("The claim's id.")]
DeploymentInPath = Annotated[
    str,
    _name_in_path("The deployment's id or number (`DEP-42` or `42`).", example="DEP-4"),
]

_VERSION_PATH: Final = re.compile(rb"(/api/v1/+services/+[^/]+/+versions/)(.+)")
_USER_PATH: Final = re.compile(rb"(?:/api/v1/users|/people)/(.+)")
_UNBLOCK_SUFFIX: Final = b"/unblock"
_READS: Final = frozenset({"GET", "HEAD"})
"""The methods for which `/unblock` at the end of a path belongs to the name of a version."""
_CONTRACT_PATH_SLASHES: Final = 6
"""The number of slashes in `/api/v1/services/{service}/contracts/`."""


def replace_nul_in_path(scope: HTTPScope) -> None:
    """Replace NUL, which PostgreSQL refuses in parameters, with another control character.

    No name contains a control character, so the named resource is not found in either case.
    """
    scope["path"] = _without_nul(scope["path"])


def escape_version_in_path(scope: HTTPScope) -> None:
    """Escape a version name as one path segment, so that it can contain slashes.

    The router sees the escaped name; `unescape_version` restores the registered one.
    """
    match = _VERSION_PATH.fullmatch(scope["raw_path"])
    if match is None:
        return
    prefix, rest = match.groups()
    is_unblock = scope["method"] not in _READS and rest.endswith(_UNBLOCK_SUFFIX)
    suffix = _UNBLOCK_SUFFIX if is_unblock else b""
    version = unquote(rest[: len(rest) - len(suffix)])
    scope["path"] = unquote(prefix) + quote(version, safe="") + suffix.decode()


def escape_user_in_path(scope: HTTPScope) -> None:
    """Keep an escaped slash, and a trailing slash, as part of a user name.

    No name contains a slash, so no user is found. Otherwise, the router would drop the slash, and
    the path would address another user.
    """
    match = _USER_PATH.fullmatch(scope["raw_path"])
    if match is None:
        return
    segments = match[1]
    if segments.endswith(b"/") or b"%2f" in segments.lower():
        prefix = unquote(scope["raw_path"][: match.start(1)])
        escaped = segments.removesuffix(b"/").split(b"/")
        if segments.endswith(b"/"):
            escaped[-1] += b"%2F"
        names = (quote(unquote(segment), safe="") for segment in escaped)
        scope["path"] = prefix + "/".join(names)


def requested_path(scope: HTTPScope) -> str:
    """Return the path as the client sent it."""
    return unquote(scope["raw_path"]) or scope["path"]


def unescape_version(segment: str) -> str:
    """Return the registered version name for a segment that `escape_version_in_path` escaped."""
    return _without_nul(unquote(segment))


def _without_nul(text: str) -> str:
    return text.replace("\0", "\1")


def exact_contract_path(request: Request[Any, Any, Any], captured_path: str) -> str:
    """Return the exact path of a contract file; the path extends to the end of the URL.

    The framework captures the path with a leading slash and without doubled or trailing slashes,
    although a path can contain them.
    """
    segments = request.scope.get("raw_path", b"").split(b"/", _CONTRACT_PATH_SLASHES)
    if len(segments) <= _CONTRACT_PATH_SLASHES or not all(segments[1:]):
        return captured_path.removeprefix("/")
    return unquote(segments[-1])
