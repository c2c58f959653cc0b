"""Check repository rules that ruff does not cover; print each violation as `path:line: rule`."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LONGEST_FILE: Final = 400
VERBS: Final = {"delete", "get", "head", "patch", "post", "put", "route"}
IMPURE: Final = {"datetime.now", "datetime.utcnow", "date.today", "uuid1", "uuid4", "uuid7"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Breaches = Iterator[tuple[int, str]]


def breaches(sources: Mapping[str, str]) -> Iterator[str]:
    """Yield every violation in these sources, which are keyed by path relative to the root."""
    trees = {path: list(ast.walk(ast.parse(text))) for path, text in sources.items()}
    api_paths = [path for path in trees if path.startswith("services/api/")]
    api_nodes = [node for path in api_paths for node in trees[path]]
    classes = {node.name: node for node in api_nodes if isinstance(node, ast.ClassDef)}
    for path, nodes in trees.items():
        if (length := sources[path].count("\n")) > LONGEST_FILE:
            yield f"{path}:{length}: a file has at most {LONGEST_FILE} lines"
        for node in nodes:
            match path.split("/"), node:
                case ["services", "api", *_], ast.ClassDef():
                    violations = defaults_of_output(node, classes)
                case ["services", "api", *_], ast.FunctionDef() | ast.AsyncFunctionDef():
                    violations = gaps_of_operation(node)
                case ["packages", "domain", *_], ast.Call():
                    violations = impure_calls(node)
                case ["tests", *_], ast.FunctionDef() | ast.AsyncFunctionDef():
                    violations = missing_test_docstring(node)
                case _:
                    continue
            yield from (f"{path}:{line}: {rule}" for line, rule in violations)


def defaults_of_output(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> Breaches:
    """Check that output structs have no defaults, except `UNSET` for fields that can be absent.

    Structs that forbid unknown fields are input.
    """
    family, names = [node], set[str]()
    for member in family:  # base classes are appended during the loop
        bases = {ast.unparse(base).rpartition(".")[2] for base in member.bases} - names
        names |= bases
        family += [classes[name] for name in bases if name in classes]
    options = {option.arg for member in family for option in member.keywords}
    if "Struct" in names and "forbid_unknown_fields" not in options:
        fields = [field for field in node.body if isinstance(field, ast.AnnAssign) and field.value]
        for field in fields:
            is_optional = field.value is not None and ast.unparse(field.value) == "UNSET"
            if not is_optional and "ClassVar" not in ast.unparse(field.annotation):
                yield field.lineno, f"{node.name} is output: its fields must not have defaults"


def gaps_of_operation(node: Function) -> Breaches:
    """Check that handlers are named verb_noun and declare a summary and responses."""
    for call in node.decorator_list:
        if not isinstance(call, ast.Call) or ast.unparse(call.func) not in VERBS:
            continue
        options = {option.arg: ast.unparse(option.value) for option in call.keywords}
        if options.get("include_in_schema") == "False":
            continue
        if "_" not in node.name.strip("_"):
            yield node.lineno, f"{node.name} is an operation id: name it verb_noun"
        for missing in sorted({"responses", "summary"} - options.keys()):
            yield node.lineno, f"{node.name} declares no {missing}"


def impure_calls(node: ast.Call) -> Breaches:
    """Check that the domain does not read the clock or create ids, because both are arguments."""
    function = ast.unparse(node.func)
    if any(f".{function}".endswith(f".{name}") for name in IMPURE):
        yield node.lineno, f"the domain takes time and ids as arguments: no {function}()"


def missing_test_docstring(node: Function) -> Breaches:
    """Check that a test states its expectation in a docstring."""
    if node.name.startswith("test_") and not ast.get_docstring(node):
        yield node.lineno, f"{node.name} has no docstring; state what the product promises"


def main() -> int:
    """Check every hand-written Python file, committed or not. Return 1 if there is a violation."""
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    generated = tuple(ruff["extend-exclude"])
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    paths = subprocess.check_output(listing, cwd=ROOT, text=True).splitlines()
    own = [path for path in paths if not path.startswith(generated) and (ROOT / path).exists()]
    violations = list(breaches({path: (ROOT / path).read_text("utf-8") for path in own}))
    sys.stdout.writelines(f"{violation}\n" for violation in violations)
    return bool(violations)


if __name__ == "__main__":
    sys.exit(main())
