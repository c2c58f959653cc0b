"""Page rendering: the templates, the variables common to all pages, and the security headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from gatepost_api.auth.cookies import own_origin
from gatepost_api.console.rendering.instants import mark_instants
from gatepost_api.console.rendering.safe_text import IsolateText, isolate, to_display_text
from gatepost_api.console.views import formatting, freeze_texts, labels, promotion_rule_texts
from gatepost_api.console.views.action_buttons import ACTION_BUTTONS
from gatepost_api.console.views.independence_texts import dependent_review_texts
from gatepost_api.console.views.list_action_buttons import BACK_FIELD, NEXT_REVIEW, ONE_CLICK
from gatepost_api.console.views.notices import find_notice
from gatepost_api.console.views.request_text_fields import REQUEST_TEXTS
from gatepost_api.console.views.required_roles import role_sentence
from gatepost_api.console.views.settings_change_texts import settings_change_title
from gatepost_api.console.views.who_can_act import describe_who_can_act
from gatepost_api.http.caller import Caller
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.roles import Right
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.event import format_instant
from gatepost_domain.freezes.evaluation import active_and_next_periods

CONSOLE_DIR: Final = Path(__file__).parents[1]


def _minify_style_sheet(style: bytes) -> bytes:
    """Return a style sheet without its comments and indentation, which browsers do not need."""
    return re.sub(rb"/\*.*?\*/\s*|(?<=\n) +", b"", style, flags=re.DOTALL)


def _read_script(name: str) -> bytes:
    """Return a script without its indentation and its comments, which are on separate lines."""
    script = (CONSOLE_DIR / "static" / name).read_bytes()
    return re.sub(rb"^ *//.*\n|^ +", b"", script, flags=re.MULTILINE)


STATIC_FILES: Final[Mapping[str, tuple[bytes, str]]] = {
    "style.css": (
        _minify_style_sheet(
            b"".join(file.read_bytes() for file in sorted((CONSOLE_DIR / "static").glob("*.css")))
        ),
        "text/css",
    ),
    "console.js": (_read_script("console.js"), "text/javascript"),
    "keys.js": (_read_script("keys.js"), "text/javascript"),
    "passkeys.js": (_read_script("passkeys.js"), "text/javascript"),
    "mark.svg": ((CONSOLE_DIR / "static" / "mark.svg").read_bytes(), "image/svg+xml"),
}
"""The content and media type of each static file, by name."""
STATIC_VERSION: Final = sha256(
    b"".join(content for content, _ in STATIC_FILES.values())
).hexdigest()[:12]
"""The version in static file URLs, which lets browsers cache the files until they change."""

PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with no-referrer, forms send Origin: null
    "Vary": "Cookie",
}

NAVIGATION: Final = (
    ("/", "Overview"),
    ("/deployments", "Deployments"),
    ("/inbox", "Inbox"),
    ("/services", "Services"),
    ("/compare", "Compare"),
    ("/environments", "Environments"),
    ("/freezes", "Freezes"),
    ("/incidents", "Incidents"),
    ("/reports", "Reports"),
    ("/workers", "Workers"),
    ("/people", "People"),
    ("/settings-changes", "Settings changes"),
)
AUDIT_ENTRY: Final = ("/audit", "Audit")
"""The menu entry that only auditors see."""
ENTRIES_BY_RIGHT: Final = (
    (Right.MANAGE_NOTIFICATIONS, ("/notification-channels", "Notifications")),
    (Right.MANAGE_WEBHOOKS, ("/webhooks", "Webhooks")),
)
"""The menu entries that are visible only with a certain right."""
SYSTEM_ENTRY: Final = ("/system", "System")
"""The menu entry that only admins and auditors see."""

JINJA: Final = Environment(
    loader=FileSystemLoader(CONSOLE_DIR / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=to_display_text,
    extensions=[IsolateText],
    auto_reload=False,
)
_TEMPLATE_GLOBALS: Final[Mapping[str, object]] = {
    "labels": labels,
    "action_buttons": ACTION_BUTTONS,
    "Right": Right,
    "role_sentence": role_sentence,
    "describe_who_can_act": describe_who_can_act,
    "dependent_review_texts": dependent_review_texts,
    "request_texts": REQUEST_TEXTS,
    "static_version": STATIC_VERSION,
    "format_number": format_number,
    "to_choices": formatting.to_choices,
    "catalog_choices": formatting.catalog_choices,
    "catalog_label": formatting.catalog_label,
    "display_name_repeats_name": formatting.display_name_repeats_name,
    "one_click": ONE_CLICK,
    "back_field": BACK_FIELD,
    "next_review": NEXT_REVIEW,
}
_TEMPLATE_FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "format_relative": formatting.format_relative,
    "format_instant": format_instant,
    "format_duration": formatting.format_duration,
    "format_elapsed": formatting.format_elapsed,
    "humanize": formatting.humanize,
    "next_freeze_periods": partial(active_and_next_periods, limit=2),
    "describe_freeze_period": freeze_texts.describe_period,
    "describe_recurrence": freeze_texts.describe_recurrence,
    "spell_duration": freeze_texts.spell_duration,
    "short_version": formatting.short_version,
    "url_quote": formatting.url_quote,
    "approver_label": labels.approver_label,
    "isolate": isolate,
    "mark_instants": mark_instants,
    "settings_change_title": settings_change_title,
    "describe_prerequisites": promotion_rule_texts.describe_prerequisites,
    "describe_soak_and_maximum_age": promotion_rule_texts.describe_soak_and_maximum_age,
    "describe_next_environment": promotion_rule_texts.describe_next_environment,
    "describe_stage_count": promotion_rule_texts.describe_stage_count,
    "describe_execution": promotion_rule_texts.describe_execution,
}
for _registry, _entries in ((JINJA.globals, _TEMPLATE_GLOBALS), (JINJA.filters, _TEMPLATE_FILTERS)):
    cast("Any", _registry).update(_entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageError:
    """An error to show on a page; the refused action has changed nothing."""

    sentence: str
    status: int
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    """The messages by field name."""


def render_page(
    request: ApiRequest,
    template: str,
    *,
    error: PageError | None = None,
    status: int = HTTPStatus.OK,
    canonical_path: str | None = None,
    **context: Any,  # noqa: ANN401  # the variables of its template
) -> Response[bytes]:
    """Return a page rendered for the caller.

    If the response to a form is the page at another path, `canonical_path` is that path. The
    browser then shows it as the address, so reloading the page does not submit the form again.
    """
    caller: Caller | None = request.scope.get("auth")
    html = JINJA.get_template(template).render(
        current_user=caller.actor if caller else None,
        navigation=navigation_of(caller),
        inbox_count=request.state.get("inbox_count"),
        now=request.context.now(),
        path=request.scope["path"],
        page_url=_url_of(request),
        seq=request.state.get("seq"),
        notice=find_notice(request.query_params, request.scope["path"]),
        error=error,
        canonical_path=None if canonical_path == request.scope["path"] else canonical_path,
        form_key=token_urlsafe(16),
        **context,
    )
    return Response(
        html.encode(),
        status_code=error.status if error else status,
        media_type=MediaType.HTML,
        headers=PAGE_HEADERS,
    )


def _url_of(request: ApiRequest) -> str:
    """Return the address of the page as the browser shows it, for printed pages."""
    query = request.url.query
    return f"{own_origin(request)}{request.url.path}{'?' if query else ''}{query}"


def navigation_of(caller: Caller | None) -> Iterable[tuple[str, str]]:
    """Return the menu entries visible to the caller, as pairs of an address and a name."""
    if caller is None:
        return NAVIGATION
    is_auditor = caller.actor.may(Right.AUDIT)
    sees_system = is_auditor or caller.actor.may(Right.MANAGE_PEOPLE)
    audit = (AUDIT_ENTRY,) if is_auditor else ()
    managed = (entry for right, entry in ENTRIES_BY_RIGHT if caller.actor.may(right))
    return (*NAVIGATION, *managed, *audit, *((SYSTEM_ENTRY,) if sees_system else ()))
