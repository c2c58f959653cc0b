"""Links to the commits of a deployment."""

from __future__ import annotations

import pytest

from gatepost_domain.catalog.repository_links import commits_url

FIRST, LAST = "a" * 40, "b" * 40
BITBUCKET = f"/branches/compare/{LAST}..{FIRST}"


@pytest.mark.parametrize(
    ("repository", "compare", "commit"),
    [
        ("https://github.com/acme/shop", f"/compare/{FIRST}...{LAST}", f"/commit/{LAST}"),
        ("https://github.acme.example/acme/shop", f"/compare/{FIRST}...{LAST}", f"/commit/{LAST}"),
        ("https://gitlab.com/acme/web/shop", f"/-/compare/{FIRST}...{LAST}", f"/-/commit/{LAST}"),
        ("https://gitea.acme.example/acme/shop", f"/compare/{FIRST}...{LAST}", f"/commit/{LAST}"),
        ("https://codeberg.org/acme/shop", f"/compare/{FIRST}...{LAST}", f"/commit/{LAST}"),
        (
            "https://bitbucket.org/acme/shop",
            f"/branches/compare/{LAST}..{FIRST}",
            f"/commits/{LAST}",
        ),
    ],
)
def test_known_products_have_pages_of_commits(repository: str, compare: str, commit: str) -> None:
    """The suffix `.git` and a slash at the end are not part of the address of the page."""
    assert commits_url(repository, FIRST, LAST) == repository + compare
    assert commits_url(f"{repository}.git", FIRST, LAST) == repository + compare
    assert commits_url(f"{repository}/", FIRST, LAST) == repository + compare
    assert commits_url(repository, None, LAST) == repository + commit
    assert commits_url(repository, LAST, LAST) == repository + commit


@pytest.mark.parametrize(
    "repository",
    [
        "https://git.acme.example/shop",
        "",
        "javascript://github.com/%0Aalert(1)",
        "ssh://github.com/a/b",
    ],
)
def test_other_repositories_have_no_link(repository: str) -> None:
    """A guessed link would often lead nowhere, and only web pages are linked."""
    assert commits_url(repository, FIRST, LAST) is None


def test_unknown_commit_has_no_link() -> None:
    """Versions may be registered without their commit."""
    assert commits_url("https://github.com/acme/shop", FIRST, None) is None


@pytest.mark.parametrize("repository", ["http://github]", "https://[github/acme/shop", "http://["])
def test_malformed_address_has_no_page(repository: str) -> None:
    """A service can have been registered with any text after the scheme."""
    assert commits_url(repository, "a", "b") is None
