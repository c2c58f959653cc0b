"""The arithmetic of the benchmarks."""

import pytest

from benchmarks.support.figures import median, percentile, ratio_of_rounds, significant, spread


def test_no_values_have_no_percentile() -> None:
    """A load without a single response is an error, not a figure of 0."""
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (1, 1), (50, 50), (50.5, 51), (99, 99), (100, 100)]
)
def test_percentile_is_a_measured_value(percent: float, expected: float) -> None:
    """A percentile is the smallest value that so many per cent of the values do not exceed."""
    values = [float(value) for value in range(100, 0, -1)]

    assert percentile(values, percent) == expected


def test_percentile_of_one_value_is_that_value() -> None:
    """Each percentile of a single response is its time."""
    assert [percentile([7.0], percent) for percent in (0, 50, 99)] == [7.0, 7.0, 7.0]


def test_median_ignores_one_disturbed_round() -> None:
    """One slow round of three does not change the result."""
    assert median([100.0, 3.0, 102.0]) == 100.0


@pytest.mark.parametrize(("numerators", "denominators"), [([], []), ([1.0], [1.0, 2.0])])
def test_ratio_needs_both_figures_of_each_round(
    numerators: list[float], denominators: list[float]
) -> None:
    """Figures of different rounds are never divided by each other."""
    with pytest.raises(ValueError, match="both values"):
        ratio_of_rounds(numerators, denominators)


def test_ratio_is_taken_within_each_round() -> None:
    """A machine at half speed in one round changes both figures, and so not their ratio."""
    product, bare = [50.0, 25.0, 52.0], [100.0, 50.0, 100.0]

    assert ratio_of_rounds(product, bare) == 0.5


def test_spread_is_relative_to_the_median() -> None:
    """Rates from 90 to 110 around 100 have a spread of 20 %."""
    assert spread([90.0, 100.0, 110.0]) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (0.04567, "0.0457"),
        (0.5, "0.500"),
        (1.0, "1.00"),
        (9.996, "10.0"),
        (99.96, "100"),
        (20_264.3, "20,300"),
    ],
)
def test_numbers_have_three_significant_digits(value: float, expected: str) -> None:
    """A table shows no more digits than were measured."""
    assert significant(value) == expected
