"""The URLs of notification channels: which are accepted, and which parts are shown.

They are Apprise URLs that contain passwords and keys, often in place of the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from gatepost_domain.errors import FieldError

MASK: Final = "***"
"""The text shown in place of the confidential parts."""

_WITH_TOKENS: Final[Mapping[str, str]] = {
    "discord": "Discord",
    "gchat": "Google Chat",
    "msteams": "Microsoft Teams",
    "opsgenie": "Opsgenie",
    "pagerduty": "PagerDuty",
    "pover": "Pushover",
    "slack": "Slack",
    "splunk": "Splunk On-Call",
    "tgram": "Telegram",
    "victorops": "Splunk On-Call",
    "workflow": "Microsoft Teams",
    "workflows": "Microsoft Teams",
    "wxteams": "Webex",
    "zulip": "Zulip",
}
_WITH_HOST: Final[Mapping[str, str]] = {
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "json": "JSON",
    "jsons": "JSON",
    "mailto": "E-mail",
    "mailtos": "E-mail",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "nctalk": "Nextcloud Talk",
    "nctalks": "Nextcloud Talk",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
    "signal": "Signal",
    "signals": "Signal",
    "synology": "Synology Chat",
    "synologys": "Synology Chat",
}
SCHEMES: Final[Mapping[str, str]] = {**_WITH_TOKENS, **_WITH_HOST}
"""Maps each supported Apprise scheme to its product. Other schemes are refused, because some of
them act on the worker's machine."""

_REFUSED_PARAMETERS: Final = frozenset({"template", "keyfile", "pgp", "pgpkey", "attach"})
"""The parameters with which Apprise reads files on the worker's machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAddress:
    """A channel's URL, in masked and in encrypted form."""

    scheme: str
    shown: str
    """The URL with its confidential parts masked."""
    sealed: str = field(repr=False)
    """The whole URL, encrypted by the server."""

    @property
    def product(self) -> str:
        """The name of the product that the URL addresses."""
        return SCHEMES.get(self.scheme, self.scheme)


def faults_of_channel_url(url: str) -> Iterator[FieldError]:
    """Yield an error for each fault in a channel's URL. The messages do not contain the URL."""
    scheme = scheme_of(url)
    if "://" not in url or not url.isprintable() or not url.partition("://")[2].strip("/"):
        detail = "This is not an Apprise URL such as slack://TokenA/TokenB/TokenC/#channel."
        yield FieldError(field="url", code="bad_channel_url", detail=detail)
    elif scheme not in SCHEMES:
        detail = f"Channels with this scheme are not supported. Use one of {', '.join(SCHEMES)}."
        yield FieldError(field="url", code="unsupported_channel", detail=detail)
    elif refused := sorted(_parameters_of(url) & _REFUSED_PARAMETERS):
        detail = f"The parameter {refused[0]} would read a file on the worker; leave it out."
        yield FieldError(field="url", code="bad_channel_url", detail=detail)


def scheme_of(url: str) -> str:
    """Return a URL's scheme in lower case."""
    return url.partition("://")[0].lower()


def mask_url(url: str) -> str:
    """Return the URL without its confidential parts: the scheme and, if there is one, the host."""
    scheme = scheme_of(url)
    host = _host_of(url) if scheme in _WITH_HOST else None
    return f"{scheme}://{MASK}" if host is None else f"{scheme}://{host}/{MASK}"


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # a malformed IPv6 address
        return None


def _parameters_of(url: str) -> set[str]:
    query = url.partition("?")[2]
    return {name.lower().lstrip("+-: ") for name, _ in parse_qsl(query, keep_blank_values=True)}
