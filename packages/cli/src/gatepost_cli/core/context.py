"""The context of one run: the client, the output format and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from json import dumps
from typing import TYPE_CHECKING, Final, ParamSpec, Protocol, TypedDict, TypeVar, cast

import httpx2

from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import table
from gatepost_client import Gatepost, every

if TYPE_CHECKING:
    from gatepost_client.pagination import Page

_NOT_JSON: Final = frozenset(
    {"application/x-ndjson", "application/zip", "text/csv", "text/event-stream"}
)

P = ParamSpec("P")
Item = TypeVar("Item")


class Clock(Protocol):
    """The time functions needed to wait for a deployment. The module `time` implements them."""

    def monotonic(self) -> float:
        """Return the seconds since a fixed instant."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Block for the given number of seconds."""
        ...


class JsonPage(TypedDict):
    """A page of a list as the server sends it."""

    items: list[object]
    next_cursor: str | None


class Context:
    """Everything that a command needs to run besides its arguments."""

    def __init__(
        self, gatepost: Gatepost, *, as_json: bool, clock: Clock, width: int | None = None
    ) -> None:
        self.gatepost = gatepost
        self.as_json = as_json
        self.width = width
        """The width to which tables are fitted; None means no limit."""
        self.clock = clock
        self.last_response: object = None
        """The JSON of the most recent response, including fields that the client does not know.

        None if the response was not JSON.
        """
        gatepost.client.get_httpx_client().event_hooks = {"response": [self._store_response_json]}

    def answer(self, text: str, *, json: object = None) -> None:
        """Write the result: text for people or, with `--json`, JSON for programs.

        Args:
            text: The result for people.
            json: The result for programs; if None, the most recent response is used.
        """
        document = self.last_response if json is None else json
        output.write_result(dumps(document, indent=2) if self.as_json else text)

    def answer_table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str | None]],
        *,
        json: object = None,
    ) -> None:
        """Write a table fitted to the terminal or, with `--json`, JSON as `answer` does."""
        self.answer(table(headings, rows, width=self.width), json=json)

    def fetch_all(
        self, list_page: Callable[P, Page[Item]], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[list[Item], JsonPage]:
        """Return all items of a list, and the JSON of all its pages as a single page.

        Args:
            list_page: The client method that lists one page.
            args: Positional arguments of that method.
            kwargs: Keyword arguments of that method.
        """
        json_items: list[object] = []

        def list_and_collect_json(*args: P.args, **kwargs: P.kwargs) -> Page[Item]:
            page = list_page(*args, **kwargs)
            json_items.extend(cast("JsonPage", self.last_response)["items"])
            return page

        items = [*every(list_and_collect_json, *args, **kwargs)]
        return items, {"items": json_items, "next_cursor": None}

    def _store_response_json(self, response: httpx2.Response) -> None:
        if response.headers.get("Content-Type", "").partition(";")[0] in _NOT_JSON:
            self.last_response = None  # a file can be of any length, so it is not read
            return
        response.read()
        try:
            self.last_response = response.json()
        except ValueError:
            self.last_response = None
