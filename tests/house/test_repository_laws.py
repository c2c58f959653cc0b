"""What this repository holds, and what it never does."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

INDEX = re.compile(r"\b(pypi|pythonhosted|npmjs|anaconda)\.(org|com)\b|-index-url\b")
MACHINE = re.compile(r"(?<![\w.}\])>*-])/(work|root|home|farm)/")
JUNK = re.compile(
    r"^(build|data|dist)/"
    r"|(^|/)(__pycache__|\.venv[^/]*|\.nox|\.[a-z_]+_cache|_vendor|node_modules|[^/]+\.egg-info)/"
    r"|(^|/)(uv\.lock|\.coverage[^/]*|[^/]+\.(pyc|db|sqlite3?|token|log))$"
)


def held() -> list[str]:
    """Each file that is committed, or would be by `git add .`, by its path from the root."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.check_output(listing, cwd=ROOT, text=True).split("\0")
    return [path for path in paths if (ROOT / path).is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern is found in what the repository holds, this file aside."""
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path in held()
        if ROOT / path != Path(__file__).resolve()
        for number, line in enumerate((ROOT / path).read_text("utf-8", "ignore").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_index() -> None:
    """Whoever installs Gatepost chooses where packages come from; the locks pin only what."""
    assert lines_with(INDEX) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    """What works here works in any clone, anywhere."""
    assert lines_with(MACHINE) == []


def test_no_generated_junk_is_held() -> None:
    """Caches, environments, builds and data folders stay on the machine that made them."""
    assert [path for path in held() if JUNK.search(path)] == []


def test_every_locked_package_is_pinned_by_hash() -> None:
    """A lock holds pins and their hashes, nothing else: what is installed is what was locked."""
    line = re.compile(r"[a-z0-9][a-z0-9.-]*==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    locked = [
        text
        for lock in (ROOT / "requirements").glob("*.lock")
        for text in lock.read_text("utf-8").splitlines()
    ]

    assert locked
    assert [text for text in locked if not line.fullmatch(text)] == []


def test_the_domain_imports_nothing_but_the_standard_library() -> None:
    """The rules run wherever Python runs."""
    allowed = sys.stdlib_module_names | {"gatepost_domain"}
    imported = {
        f"{path.name}: {name}"
        for path in (ROOT / "packages/domain/src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in names_imported(node)
        if name.partition(".")[0] not in allowed
    }

    assert imported == set()


def names_imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names in full."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
