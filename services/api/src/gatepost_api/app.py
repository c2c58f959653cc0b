"""The application: routes, problems and the parts they work with, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from litestar import Litestar
from litestar.datastructures import State

from gatepost_api.openapi.pages import documentation_routes
from gatepost_api.problems import EXCEPTION_HANDLERS
from gatepost_api.reading import MAX_BODY_BYTES
from gatepost_api.request import ApiRequest, Parts
from gatepost_api.routes import api_routes, public_routes
from gatepost_api.security import Tokens

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(
    *, parts: Parts | None = None, tokens: Tokens | None = None, lifespan: Sequence[Lifespan] = ()
) -> Litestar:
    """Put the application together.

    Parts that can only be made inside the running event loop are put into the state by `lifespan`.
    """
    return Litestar(
        route_handlers=[api_routes(), *public_routes(), documentation_routes()],
        request_class=ApiRequest,
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=MAX_BODY_BYTES,
        state=State({"parts": parts, "tokens": tokens}),
        lifespan=list(lifespan),
        openapi_config=None,
        logging_config=None,
    )
