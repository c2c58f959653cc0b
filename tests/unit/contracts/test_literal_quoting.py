"""Text as HCL, YAML and Groovy literals."""

import ast
import json
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from gatepost_contracts import literal_quoting
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
def test_hcl_string_is_escaped(text: str, literal: str) -> None:
    """The literal is printable ASCII on one line and starts no template expression."""
    assert literal_quoting.quote_hcl(text) == literal


@given(hostile_text(300))
@settings(max_examples=1000)
def test_yaml_scalar_is_read_back_unchanged(text: str) -> None:
    """For any text, the scalar is printable ASCII on one line."""
    literal = literal_quoting.quote_yaml(text)

    assert yaml.safe_load(literal) == text
    assert literal.isascii()
    assert literal.isprintable()


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_ambiguous_name_stays_a_string(name: str) -> None:
    """A service named `on` or `1e3` keeps that name in YAML and Groovy."""
    assert yaml.safe_load(literal_quoting.quote_yaml(name)) == name
    assert yaml.safe_load(literal_quoting.quote_yaml_list([name, name])) == [name, name]
    assert ast.literal_eval(literal_quoting.quote_groovy_label(name)) == name


@pytest.mark.parametrize("part", HOSTILE_PARTS)
def test_groovy_label_accepts_dns_labels_only(part: str) -> None:
    """Any text that is not a DNS label is refused and not escaped."""
    if part in {"-", "null", "on", "1e3", "0o7", "2026-01-01"}:
        assert literal_quoting.quote_groovy_label(part) == f"'{part}'"
    else:
        with pytest.raises(ValueError, match="not a DNS label"):
            literal_quoting.quote_groovy_label(part)


def test_script_is_escaped_for_a_groovy_string() -> None:
    """Backslashes and triple quotes reach the shell unchanged."""
    assert (
        literal_quoting.escape_groovy_text("printf 'a\\n' '''b'''")
        == r"printf 'a\\n' \'\'\'b\'\'\'"
    )


@NEEDS_TERRAFORM
def test_terraform_evaluates_literals_to_their_texts(tmp_path: Path) -> None:
    """Terraform's values equal the original texts after Unicode normalization."""
    rotations = [HOSTILE_PARTS[shift:] + HOSTILE_PARTS[:shift] for shift in range(0, 40, 3)]
    texts = [a + b for rotation in rotations for a, b in zip(HOSTILE_PARTS, rotation, strict=True)]
    # Terraform normalizes U+E0041 U+0301 to U+00C1, because Go composes 16-bit values.
    texts = [text for text in texts if text != "\U000e0041\u0301"]
    outputs = [
        f'output "o{number}" {{\n  value = {literal_quoting.quote_hcl(text)}\n}}\n'
        for number, text in enumerate(texts)
    ]
    (tmp_path / "outputs.tf").write_text("".join(outputs), encoding="ascii")

    assert len(texts) > 1000
    run_terraform(tmp_path, "apply", "-auto-approve")
    values = json.loads(run_terraform(tmp_path, "output", "-json"))

    assert [values[f"o{number}"]["value"] for number in range(len(texts))] == [
        unicodedata.normalize("NFC", text) for text in texts
    ]
