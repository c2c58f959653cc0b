"""Tests that a page of the documentation names."""

import ast
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]


def is_test(name: str) -> bool:
    """Return whether a name, `path::function`, is that of a test function."""
    path, _, function = name.partition("::")
    return function.startswith("test_") and function in functions_of(path)


@cache
def functions_of(path: str) -> set[str]:
    """Return the names of the functions at the top level of a test file."""
    file = ROOT / path
    tree = ast.parse(file.read_text("utf-8") if file.is_file() else "")
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, functions)}
