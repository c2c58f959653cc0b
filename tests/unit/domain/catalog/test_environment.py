"""What services and environments may be called, and where tiers stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.catalog.environment import DEFAULT_RANKS
from gatepost_domain.catalog.service import NAME_PATTERN, validate_name
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import ValidationFailed


@pytest.mark.parametrize(
    "name",
    ["", "Shop", "-shop", "shop-", "-", "shop portal", "a.b", "shöp", "a_b", "a\n", "a" * 64, "٣"],
)
def test_a_name_that_is_no_dns_label_is_refused(name: str) -> None:
    """The refusal shows the name as it came and points at its field."""
    with pytest.raises(ValidationFailed) as refused:
        validate_name(name, field="display")

    assert refused.value.code == "bad_name"
    assert [fault.field for fault in refused.value.errors] == ["display"]
    assert repr(name) in str(refused.value)


@pytest.mark.parametrize("name", ["a", "7", "shop", "customer-portal", "a--b", "0-0", "a" * 63])
def test_a_dns_label_passes(name: str) -> None:
    """Up to 63 lower-case letters, digits and hyphens."""
    validate_name(name)


@given(st.from_regex(NAME_PATTERN, fullmatch=True).map(lambda text: text.rstrip("\n")))
def test_whatever_the_pattern_describes_passes(name: str) -> None:
    """The published pattern and the rule agree."""
    validate_name(name)


def test_tiers_stand_in_the_order_of_promotion() -> None:
    """Development, then test, then staging, then production."""
    assert sorted(Tier, key=DEFAULT_RANKS.__getitem__) == list(Tier)
