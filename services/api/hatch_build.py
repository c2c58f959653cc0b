"""Build hook: adds the scripts and styles of the API documentation pages to wheels and sdists.

They are copied from a package that is required only to build, so that installing Gatepost does not
install that package. pyproject.toml names the package, and the digest of each file.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER: Final = "src/gatepost_api/_vendor"
"""Where the files are in an sdist, and in a source tree with an editable installation."""

STATIC: Final = "drf_spectacular_sidecar/static/drf_spectacular_sidecar"
"""The folder of the files in the package that contains them."""

REPLACEMENTS: Final = {
    # Redoc loads a logo from another host, which the pages forbid. An empty image is not shown.
    "redoc/bundles/redoc.standalone.js": ("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,"),
}
"""For a file, a text that is replaced in it."""


class DocumentationAssets(BuildHookInterface[BuilderConfig]):
    """Adds the files that pyproject.toml lists to what is built."""

    def dependencies(self) -> list[str]:
        """Return the package that contains the files, unless the source tree contains them."""
        return [] if self._are_in_source_tree() else [self.config["source"]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; an editable installation needs them in the source tree."""
        in_place = version == "editable" or self._are_in_source_tree()
        folder = Path(self.root, FOLDER) if in_place else Path(self._temporary.name)
        if not self._are_in_source_tree():
            self._copy_to(folder)
        if version != "editable":
            destination = FOLDER if self.target_name == "sdist" else FOLDER.removeprefix("src/")
            build_data["force_include"] |= {
                str(folder / name): f"{destination}/{name}" for name in self.config["files"]
            }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the copies."""
        del version, build_data, artifact_path
        self._temporary.cleanup()

    @cached_property
    def _temporary(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory()

    def _are_in_source_tree(self) -> bool:
        folder = Path(self.root, FOLDER)
        return all(
            (folder / name).is_file() and _digest((folder / name).read_bytes()) == digest
            for name, digest in self.config["files"].items()
        )

    def _copy_to(self, folder: Path) -> None:
        name, _, _ = self.config["source"].partition("==")
        package = distribution(name)
        for file, digest in self.config["files"].items():
            content = Path(f"{package.locate_file(STATIC)}", file).read_bytes()
            if file in REPLACEMENTS:
                old, new = (text.encode() for text in REPLACEMENTS[file])
                content = content.replace(old, new)
            if _digest(content) != digest:
                message = f"{file} of {self.config['source']} has the digest {_digest(content)}."
                raise ValueError(message)
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
