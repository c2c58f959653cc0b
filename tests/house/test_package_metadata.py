"""The metadata of the packages: one version, one licence, and nothing that only developers need."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from tools.set_version import MEMBERS, WORKSPACE, with_version, workspace_version

ROOT: Final = Path(__file__).resolve().parents[2]
SHARED: Final = ("authors", "classifiers", "license", "license-files", "requires-python", "version")
"""What is the same for all packages."""


def project(path: Path) -> dict[str, Any]:
    """Return the `project` table of a pyproject.toml."""
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))["project"]
    return table


def requirements_of(path: Path) -> list[str]:
    """Return everything that a package requires, also with its extras."""
    extras = project(path).get("optional-dependencies", {}).values()
    return [*project(path)["dependencies"], *(line for extra in extras for line in extra)]


@pytest.mark.parametrize("path", [WORKSPACE, *MEMBERS, ROOT / "Dockerfile"], ids=str)
def test_files_contain_the_version_of_the_workspace(path: Path) -> None:
    """`python3 dev.py version` would change nothing; it also writes what packages require."""
    text = path.read_text("utf-8")

    assert with_version(text, workspace_version()) == text
    assert with_version(text, "9.9.9") != text


@pytest.mark.parametrize("path", MEMBERS, ids=lambda path: path.parent.name)
def test_packages_of_ours_are_required_in_one_version(path: Path) -> None:
    """A release of one package is never installed with another release of a second one."""
    ours = {project(member)["name"] for member in MEMBERS}

    for requirement in requirements_of(path):
        match = re.fullmatch(r"([a-z0-9-]+)(\[[a-z]+\])?(.*)", requirement)
        if match and match[1] in ours:
            assert match[3] == f"=={workspace_version()}", requirement


def test_new_version_is_written_to_packages_and_requirements() -> None:
    """Only the versions of our packages change."""
    text = 'version = "0.1.0"\ndependencies = ["gatepost-x[y]==0.1.0", "attrs==0.1.0"]\n'

    assert with_version(text, "0.2.0rc1") == (
        'version = "0.2.0rc1"\ndependencies = ["gatepost-x[y]==0.2.0rc1", "attrs==0.1.0"]\n'
    )


@pytest.mark.parametrize("path", MEMBERS, ids=lambda path: path.parent.name)
def test_packages_share_their_metadata(path: Path) -> None:
    """All packages have the same licence, authors and classifiers, and the licence's text."""
    first, this = project(MEMBERS[0]), project(path)

    assert {key: this[key] for key in SHARED} == {key: first[key] for key in SHARED}
    assert {"description", "keywords", "readme"} <= this.keys()
    assert (path.parent / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_meta_package_installs_the_programs_of_the_others() -> None:
    """`pipx install gatepost` adds only the programs of the package that is named."""
    programs = {
        name: target
        for path in MEMBERS
        for name, target in project(path).get("scripts", {}).items()
        if project(path)["name"] != "gatepost"
    }

    assert project(ROOT / "packages/gatepost/pyproject.toml")["scripts"] == programs


def test_no_package_requires_a_tool_of_development() -> None:
    """What the packages require at run time is not what tests and checks require."""
    groups = tomllib.loads(WORKSPACE.read_text("utf-8"))["dependency-groups"]
    tools = {re.split(r"[^\w-]", line)[0] for group in ("lint", "gen") for line in groups[group]}
    required = {
        re.split(r"[^\w-]", line)[0]
        for path in MEMBERS
        for line in tomllib.loads(path.read_text("utf-8"))["project"]["dependencies"]
    }

    assert tools & required == set()
    assert {name for name in required if name.startswith(("pytest", "hypothesis"))} == set()


def test_assets_are_built_from_the_pinned_package() -> None:
    """The lock of the build requirements pins the package that pyproject.toml names."""
    pyproject = tomllib.loads((ROOT / "services/api/pyproject.toml").read_text("utf-8"))
    source = pyproject["tool"]["hatch"]["build"]["hooks"]["custom"]["source"]

    assert f"{source} \\" in (ROOT / "requirements/build.lock").read_text("utf-8").splitlines()
