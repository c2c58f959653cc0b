"""Times within sentences, and shortened versions."""

from __future__ import annotations

import pytest

from gatepost_api.console.rendering.instants import mark_instants
from gatepost_api.console.views.formatting import short_version

HASH = "0123456789abcdef0123456789abcdef01234567"


def test_instants_in_a_sentence_are_marked() -> None:
    """The browser can show them in its zone; the title keeps the time in UTC."""
    sentence = "Frozen <until> 1 May 2027, 09:30 UTC; since 30 April 2027, 09:30:15 UTC."

    assert mark_instants(sentence) == (
        'Frozen &lt;until&gt; <time datetime="2027-05-01T09:30:00+00:00"'
        ' title="1 May 2027, 09:30 UTC" data-absolute>1 May 2027, 09:30 UTC</time>; since'
        ' <time datetime="2027-04-30T09:30:15+00:00" title="30 April 2027, 09:30:15 UTC"'
        " data-absolute>30 April 2027, 09:30:15 UTC</time>."
    )


@pytest.mark.parametrize("sentence", ["", "31 April 2027, 09:30 UTC", "1 May 2027, 25:30 UTC"])
def test_what_is_no_instant_stays_text(sentence: str) -> None:
    """A date that does not exist is not marked."""
    assert mark_instants(sentence) == sentence


def test_text_in_other_letters_stays_isolated() -> None:
    """Marking times does not let the text of other people change its surroundings."""
    assert mark_instants("أحمد") == "<bdi>أحمد</bdi>"


@pytest.mark.parametrize(
    ("version", "short"),
    [
        (HASH, "0123456789"),
        (f"release-{HASH}", "release-0123456789"),
        (f"v1.2+{HASH}0123456789abcdef01234567", "v1.2+0123456789"),
        (f"a{HASH}", f"a{HASH}"),
        ("1.0.0", "1.0.0"),
    ],
)
def test_commit_hashes_at_the_end_of_versions_are_shortened(version: str, short: str) -> None:
    """Only whole hashes of 40 or 64 digits are shortened."""
    assert short_version(version) == short
