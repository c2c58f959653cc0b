"""The promotion order of environments as a graph: boxes in columns, with arrows between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Final, Literal, TypeAlias

from gatepost_api.console.views.environment_graph import (
    Links,
    components_of,
    find_back_links,
    layers_of,
)
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy

BOX_WIDTH: Final = 256
HEAD_HEIGHT: Final = 40
LINE_HEIGHT: Final = 19
BADGE_HEIGHT: Final = 26
COLUMN_GAP: Final = 48
ROW_GAP: Final = 32
MIN_ROWS: Final = 8
"""The minimum number of boxes in a column before a layer continues in another column."""
MAX_COLUMNS: Final = 3
"""The maximum number of columns in a layer."""
MIN_COLUMNS: Final = 4
"""The minimum number of columns for environments without links."""
BAND_GAP: Final = 12
"""The additional space between groups of linked environments."""

ArrowKind: TypeAlias = Literal["required", "automatic", "promoted", "back"]

_TRACK_STEP: Final = 6
_TRACKS: Final = 4
_CORNER: Final = 8
_ARROW: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEnvironment:
    """An environment with its policy and the position of its box."""

    width: ClassVar = BOX_WIDTH
    environment: Environment
    policy: Policy
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """An arrow between two environments that a policy links."""

    source: str
    target: str
    is_required: bool
    """Whether `source` is one of the environments required by the policy of `target`."""
    is_automatic: bool
    """Whether versions that succeed in `source` are automatically requested in `target`."""
    leads_back: bool
    """Whether the arrow closes a cycle."""
    path: str
    """The path of the line, in the format of SVG's `d` attribute."""

    @property
    def kind(self) -> ArrowKind:
        """The kind of arrow, which determines how it is drawn and is explained in the legend."""
        if self.leads_back:
            return "back"
        if self.is_automatic:
            return "automatic"
        return "required" if self.is_required else "promoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionGraph:
    """All boxes and arrows, and the size of the graph in pixels."""

    boxes: tuple[PlacedEnvironment, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int

    @property
    def kinds(self) -> frozenset[ArrowKind]:
        """The kinds of arrows in the graph."""
        return frozenset(arrow.kind for arrow in self.arrows)

    @property
    def has_cycle(self) -> bool:
        """Whether an arrow leads back to an earlier environment."""
        return any(arrow.leads_back for arrow in self.arrows)


def build_promotion_graph(
    environments: Sequence[tuple[Environment, Policy]], *, with_badges: bool = False
) -> PromotionGraph:
    """Return the graph of the given environments, which are in promotion order.

    References to environments that are not given have no arrow. All boxes are as high as the one
    with the most lines, and `with_badges` adds room for a badge.
    """
    lines = max((_line_count(policy) for _, policy in environments), default=0)
    height = HEAD_HEIGHT + lines * LINE_HEIGHT + (BADGE_HEIGHT if with_badges else 0)
    policies = {environment.name: policy for environment, policy in environments}
    links = _links_of(policies)
    back_links = find_back_links(list(policies), links)
    positions = _place(list(policies), links - back_links, links)
    boxes = tuple(
        PlacedEnvironment(
            environment=environment,
            policy=policy,
            x=_x(positions[environment.name]),
            y=_y(positions[environment.name], height),
            height=height,
        )
        for environment, policy in environments
    )
    placed = {box.environment.name: box for box in boxes}
    arrows = tuple(
        _arrow(placed, source, target, track=track, leads_back=(source, target) in back_links)
        for track, (source, target) in _with_tracks(links, list(policies))
    )
    return PromotionGraph(
        boxes=boxes,
        arrows=tuple(sorted(arrows, key=lambda arrow: (arrow.is_automatic, arrow.leads_back))),
        width=max((box.x for box in boxes), default=0) + BOX_WIDTH + COLUMN_GAP // 2,
        height=max((box.y for box in boxes), default=0) + height + ROW_GAP // 2,
    )


@dataclass(frozen=True, slots=True)
class _Position:
    column: int
    row: int
    band: int
    """The number of groups of linked environments above this position."""


def _line_count(policy: Policy) -> int:
    has_limits = bool(policy.soak_s) or policy.max_age_s is not None
    return 4 + has_limits + (policy.promotes_to is not None)


def _links_of(policies: Mapping[str, Policy]) -> Links:
    required = {(name, target) for target, policy in policies.items() for name in policy.requires}
    promoted = {(source, policy.promotes_to) for source, policy in policies.items()}
    return frozenset(
        (source, target)
        for source, target in required | promoted
        if source in policies and target is not None and target in policies and source != target
    )


def _with_tracks(links: Links, names: Sequence[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the links in order, each with its track; links from one environment share a track."""
    sources = {source for source, _ in links}
    for number, name in enumerate(name for name in names if name in sources):
        for target in names:
            if (name, target) in links:
                yield number % _TRACKS, (name, target)


def _place(names: Sequence[str], forward: Links, links: Links) -> dict[str, _Position]:
    """Return the position of each box, with the linked environments above those without links."""
    groups = components_of(names, links)
    linked = [group for group in groups if len(group) > 1]
    single = [name for group in groups if len(group) == 1 for name in group]
    positions: dict[str, _Position] = {}
    row = 0
    for band, group in enumerate(linked):
        placed = _place_group(group, forward, row=row, band=band)
        positions |= placed
        row = max(position.row for position in placed.values()) + 1
    columns = max([MIN_COLUMNS, *(position.column + 1 for position in positions.values())])
    for index, name in enumerate(single):
        positions[name] = _Position(index % columns, row + index // columns, len(linked))
    return positions


def _place_group(
    group: Sequence[str], forward: Links, *, row: int, band: int
) -> dict[str, _Position]:
    """Return the positions of linked environments, with each layer to the right of the previous."""
    positions: dict[str, _Position] = {}
    column = 0
    for layer in layers_of(group, forward):
        ordered = sorted(layer, key=lambda name: _mean_row(name, forward, positions))
        rows = max(MIN_ROWS, ceil(len(ordered) / MAX_COLUMNS))
        for index, name in enumerate(ordered):
            positions[name] = _Position(column + index // rows, row + index % rows, band)
        column += 1 + (len(ordered) - 1) // rows
    return positions


def _mean_row(name: str, forward: Links, positions: Mapping[str, _Position]) -> float:
    """Return the mean row of an environment's predecessors, used to keep arrows from crossing."""
    rows = [positions[source].row for source, target in forward if target == name]
    return sum(rows) / len(rows) if rows else 0


def _x(position: _Position) -> int:
    return COLUMN_GAP // 2 + position.column * (BOX_WIDTH + COLUMN_GAP)


def _y(position: _Position, height: int) -> int:
    return ROW_GAP + position.row * (height + ROW_GAP) + position.band * BAND_GAP


def _arrow(
    boxes: Mapping[str, PlacedEnvironment],
    source: str,
    target: str,
    *,
    track: int,
    leads_back: bool,
) -> Arrow:
    policy = boxes[source].policy
    return Arrow(
        source=source,
        target=target,
        is_required=source in boxes[target].policy.requires,
        is_automatic=policy.auto_promote and policy.promotes_to == target,
        leads_back=leads_back,
        path=_path(_corners(boxes[source], boxes[target], track=track)),
    )


def _corners(
    source: PlacedEnvironment, target: PlacedEnvironment, *, track: int
) -> list[tuple[int, int]]:
    """Return the points at which an arrow turns; it runs only through the gaps between boxes."""
    shift = (track - _TRACKS // 2) * _TRACK_STEP
    start = source.x + BOX_WIDTH, source.y + source.height // 2
    end = target.x - _ARROW, target.y + target.height // 2
    trunk = start[0] + COLUMN_GAP // 2 + shift // 2
    if target.x == source.x + BOX_WIDTH + COLUMN_GAP:
        return [start, (trunk, start[1]), (trunk, end[1]), end]
    gap = target.y - ROW_GAP // 2 + shift
    entry = target.x - COLUMN_GAP // 2 + shift // 2
    return [start, (trunk, start[1]), (trunk, gap), (entry, gap), (entry, end[1]), end]


def _path(corners: Sequence[tuple[int, int]]) -> str:
    """Return an SVG path through the points, with rounded corners."""
    commands = [f"M{corners[0][0]} {corners[0][1]}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        commands.append(_rounded(before, corner, after))
    return " ".join([*commands, f"L{corners[-1][0]} {corners[-1][1]}"])


def _rounded(before: tuple[int, int], corner: tuple[int, int], after: tuple[int, int]) -> str:
    entry, exit_ = _towards(corner, before), _towards(corner, after)
    return f"L{entry[0]} {entry[1]} Q{corner[0]} {corner[1]} {exit_[0]} {exit_[1]}"


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Return the point where the rounding of a corner begins, on the line towards `other`."""
    return _move_towards(corner[0], other[0]), _move_towards(corner[1], other[1])


def _move_towards(here: int, there: int) -> int:
    size = min(_CORNER, abs(there - here) // 2)
    return here + size if there > here else here - size
