"""Each rule of tools/house_lint.py finds its violation and accepts correct code."""

import pytest

from tools.house_lint import LONGEST_FILE, breaches

API = "services/api/src/gatepost_api/x.py"
DOMAIN = "packages/domain/src/gatepost_domain/x.py"
TEST = "tests/unit/test_x.py"


@pytest.mark.parametrize(
    ("path", "source", "rule"),
    [
        (API, "class Out(msgspec.Struct):\n  a: int | None = None", "Out is output"),
        (API, "class Base(Struct): ...\nclass Out(Base):\n  a: int = 1", "Out is output"),
        (API, "@get('/', responses={})\ndef list_x(): ...", "list_x declares no summary"),
        (API, "@post('/', summary='')\nasync def make_x(): ...", "make_x declares no responses"),
        (API, "@get('/', summary='', responses={})\ndef root(): ...", "root is an operation id"),
        (DOMAIN, "at = datetime.now(UTC)", "no datetime.now()"),
        (DOMAIN, "id = uuid.uuid4()", "no uuid.uuid4()"),
        (TEST, "def test_x(): ...", "test_x has no docstring"),
        (TEST, "\n" * (LONGEST_FILE + 1), "a file has at most"),
    ],
)
def test_violation_is_reported(path: str, source: str, rule: str) -> None:
    """Every rule has a sample that violates it and no other rule."""
    (violation,) = breaches({path: source})

    assert violation.startswith(f"{path}:")
    assert rule in violation


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (API, "class In(Struct, forbid_unknown_fields=True):\n  a: int = 1"),
        (API, "class B(Struct, forbid_unknown_fields=True): ...\nclass In(B):\n  a: int = 1"),
        (API, "class Out(Struct):\n  a: int | None\n  b: ClassVar[int] = 1"),
        (API, "class Out(Struct):\n  a: int | UnsetType = UNSET"),
        (API, "@dataclass\nclass Settings:\n  port: int = 8000"),
        (API, "@get('/', summary='', responses={})\ndef list_x(): ..."),
        (API, "@get('/', include_in_schema=False)\ndef page(): ..."),
        (DOMAIN, "at = clock.now()"),
        (TEST, "def test_x():\n  'It holds.'"),
        (TEST, "def a_deployment(): ..."),
    ],
)
def test_correct_code_passes(path: str, source: str) -> None:
    """Each rule accepts correct code."""
    assert list(breaches({path: source})) == []
