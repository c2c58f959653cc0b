"""Service and environment names, and the default ranks of tiers."""

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
def test_name_that_is_not_a_dns_label_is_refused(name: str) -> None:
    """The error contains the name and its field."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_name(name, field="display")

    assert refusal.value.code == "bad_name"
    assert [fault.field for fault in refusal.value.errors] == ["display"]
    assert repr(name) in str(refusal.value)


@pytest.mark.parametrize("name", ["a", "7", "shop", "customer-portal", "a--b", "0-0", "a" * 63])
def test_dns_label_is_accepted(name: str) -> None:
    """A name may have up to 63 lower-case letters, digits and hyphens."""
    validate_name(name)


@given(st.from_regex(NAME_PATTERN, fullmatch=True).map(lambda text: text.rstrip("\n")))
def test_every_match_of_the_published_pattern_is_accepted(name: str) -> None:
    """The validation accepts every name that matches the pattern in the API contract."""
    validate_name(name)


def test_default_ranks_follow_the_order_of_promotion() -> None:
    """The order is development, test, staging, production."""
    assert sorted(Tier, key=DEFAULT_RANKS.__getitem__) == list(Tier)
