"""The API documentation pages, with bundled assets: nothing is loaded from other hosts."""

from __future__ import annotations

from asyncio import to_thread
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
import yaml
from litestar import MediaType, Response, Router, get
from litestar.datastructures import CacheControlHeader, ResponseHeader
from litestar.file_system import BaseLocalFileSystem
from litestar.static_files import create_static_files_router
from litestar.types import PathType
from litestar.types.file_types import FileInfo

from gatepost_api.openapi.document import openapi_document

_PAGES_DIRECTORY: Final = Path(__file__).parent
ASSETS_DIRECTORY: Final = Path(__file__).parents[2] / "_vendor"
"""The directory of the assets, which the package build adds."""

_SCRIPTS: Final = {
    "docs.html": "swagger-ui-dist/swagger-ui-bundle.js",
    "redoc.html": "redoc/bundles/redoc.standalone.js",
}
"""The script that draws each page."""

_CONTENT_SECURITY_POLICY: Final = ResponseHeader(
    name="Content-Security-Policy",
    value="default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; frame-ancestors 'none'",
    description="Both pages use inline styles; Redoc searches in a web worker.",
)


class _Assets(BaseLocalFileSystem):
    """The bundled assets; an invalid file name is treated as missing."""

    async def info(self, path: PathType, **kwargs: object) -> FileInfo:
        try:
            return await super().info(path, **kwargs)
        except (OSError, ValueError) as error:
            raise FileNotFoundError(path) from error


@get("/openapi.json", include_in_schema=False)
async def get_json_document() -> Response[bytes]:
    """Return the document as JSON."""
    return Response(
        msgspec.json.encode(await to_thread(openapi_document)),
        media_type="application/vnd.oai.openapi+json",
    )


@get("/openapi.yaml", include_in_schema=False)
async def get_yaml_document() -> Response[str]:
    """Return the document as YAML."""
    return Response(
        await to_thread(
            lambda: yaml.safe_dump(openapi_document(), sort_keys=False, allow_unicode=True)
        ),
        media_type="application/yaml",
    )


@get("/docs", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=False)
def get_swagger_page() -> str:
    """Return the Swagger UI page."""
    return _read_page("docs.html")


@get("/docs/show.js", include_in_schema=False, media_type="text/javascript", sync_to_thread=False)
def get_swagger_script() -> str:
    """Return the script of the Swagger UI page."""
    return _read_page("show.js")


@get("/redoc", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=False)
def get_redoc_page() -> str:
    """Return the Redoc page."""
    return _read_page("redoc.html")


def documentation_routes() -> Router:
    """Return the routes of the document, its pages and their assets."""
    return Router(
        "/",
        route_handlers=[
            get_json_document,
            get_yaml_document,
            get_swagger_page,
            get_swagger_script,
            get_redoc_page,
            _asset_routes("/vendor", cache_control=CacheControlHeader(public=True, no_cache=True)),
            _asset_routes(
                f"/vendor/{_assets_version()}",
                cache_control=CacheControlHeader(public=True, max_age=31536000, immutable=True),
            ),
        ],
        response_headers=[_CONTENT_SECURITY_POLICY],
    )


def _asset_routes(path: str, *, cache_control: CacheControlHeader) -> Router:
    return create_static_files_router(
        path,
        [ASSETS_DIRECTORY],
        file_system=_Assets(),
        include_in_schema=False,
        cache_control=cache_control,
        name=path.strip("/"),
    )


@cache
def _assets_version() -> str:
    """Return a text that changes with the assets, so browsers can cache them for a year."""
    digest = sha256()
    for script in sorted(ASSETS_DIRECTORY.rglob("*.js")):
        digest.update(script.read_bytes())
    return digest.hexdigest()[:12]


def _read_page(name: str) -> str:
    if name in _SCRIPTS and not (ASSETS_DIRECTORY / _SCRIPTS[name]).is_file():
        name = "missing.html"
    page = (_PAGES_DIRECTORY / name).read_text(encoding="utf-8")
    return page.replace("/vendor/", f"/vendor/{_assets_version()}/")
