"""The pairs of environments that the compare page offers."""

from __future__ import annotations

from gatepost_api.console.views.environment_pairs import MAX_PAIRS, pairs_to_compare
from gatepost_api.console.views.promotion_graph import Arrow
from tests.support.builders import an_environment


def an_arrow(source: str, target: str, *, leads_back: bool = False) -> Arrow:
    return Arrow(
        source=source,
        target=target,
        is_required=True,
        is_automatic=False,
        leads_back=leads_back,
        path="",
    )


def names_of(names: str, *arrows: Arrow) -> list[str]:
    environments = [an_environment(name) for name in names.split()]
    return [f"{one.name}-{other.name}" for one, other in pairs_to_compare(environments, arrows)]


def test_neighbours_are_offered_if_no_policy_links_any() -> None:
    """Without links, each environment is compared with the next one in promotion order."""
    assert names_of("test staging production") == ["test-staging", "staging-production"]


def test_environments_that_a_policy_links_are_offered() -> None:
    """Neighbours without a link, links that lead back and unknown environments are left out."""
    arrows = (
        an_arrow("test", "production"),
        an_arrow("production", "test", leads_back=True),
        an_arrow("archived", "test"),
    )

    assert names_of("test staging production", *arrows) == ["test-production"]


def test_the_number_of_pairs_is_limited() -> None:
    """A single environment has no pair, and many have as many as fit above the form."""
    assert names_of("test") == []
    assert len(names_of(" ".join(f"e{number}" for number in range(30)))) == MAX_PAIRS
