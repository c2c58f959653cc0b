"""The laws of this house that ruff cannot say; each breach is printed as `path:line: law`."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LONGEST_FILE: Final = 500
VERBS: Final = {"delete", "get", "head", "patch", "post", "put", "route"}
IMPURE: Final = {"datetime.now", "datetime.utcnow", "date.today", "uuid1", "uuid4", "uuid7"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Breaches = Iterator[tuple[int, str]]


def breaches(sources: Mapping[str, str]) -> Iterator[str]:
    """Every breach in these sources, which are named by their path from the root."""
    trees = {path: list(ast.walk(ast.parse(text))) for path, text in sources.items()}
    of_api = [node for path in trees if path.startswith("services/api/") for node in trees[path]]
    classes = {node.name: node for node in of_api if isinstance(node, ast.ClassDef)}
    for path, nodes in trees.items():
        if (length := sources[path].count("\n")) > LONGEST_FILE:
            yield f"{path}:{length}: a file has at most {LONGEST_FILE} lines"
        for node in nodes:
            match path.split("/"), node:
                case ["services", "api", *_], ast.ClassDef():
                    found = defaults_of_output(node, classes)
                case ["services", "api", *_], ast.FunctionDef() | ast.AsyncFunctionDef():
                    found = gaps_of_operation(node)
                case ["packages", "domain", *_], ast.Call():
                    found = time_and_ids_taken(node)
                case ["tests", *_], ast.FunctionDef() | ast.AsyncFunctionDef():
                    found = promise_unsaid(node)
                case _:
                    continue
            yield from (f"{path}:{line}: {law}" for line, law in found)


def defaults_of_output(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> Breaches:
    """A struct is input if it forbids unknown fields, else output, whose every field is sent."""
    family, names = [node], set[str]()
    for each in family:  # grows meanwhile by the bases it meets
        met = {ast.unparse(base).rpartition(".")[2] for base in each.bases} - names
        names |= met
        family += [classes[name] for name in met if name in classes]
    options = {option.arg for each in family for option in each.keywords}
    if "Struct" in names and "forbid_unknown_fields" not in options:
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and each.value]
        for field in fields:
            if "ClassVar" not in ast.unparse(field.annotation):
                yield field.lineno, f"{node.name} is output: its fields have no defaults"


def gaps_of_operation(node: Function) -> Breaches:
    """A handler's name is its operation id; summary and responses complete the contract."""
    for call in node.decorator_list:
        if not isinstance(call, ast.Call) or ast.unparse(call.func) not in VERBS:
            continue
        said = {option.arg: ast.unparse(option.value) for option in call.keywords}
        if said.get("include_in_schema") == "False":
            continue
        if "_" not in node.name.strip("_"):
            yield node.lineno, f"{node.name} is an operation id: name it verb_noun"
        for missing in sorted({"responses", "summary"} - said.keys()):
            yield node.lineno, f"{node.name} declares no {missing}"


def time_and_ids_taken(node: ast.Call) -> Breaches:
    """Time and ids are arguments of a rule."""
    called = ast.unparse(node.func)
    if any(f".{called}".endswith(f".{name}") for name in IMPURE):
        yield node.lineno, f"the domain is given its time and ids: no {called}()"


def promise_unsaid(node: Function) -> Breaches:
    """A test's docstring is what the product promises by it."""
    if node.name.startswith("test_") and not ast.get_docstring(node):
        yield node.lineno, f"{node.name} has no docstring to say what it promises"


def main() -> int:
    """Judge every Python file written by hand, committed or not; 1 if there is a breach."""
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    generated = tuple(ruff["extend-exclude"])
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    paths = subprocess.check_output(listing, cwd=ROOT, text=True).splitlines()
    own = [path for path in paths if not path.startswith(generated) and (ROOT / path).exists()]
    found = list(breaches({path: (ROOT / path).read_text("utf-8") for path in own}))
    sys.stdout.writelines(f"{breach}\n" for breach in found)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
