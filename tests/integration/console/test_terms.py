"""The page of terms, and the links to it."""

from __future__ import annotations

import re
from pathlib import Path

from gatepost_api.console.views.help_terms import TERMS
from gatepost_domain.reports.metric_definitions import Figure
from tests.integration.console.conftest import AsUser
from tests.support.console import PAGES

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"


def test_every_term_is_in_the_glossary() -> None:
    """The console has no terms of its own."""
    defined = {term.lower() for term in re.findall(r"\*\*(.+?)\*\*", GLOSSARY.read_text())}

    assert {term.name.lower() for terms in TERMS.values() for term in terms} - defined == set()


async def test_links_lead_to_terms_on_the_page(as_user: AsUser) -> None:
    """Where a term matters first, such as the gates of a deployment, a link explains it."""
    owner = await as_user("owner")
    page = await owner.open("/help/terms")
    anchors = {term.anchor for terms in TERMS.values() for term in terms}
    anchors |= {f"metric-{figure.replace('_', '-')}" for figure in Figure}

    linked = {
        anchor
        for path in PAGES
        if "DEP-1" not in path
        for anchor in re.findall(r'href="/help/terms#([^"]+)"', await owner.open(path))
    }

    assert {"tier", "soak", "break-glass", "stage"} <= linked <= anchors
    for anchor in anchors:
        assert page.count(f'id="{anchor}"') == 1
