"""Rules for all files of this repository."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

INDEX = re.compile(r"\b(pypi|pythonhosted|npmjs|anaconda)\.(org|com)\b|-index-url\b")
MACHINE = re.compile(r"(?<![\w.}\])>*-])/(work|root|home|farm)/")
GENERATED = re.compile(
    r"^(build|data|dist)/"
    r"|(^|/)(__pycache__|\.venv[^/]*|\.nox|\.[a-z_]+_cache|_vendor|node_modules|[^/]+\.egg-info)/"
    r"|(^|/)(uv\.lock|\.coverage[^/]*|[^/]+\.(pyc|db|sqlite3?|token|log))$"
)


def repository_files() -> list[str]:
    """Return the path of every file that is committed, or would be by `git add .`."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.check_output(listing, cwd=ROOT, encoding="utf-8").split("\0")
    return [path for path in paths if (ROOT / path).is_file()]


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    """Return the lines in all files but this one that match the pattern."""
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path in repository_files()
        if ROOT / path != Path(__file__).resolve()
        for number, line in enumerate((ROOT / path).read_text("utf-8", "ignore").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_index() -> None:
    """Users choose the package index at installation, so no file of the repository names one."""
    assert lines_matching(INDEX) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    """No path depends on the machine, so every path works in any clone."""
    assert lines_matching(MACHINE) == []


def test_no_generated_file_is_committed() -> None:
    """Caches, environments, builds and data directories are not part of the repository."""
    assert [path for path in repository_files() if GENERATED.search(path)] == []


def test_every_locked_package_is_pinned_by_hash() -> None:
    """Lock files contain only pins with their hashes."""
    line = re.compile(r"[a-z0-9][a-z0-9.-]*==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    locked = [
        text
        for lock in (ROOT / "requirements").glob("*.lock")
        for text in lock.read_text("utf-8").splitlines()
    ]

    assert locked
    assert [text for text in locked if not line.fullmatch(text)] == []


@pytest.mark.parametrize(
    ("package", "other_modules"),
    [
        ("domain", {"gatepost_domain", "dateutil"}),
        ("contracts", {"gatepost_contracts", "gatepost_domain"}),
    ],
)
def test_pure_packages_import_little_but_the_standard_library(
    package: str, other_modules: set[str]
) -> None:
    """The contract templates need only Python to run, and the domain dateutil for recurrence."""
    allowed = sys.stdlib_module_names | other_modules
    imported = {
        f"{path.name}: {name}"
        for path in (ROOT / f"packages/{package}/src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported_modules(node)
        if name.partition(".")[0] not in allowed
    }

    assert imported == set()


def test_tests_import_no_private_names() -> None:
    """Tests use only public names, so that the internals of a module can change."""
    private = {
        f"{path.name}: {alias.name}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gatepost_")
        for alias in node.names
        if alias.name.startswith("_")
    }

    assert private == set()


def imported_modules(node: ast.AST) -> list[str]:
    """Return the full names of the modules that an import statement imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
