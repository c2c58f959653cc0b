"""The ASGI application: its routes, error handling and application context."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import cache
from time import perf_counter

from litestar import Litestar
from litestar.datastructures import State
from litestar.enums import HttpMethod, ScopeType
from litestar.exceptions import HTTPException
from litestar.types import (
    HTTPScope,
    LifeSpanReceive,
    LifeSpanScope,
    LifeSpanSend,
    Receive,
    Scope,
    Send,
)

from gatepost_api.console.pages.problem_codes import show_problems
from gatepost_api.console.routes import console_routes, get_static
from gatepost_api.console.routing_errors import respond_to_http_error
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.compression import with_compression
from gatepost_api.http.cors import cors_config
from gatepost_api.http.exception_handlers import EXCEPTION_HANDLERS
from gatepost_api.http.forwarded_headers import ForwardedHeaders
from gatepost_api.http.head_and_options import (
    methods_by_path,
    respond_without_body,
    with_complete_allow_header,
)
from gatepost_api.http.identical_bytes_cache import ReceivedRequest
from gatepost_api.http.identical_bytes_response import remember_response, respond_immediately
from gatepost_api.http.if_none_match import MAX_LENGTH, if_none_match_header
from gatepost_api.http.json_body import MAX_BODY_BYTES
from gatepost_api.http.path_parameters import (
    escape_user_in_path,
    escape_version_in_path,
    replace_nul_in_path,
)
from gatepost_api.http.rate_limit import RateLimited, limit_rate
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.security_headers import reject_host, request_host, with_default_headers
from gatepost_api.http.state_version_at_arrival import determine_state_version
from gatepost_api.observability.request_ids import (
    RequestIdentity,
    identified_as,
    identify_request,
)
from gatepost_api.observability.request_observation import Observation, observation_of
from gatepost_api.observability.tracing import Tracing
from gatepost_api.openapi.pages import documentation_routes
from gatepost_api.routes.api import api_routes, compatibility_routes, routes_outside_the_api
from gatepost_api.settings.server import LOOPBACK_HOSTS
from gatepost_api.settings.trusted_proxies import NO_PROXIES, TrustedProxies
from gatepost_api.sign_in.pages import TEMPLATES

Resources = Callable[[Litestar], AbstractAsyncContextManager[object]]


class GatepostApp(Litestar):
    """The application, which responds only to requests for accepted hosts."""

    accepted_hosts: frozenset[str] = LOOPBACK_HOSTS
    forwarded_headers: ForwardedHeaders = ForwardedHeaders(NO_PROXIES)
    tracing: Tracing | None = None
    resources: Resources = nullcontext
    """Opens what the application uses while it runs."""

    @asynccontextmanager
    async def lifespan(self) -> AsyncGenerator[None]:
        """Keep the resources open while the application runs."""
        async with super().lifespan(), self.resources(self):
            yield

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Reject a request for a host that is not accepted.

        A malicious page could point its own host name at this server (DNS rebinding).
        """
        if scope["type"] == ScopeType.HTTP:
            self.forwarded_headers.apply(scope)  # type: ignore[arg-type]  # of an HTTP scope
            await self._respond_identified(scope, receive, send)  # type: ignore[arg-type]  # of an HTTP scope
        else:
            await super().__call__(scope, receive, send)

    async def _respond_identified(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Give a request an id and respond to it; trace it if tracing is configured."""
        identity = identify_request(scope["headers"])
        if self.tracing is None:
            await self._respond_observed(scope, receive, send, identity)
            return
        with self.tracing.trace_request(scope, identity, request_host(scope)) as traced:
            await self._respond_observed(scope, receive, send, traced)

    async def _respond_observed(
        self, scope: HTTPScope, receive: Receive, send: Send, identity: RequestIdentity
    ) -> None:
        """Respond, and record the request in the log and the metrics."""
        observation = Observation(scope, identity)
        started_s = perf_counter()
        with identified_as(identity):
            try:
                send_observed = with_default_headers(scope, observation.wrap_send(send))
                await self._respond(scope, receive, send_observed)
            finally:
                self._record(scope, observation, perf_counter() - started_s)

    def respond_immediately(
        self, request: ReceivedRequest, server_headers: Sequence[tuple[bytes, bytes]]
    ) -> bytes | None:
        """Return the cached response to an identical request, or None if there is no valid one."""
        context: AppContext | None = self.state.context
        if context is None:
            return None
        return respond_immediately(context, request, server_headers)

    def _record(self, scope: HTTPScope, observation: Observation, duration_s: float) -> None:
        context: AppContext | None = self.state.context
        if context is None:
            return
        operation, status = observation.operation, observation.status
        context.metrics.record_request(operation, status, duration_s)
        if context.request_log is not None:
            context.request_log.write(
                observation.identity,
                method=scope["method"],
                raw_path=scope["raw_path"],
                operation=operation,
                actor=observation.actor,
                status=status,
                duration_s=duration_s,
            )

    async def _respond(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        host = request_host(scope)
        if host is None or host not in self.accepted_hosts:
            await reject_host(scope, receive, send, host)
            return
        if scope["method"] == HttpMethod.HEAD:
            await respond_without_body(scope, receive, send, self._send_cached_or_route)
        else:
            await self._send_cached_or_route(scope, receive, send)

    @cache  # noqa: B019  # the application lives as long as the process
    def _methods_by_path(self) -> Mapping[str, frozenset[str]]:
        return methods_by_path(self.routes)

    async def _send_cached_or_route(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        send = with_compression(scope, send)
        await determine_state_version(scope, self.state.context.reads)
        may_send_cached = scope["method"] == HttpMethod.GET and not self._needs_cors(scope)
        if may_send_cached and await self._send_cached(scope, send):
            return
        send = with_complete_allow_header(scope, send, self._methods_by_path)
        replace_nul_in_path(scope)
        escape_version_in_path(scope)
        escape_user_in_path(scope)
        await super().__call__(scope, receive, send)

    def _needs_cors(self, scope: HTTPScope) -> bool:
        """Return whether the framework must add CORS headers for a page from another origin."""
        return self.cors_config is not None and any(
            name == b"origin" for name, _ in scope["headers"]
        )

    async def _send_cached(self, scope: HTTPScope, send: Send) -> bool:
        """Send the cached response to a request, if there is one; return whether it was sent.

        A request that must be refused is not answered here, so that its response can give the
        reason.
        """
        context: AppContext = self.state.context
        found = context.response_cache.find(scope, context.now)
        if found is None:
            return False
        if_none_match = if_none_match_header(scope)
        if len(if_none_match) > MAX_LENGTH:
            return False
        try:
            limit_rate(scope, context.rate_limiter, found.user)
        except RateLimited:
            return False
        observation, etags = observation_of(scope), if_none_match.decode("latin-1")
        if observation is not None:
            observation.set_operation_and_actor(found.operation, found.user)
        await found.response.send(send, if_none_match=etags)
        if observation is not None and self.tracing is None:
            remember_response(context, scope, observation, found, etags)
        return True


def create_app(
    *,
    context: AppContext | None = None,
    resources: Resources = nullcontext,
    allowed_hosts: frozenset[str] = LOOPBACK_HOSTS,
    trusted_proxies: TrustedProxies = NO_PROXIES,
    tracing: Tracing | None = None,
    cors_origins: Sequence[str] = (),
) -> GatepostApp:
    """Create the application.

    If the context can only be created inside the running event loop, omit `context`; `resources`
    must then set it.
    """
    app = register_routes(tuple(cors_origins))
    app.state.context = context
    app.resources = resources
    app.accepted_hosts = allowed_hosts
    app.forwarded_headers = ForwardedHeaders(trusted_proxies)
    app.tracing = tracing
    return app


def register_routes(cors_origins: Sequence[str]) -> GatepostApp:
    """Return an application with all routes, but without a context."""
    return GatepostApp(
        route_handlers=[
            api_routes(),
            compatibility_routes(),
            *routes_outside_the_api(),
            documentation_routes(),
            console_routes(),
            get_static,
            show_problems,
        ],
        request_class=ApiRequest,
        exception_handlers={**EXCEPTION_HANDLERS, HTTPException: respond_to_http_error},
        request_max_body_size=MAX_BODY_BYTES,
        state=State({"context": None}),
        openapi_config=None,
        cors_config=cors_config(cors_origins),
        template_config=TEMPLATES,
        logging_config=None,
    )
