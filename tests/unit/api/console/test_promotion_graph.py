"""The graph of the promotion order."""

from __future__ import annotations

from itertools import combinations

from gatepost_api.console.views.promotion_graph import (
    MAX_COLUMNS,
    PlacedEnvironment,
    PromotionGraph,
    build_promotion_graph,
)
from gatepost_domain.catalog.policy import Policy
from tests.support.builders import a_policy, an_environment


def graph_of(**policies: Policy) -> PromotionGraph:
    """Return the graph of environments, which are named in promotion order."""
    return build_promotion_graph(
        [(an_environment(name), policy) for name, policy in policies.items()]
    )


def boxes(graph: PromotionGraph) -> dict[str, PlacedEnvironment]:
    return {box.environment.name: box for box in graph.boxes}


def overlapping(graph: PromotionGraph) -> list[tuple[str, str]]:
    """Return the pairs of boxes that overlap."""
    return [
        (one.environment.name, other.environment.name)
        for one, other in combinations(graph.boxes, 2)
        if abs(one.x - other.x) < one.width and abs(one.y - other.y) < one.height
    ]


def test_chain_is_drawn_from_left_to_right() -> None:
    """Each environment is right of the one that it requires, in the same row."""
    graph = graph_of(
        test=a_policy(promotes_to="staging", auto_promote=True),
        staging=a_policy(requires=("test",)),
        production=a_policy(requires=("staging",)),
    )

    placed = boxes(graph)
    assert placed["test"].x < placed["staging"].x < placed["production"].x
    assert len({box.y for box in graph.boxes}) == 1
    assert [(arrow.source, arrow.target) for arrow in graph.arrows] == [
        ("staging", "production"),
        ("test", "staging"),
    ]
    assert [arrow.is_automatic for arrow in graph.arrows] == [False, True]
    assert all(arrow.is_required for arrow in graph.arrows)
    assert not graph.has_cycle


def test_environments_without_links_are_below_the_others() -> None:
    """They are placed in rows of several columns."""
    single = {f"lab-{number}": a_policy() for number in range(6)}
    graph = graph_of(test=a_policy(), staging=a_policy(requires=("test",)), **single)

    placed = boxes(graph)
    assert all(placed[name].y > placed["staging"].y for name in single)
    assert len({placed[name].y for name in single}) == 2
    assert overlapping(graph) == []


def test_cycle_has_one_arrow_that_leads_back() -> None:
    """The other environments are placed as if this arrow did not exist."""
    graph = graph_of(
        test=a_policy(promotes_to="staging"),
        staging=a_policy(promotes_to="production"),
        production=a_policy(promotes_to="test"),
    )

    assert graph.has_cycle
    back = [arrow for arrow in graph.arrows if arrow.leads_back]
    assert [(arrow.source, arrow.target) for arrow in back] == [("production", "test")]
    assert boxes(graph)["test"].x < boxes(graph)["production"].x


def test_only_shown_environments_have_arrows() -> None:
    """Archived environments and the environment itself are left out."""
    graph = graph_of(test=a_policy(requires=("gone", "test"), promotes_to="elsewhere"))

    assert graph.arrows == ()


def test_forty_environments_do_not_overlap() -> None:
    """A layer with many environments is wrapped into several columns."""
    production = {
        f"production-{number:02}": a_policy(requires=("staging",), soak_s=60)
        for number in range(38)
    }
    graph = graph_of(test=a_policy(), staging=a_policy(requires=("test",)), **production)

    assert overlapping(graph) == []
    assert len({boxes(graph)[name].x for name in production}) == MAX_COLUMNS
    assert all(0 <= box.x <= graph.width - box.width for box in graph.boxes)
    assert all(0 <= box.y <= graph.height - box.height for box in graph.boxes)


def test_graph_without_environments_is_empty() -> None:
    """A new server can have none."""
    graph = graph_of()

    assert (graph.boxes, graph.arrows) == ((), ())
