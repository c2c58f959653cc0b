"""The templates: each looks like what comes out, with `@name@` where something goes in."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

TEMPLATE_VERSION: Final = "1"
"""Changes whenever the same input would give other files; every file names it."""

_TEMPLATES: Final = {
    each.name: each.read_text(encoding="utf-8")
    for each in files("gatepost_contracts").joinpath("templates").iterdir()
}
_PLACEHOLDER: Final = re.compile(r"@([a-z_]+)@")


def render(name: str, **values: str | int) -> str:
    """A template with each place filled, in one pass: what is filled in is not looked at again.

    Values are written as they are; whoever gives them quotes them for the language.
    """
    given = {"template_version": TEMPLATE_VERSION, **values}
    return _PLACEHOLDER.sub(lambda place: str(given[place[1]]), _TEMPLATES[name])
