"""The problem catalog describes exactly the problems that the code can respond with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from gatepost_api.http.problem_statuses_and_codes import CODE_BY_STATUS, STATUS_BY_REFUSAL
from gatepost_api.problem_catalog.problem_kind import ProblemKind
from gatepost_api.problem_catalog.problem_lookup import PROBLEMS, PROBLEMS_BY_SUBJECT

ROOT: Final = Path(__file__).resolve().parents[4]
SOURCES: Final = (
    ROOT / "packages/domain/src/gatepost_domain",
    ROOT / "packages/persistence/src/gatepost_persistence",
    ROOT / "services/api/src/gatepost_api",
)
WITHOUT_PROBLEMS: Final = ("verification", "offline", "problem_catalog")
"""Folders whose codes are those of faults in a recorded history."""

POSITION_OF_CODE: Final[Mapping[str, int]] = {
    "BadInput": 1,
    "BadTime": 1,
    "Overload": 1,
    "__init__": 1,  # of a subclass of these
    "_close_with_problem": 1,
    "_passkey_error": 0,
    "_tier_error": 1,
    "row_error": 2,
    "UnreadableFile": 0,
}
"""The position of the code in calls that pass it without its name."""
WITH_KEYWORD: Final = frozenset({"FieldError", "InputFault", "InvalidValue", "_problem_response"})
"""Calls that pass the code by its name."""
KIND_CODES: Final = {
    "NotFound": "unknown_{}",
    "require_row": "unknown_{}",
    "AlreadyExists": "{}_exists",
    "ResourceArchived": "{}_archived",
}
"""The codes of errors about a kind of resource."""
COMPUTED: Final[Mapping[str, tuple[str, ...]]] = {
    "f'{field}_in_future'": (
        "at_in_future",
        "deployed_at_in_future",
        "rolled_back_at_in_future",
    ),
    "f'{name}_not_positive'": ("ttl_not_positive", "duration_not_positive"),
    "f'{name}_too_long'": ("ttl_too_long", "duration_too_long"),
    "f'{name}_and_{name}_s'": ("ttl_and_ttl_s", "duration_and_duration_s"),
    "f'{name}_required'": (
        "service_required",
        "environment_required",
        "version_required",
        "rollback_plan_required",
        "deployed_at_required",
    ),
    "f'unknown_{kind}'": (),  # see KIND_CODES
    "f'{kind}_exists'": (),
    "f'bad_{column}'": ("bad_status", "bad_kind"),
    "f'{kind}_archived'": ("service_archived", "environment_archived"),
}
"""The values of codes that are computed from a name."""


def trees() -> Iterator[ast.Module]:
    """Return the code of the packages that respond with problems."""
    for source in SOURCES:
        for file in source.rglob("*.py"):
            if not set(file.relative_to(source).parts).intersection(WITHOUT_PROBLEMS):
                yield ast.parse(file.read_text("utf-8"))


def name_of(call: ast.Call) -> str:
    """Return the name of the function or class that is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def codes_in_call(call: ast.Call) -> Iterator[ast.expr]:
    """Return the expressions of the codes that a call passes."""
    name = name_of(call)
    position = POSITION_OF_CODE.get(name)
    if position is not None and position < len(call.args):
        yield call.args[position]
    if name in WITH_KEYWORD:
        yield from (keyword.value for keyword in call.keywords if keyword.arg == "code")


def gate_codes(call: ast.Call) -> Iterator[ast.expr]:
    """Return the codes of gates that are not open: a start that they prevent is refused."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    match name_of(call), call.args:
        case "gate", [state, code, *_]:
            pass
        case "Gate", []:
            state, code = keywords["state"], keywords["code"]
        case _:
            return
    if ast.unparse(state) in {"GateState.WAITING", "GateState.CLOSED"}:
        yield code


def assigned_codes(node: ast.AST) -> Iterator[ast.expr]:
    """Return the codes that a class or a variable has."""
    match node:
        case ast.Assign(targets=[ast.Name(id="code") | ast.Attribute(attr="code")], value=value):
            yield value
        case ast.Assign(
            targets=[ast.Tuple(elts=[ast.Name(id="code"), *_])], value=ast.Tuple(elts=[value, *_])
        ):
            yield value
        case ast.AnnAssign(
            target=ast.Name(id="UNKNOWN_PARAMETER" | "INVALID" | "OFFSET_MISSING"), value=value
        ):
            assert value is not None
            yield value
        case ast.AnnAssign(target=ast.Name(id="_COLUMN_RULES"), value=ast.Dict(values=rules)):
            for rule in rules:
                assert isinstance(rule, ast.Tuple)
                yield rule.elts[1]
        case _:
            pass


def codes_of(expression: ast.expr) -> Iterator[str]:
    """Return the values of an expression; none if it passes on a code from elsewhere."""
    match expression:
        case ast.Constant(value=str(code)) if re.fullmatch("[a-z_]+", code):
            yield code
        case ast.JoinedStr():
            yield from COMPUTED[ast.unparse(expression)]
        case _:
            pass


def kinds_in_call(call: ast.Call) -> Iterator[str]:
    """Return the codes of errors about a kind of resource that a call names."""
    pattern = KIND_CODES.get(name_of(call))
    for argument in call.args:
        if pattern is not None and isinstance(argument, ast.Constant):
            kind = str(argument.value)
            if re.fullmatch("[a-z_]+", kind):
                yield pattern.format(kind)


@cache
def used_codes() -> frozenset[str]:
    """Return the codes of all problems in the code."""
    codes = {*CODE_BY_STATUS.values(), "refused"}
    for tree in trees():
        for node in ast.walk(tree):
            expressions = list(assigned_codes(node))
            if isinstance(node, ast.Call):
                expressions += [*codes_in_call(node), *gate_codes(node)]
                codes.update(kinds_in_call(node))
            codes.update(code for expression in expressions for code in codes_of(expression))
    return frozenset(codes)


def test_every_code_that_is_used_is_described() -> None:
    """A client that gets a code finds its description."""
    assert used_codes() - PROBLEMS.keys() == set()


def test_every_described_code_is_used() -> None:
    """Nobody prepares for a problem that never occurs."""
    assert PROBLEMS.keys() - used_codes() == set()


def test_each_code_is_described_once() -> None:
    """Two descriptions could contradict each other."""
    listed = [problem.code for problems in PROBLEMS_BY_SUBJECT.values() for problem in problems]

    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("refusal", STATUS_BY_REFUSAL)
def test_described_statuses_are_those_that_are_sent(refusal: type[Exception]) -> None:
    """The page and the table of statuses agree. Some codes depend on what the refusal is about."""
    code = getattr(refusal, "code", None)

    assert not isinstance(code, str) or STATUS_BY_REFUSAL[refusal] in PROBLEMS[code].statuses


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_description_says_what_happened_and_what_to_do(problem: ProblemKind) -> None:
    """Each text is made of sentences, and encloses code in pairs of backquotes."""
    for text in (problem.meaning, problem.remedy):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")
        assert text.count("`") % 2 == 0
    assert problem.title[0].isupper()
    assert not problem.title.endswith(".")
    assert re.fullmatch("[a-z][a-z_]*", problem.code)
    assert problem.statuses
