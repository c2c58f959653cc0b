"""The choices that were fixed before the design: languages, libraries, folders and sessions."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
MEMBERS: Final = sorted([*ROOT.glob("packages/*"), *ROOT.glob("services/*")])
NOXFILE: Final = (ROOT / "noxfile.py").read_text("utf-8")


def project(folder: Path) -> dict[str, Any]:
    """Return the `project` table of a package's `pyproject.toml`."""
    table: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def dependencies(folder: str) -> set[str]:
    """Return the names of the packages that a package of ours requires."""
    lines = project(ROOT / folder)["dependencies"]
    return {name[0] for line in lines if (name := re.match(r"[\w-]+", line))}


def session_source(name: str) -> str:
    """Return the source of a nox session."""
    for node in ast.parse(NOXFILE).body:
        if isinstance(node, ast.FunctionDef) and node.name == name and node.decorator_list:
            return ast.unparse(node)
    return ""


@pytest.mark.parametrize(
    "path",
    [
        "pyproject.toml",
        "services/api",
        "services/worker",
        "packages/domain",
        "packages/client",
        "tests",
        "docker-compose.yml",
        "noxfile.py",
    ],
)
def test_top_level_has_the_fixed_files_and_folders(path: str) -> None:
    """Every file and folder that was fixed before the design exists."""
    assert (ROOT / path).exists()


@pytest.mark.parametrize("folder", MEMBERS, ids=lambda folder: folder.name)
def test_every_package_supports_python_3_11(folder: Path) -> None:
    """No package of ours requires a newer version."""
    assert project(folder)["requires-python"] == ">=3.11"


def test_each_layer_requires_the_fixed_libraries() -> None:
    """The domain requires one library; the worker reaches the server through the client only."""
    assert dependencies("packages/domain") == {"python-dateutil"}
    assert dependencies("services/api") >= {"litestar", "msgspec", "gatepost-domain"}
    assert dependencies("packages/persistence") >= {"advanced-alchemy", "aiosqlite"}
    assert dependencies("services/worker") == {"gatepost-client", "httpx2"}


def test_no_package_requires_kubernetes_prometheus_or_jenkins() -> None:
    """Gatepost generates files for these systems and never calls them.

    `prometheus-client` only writes the text of `/metrics`.
    """
    names = {name for folder in MEMBERS for name in dependencies(f"{folder.relative_to(ROOT)}")}
    names.discard("prometheus-client")

    assert [name for name in names if re.search("kube|prometheus|jenkins|boto", name)] == []


@pytest.mark.parametrize("name", ["contract", "e2e", "proof", "terraform"])
def test_nox_session_runs_its_folder_of_tests(name: str) -> None:
    """Each session runs the folder with its name: `nox -s contract` runs tests/contract."""
    assert f"run_tests(session, 'tests/{name}'" in session_source(name)
    assert list((ROOT / "tests" / name).glob("test_*.py"))


def test_proofs_use_the_long_counts() -> None:
    """`nox -s proof` repeats the proofs more often than the whole suite does."""
    assert "'--long'" in session_source("proof")
    assert "--long" not in session_source("test")


def test_coverage_is_required() -> None:
    """The coverage session requires 100 % for the rules and 95 % for all code."""
    thresholds = re.findall(r"--fail-under=(\d+)", session_source("coverage"))

    assert thresholds == ["100", "95"]


def test_end_to_end_tests_use_the_generated_client_only() -> None:
    """End-to-end tests import no server code, so they see only what any client sees."""
    imported = {
        (file.name, module.partition(".")[0])
        for file in (ROOT / "tests/e2e").glob("*.py")
        for module in re.findall(
            r"^(?:from|import) (gatepost_[\w.]+)", file.read_text(), re.MULTILINE
        )
    }

    assert {package for _, package in imported} == {"gatepost_client"}
    assert {file for file, _ in imported} >= {
        file.name for file in (ROOT / "tests/e2e").glob("test_*.py")
    }
