"""Templates: the text of each file, with `@name@` placeholders for the values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

TEMPLATE_VERSION: Final = "4"
"""The template version, written to every file. It increases when the templates' output changes."""

_PLACEHOLDER: Final = re.compile(r"@([a-z_]+)@")


def _read_templates(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read_templates(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_text(encoding="utf-8")


_TEMPLATES: Final = dict(_read_templates(files("gatepost_contracts").joinpath("templates")))


def template_names(folder: str) -> list[str]:
    """Return the names of all templates in a folder, sorted."""
    return sorted(name for name in _TEMPLATES if name.startswith(f"{folder}/"))


def render(name: str, **values: str | int) -> str:
    """Return a template with all placeholders replaced; values are not scanned for placeholders.

    Values are inserted unchanged. The caller must quote them for the language of the file.
    """
    replacements = {"template_version": TEMPLATE_VERSION, **values}
    return _PLACEHOLDER.sub(lambda match: str(replacements[match[1]]), _TEMPLATES[name])
