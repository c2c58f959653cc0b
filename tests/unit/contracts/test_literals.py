"""Text as a literal of each language."""

import ast
import json
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from gatepost_contracts import literals
from tests.support.contracts import (
    AMBIGUOUS_NAMES,
    HOSTILE_PARTS,
    NEEDS_TERRAFORM,
    hostile_text,
    run_terraform,
)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("core-platform", '"core-platform"'),
        ('say "hi"', r'"say \"hi\""'),
        ("C:\\u0041", r'"C:\\u0041"'),
        ("a\nb\tc\rd\0", r'"a\nb\tc\rd\u0000"'),
        ("é\u202e😀", r'"\u00e9\u202e\U0001f600"'),
        ("${x} %{x} $x", r'"\u0024{x} \u0025{x} $x"'),
        ("$${x} $$${", r'"$\u0024{x} $$\u0024{"'),
    ],
)
def test_a_terraform_string_says_its_text(text: str, literal: str) -> None:
    """Printable ASCII on one line, in which no template begins."""
    assert literals.quote_hcl(text) == literal


@given(hostile_text(300))
@settings(max_examples=1000)
def test_a_yaml_scalar_reads_back_as_its_text(text: str) -> None:
    """Whatever the text, it is a text of one line, and the same one."""
    literal = literals.quote_yaml(text)

    assert yaml.safe_load(literal) == text
    assert literal.isascii()
    assert literal.isprintable()


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_a_name_is_never_taken_for_another_kind(name: str) -> None:
    """A service may be called on or 1e3; it stays a name in every language."""
    assert yaml.safe_load(literals.quote_yaml(name)) == name
    assert yaml.safe_load(literals.quote_yaml_list([name, name])) == [name, name]
    assert ast.literal_eval(literals.quote_groovy_label(name)) == name


@pytest.mark.parametrize("part", HOSTILE_PARTS)
def test_no_free_text_becomes_a_name_of_groovy(part: str) -> None:
    """What is no DNS label is refused, not escaped, unless it happens to be one."""
    if part in {"-", "null", "on", "1e3", "0o7", "2026-01-01"}:
        assert literals.quote_groovy_label(part) == f"'{part}'"
    else:
        with pytest.raises(ValueError, match="not a DNS label"):
            literals.quote_groovy_label(part)


def test_a_script_stays_inside_its_groovy_string() -> None:
    """Backslashes and triple quotes arrive in the shell as they were written."""
    assert literals.escape_groovy_text("printf 'a\\n' '''b'''") == r"printf 'a\\n' \'\'\'b\'\'\'"


@NEEDS_TERRAFORM
def test_terraform_itself_reads_every_hostile_text_back(tmp_path: Path) -> None:
    """Terraform evaluates the literals to the texts they were made from, normalised as it does."""
    turns = [HOSTILE_PARTS[turn:] + HOSTILE_PARTS[:turn] for turn in range(0, 40, 3)]
    texts = [a + b for turn in turns for a, b in zip(HOSTILE_PARTS, turn, strict=True)]
    # Terraform's own normalisation takes U+E0041 U+0301 for U+00C1: Go composes by 16 bits.
    texts = [text for text in texts if text != "\U000e0041\u0301"]
    outputs = [
        f'output "o{number}" {{\n  value = {literals.quote_hcl(text)}\n}}\n'
        for number, text in enumerate(texts)
    ]
    (tmp_path / "outputs.tf").write_text("".join(outputs), encoding="ascii")

    assert len(texts) > 1000
    run_terraform(tmp_path, "apply", "-auto-approve")
    read = json.loads(run_terraform(tmp_path, "output", "-json"))

    assert [read[f"o{number}"]["value"] for number in range(len(texts))] == [
        unicodedata.normalize("NFC", text) for text in texts
    ]
