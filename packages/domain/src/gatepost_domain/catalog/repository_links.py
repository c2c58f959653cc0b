"""Links to a commit or a range of commits on a source repository's website."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit


class _UrlFormats(NamedTuple):
    compare: str
    commit: str


_GITHUB: Final = _UrlFormats("{repository}/compare/{first}...{last}", "{repository}/commit/{last}")
_GITLAB: Final = _UrlFormats(
    "{repository}/-/compare/{first}...{last}", "{repository}/-/commit/{last}"
)
_BITBUCKET: Final = _UrlFormats(
    "{repository}/branches/compare/{last}..{first}", "{repository}/commits/{last}"
)
_PAGES_BY_HOST: Final = {
    "github": _GITHUB,
    "gitlab": _GITLAB,
    "bitbucket": _BITBUCKET,
    "gitea": _GITHUB,
    "forgejo": _GITHUB,
    "codeberg": _GITHUB,
}
"""Maps a word in a host name to the URL formats of the product it identifies."""


def commits_url(repo_url: str, first: str | None, last: str | None) -> str | None:
    """Return the URL of the commits after `first` up to `last`.

    If `first` is None, this is the URL of `last` only. Return None if the host name does not
    identify a supported product, or if `last` is unknown.
    """
    try:
        parts = urlsplit(repo_url)
    except ValueError:  # a malformed IPv6 address
        return None
    host = parts.hostname or ""
    pages = next((pages for word, pages in _PAGES_BY_HOST.items() if word in host), None)
    if last is None or pages is None or parts.scheme not in {"http", "https"}:
        return None
    repository = repo_url.partition("?")[0].rstrip("/").removesuffix(".git")
    page = pages.commit if first is None or first == last else pages.compare
    return page.format(repository=repository, first=quote(first or "", safe=""), last=quote(last))
