"""Each package has an order of folders for its imports, and modules have no import cycles."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]

LAYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "packages/domain/src/gatepost_domain": (
        "verification",
        ".",
        "access",
        "catalog",
        "check_runs",
        "freezes",
        "deployments/errors",
        "deployments",
        "tracking/history_files",
        "tracking",
        "ingest",
        "incidents",
        "settings_changes",
        "reports",
        "simulation",
        "webhooks",
        "notifications",
        "ports",
        "gates",
        "lifecycle",
        "audit",
        "actions/access",
        "actions/catalog",
        "actions/audit",
        "actions/deployments",
        "actions/check_runs",
        "actions/freezes",
        "actions/incidents",
        "actions/tracking",
        "actions/ingest",
        "actions/settings_changes",
        "actions/webhooks",
        "actions/notifications",
        "actions",
    ),
    "packages/contracts/src/gatepost_contracts": (".",),
    "packages/persistence/src/gatepost_persistence": (
        "statements",
        "tables",
        "mapping",
        "writes",
        "reads",
        "ledger",
        "migrations",
        "migrations/versions",
        "triggers",
        "verification",
        "sqlite",
        "postgres",
        "backup",
        ".",
    ),
    "packages/client/src/gatepost_client": (".",),
    "packages/cli/src/gatepost_cli": ("terminal", "core", "commands", "."),
    "services/api/src/gatepost_api": (
        "problem_catalog",
        "schemas",
        "settings",
        "observability",
        "signing",
        "oidc",
        "http",
        "auth",
        "events",
        "settings_changes",
        "freezes",
        "incidents",
        "people",
        "health",
        "discovery",
        "deployments",
        "tracking",
        "reports",
        "catalog",
        "catalog/services",
        "catalog/environments",
        "catalog/targets",
        "check_runs",
        "webhooks",
        "notifications",
        "compatibility",
        "ingest",
        "claims",
        "audit",
        "audit/offline",
        "evidence/offline",
        "evidence",
        "sign_in",
        "routes",
        "server/connections",
        "server/connections",
        "server",
        "server/backups",
        "lifespan",
        "demo",
        "openapi",
        "openapi/pages",
        "console/views",
        "console/rendering",
        "console/forms",
        "console/pages",
        "console",
        ".",
    ),
    "services/worker/src/gatepost_worker": (
        "foundation",
        "isolation",
        "http",
        "tasks",
        "tracing",
        "executors",
        "checks",
        "claims",
        "notifications",
        ".",
    ),
}
"""The folders of each package, from the bottom up: a file imports from its own folder or lower."""

GENERATED: Final[Mapping[str, frozenset[str]]] = {
    "gatepost_client": frozenset({"api", "models"}),
    "gatepost_api": frozenset({"_vendor"}),
}
"""Folders that are written by a generator or installed."""

ImportRepository = Mapping[Path, frozenset[Path]]


Imports = Mapping[Path, frozenset[Path]]


def modules_of(package: Path) -> list[Path]:
    """Return the hand-written modules of a package."""
    generated = GENERATED.get(package.name, frozenset())
    return [
        path
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0] not in generated
    ]


def imports_of(package: Path) -> Imports:
    """Return the package's modules that each module imports, including lazy imports."""
    modules = {dotted_name(package, path): path for path in modules_of(package)}
    return {
        path: frozenset(modules[name] for name in imported_names(path, modules)) - {path}
        for path in modules.values()
    }


def dotted_name(package: Path, path: Path) -> str:
    """Return the name by which a module is imported."""
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Return those of `modules` that a module imports.

    `from a import b` may import `a.b` or `a`.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                name = submodule if submodule in modules else node.module
                if name in modules:
                    yield name


@pytest.mark.parametrize("package", LAYERS)
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    """The imports of the modules contain no cycle."""
    try:
        TopologicalSorter(imports_of(ROOT / package)).prepare()
    except CycleError as error:
        circle = " -> ".join(str(path.relative_to(ROOT / package)) for path in error.args[1])
        pytest.fail(f"import circle: {circle}")


@pytest.mark.parametrize("package", LAYERS)
def test_imports_run_down(package: str) -> None:
    """A folder imports only folders below it, so no two folders depend on each other."""
    root, order = ROOT / package, LAYERS[package]

    def rank(path: Path) -> int:
        return order.index(path.parent.relative_to(root).as_posix())

    upwards = [
        f"{path.relative_to(root)} -> {imported.relative_to(root)}"
        for path, imports in imports_of(root).items()
        for imported in imports
        if rank(imported) > rank(path)
    ]

    assert upwards == []


@pytest.mark.parametrize("package", LAYERS)
def test_every_folder_has_its_place(package: str) -> None:
    """The order lists exactly the folders that contain modules."""
    root = ROOT / package
    folders = {path.parent.relative_to(root).as_posix() for path in modules_of(root)}

    assert folders == set(LAYERS[package])


def test_verification_rules_import_only_the_standard_library() -> None:
    """Evidence archives contain copies of these modules, which must run without our packages."""
    folder = ROOT / "packages/domain/src/gatepost_domain/verification"
    allowed = {*sys.stdlib_module_names, "gatepost_domain.verification"}

    imported = {
        (file.name, name)
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in _imported_names(node)
    }

    assert imported
    assert {
        (file, name)
        for file, name in imported
        if name.split(".")[0] not in allowed and name.rpartition(".")[0] not in allowed
    } == set()


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
