"""Numbers in running text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.templatetags.words import grouped, percent


@pytest.mark.parametrize(
    ("share", "words"), [((3, 4), "75"), ((2, 3), "66.7"), ((1, 1), "100"), ((1, 8), "12.5")]
)
def test_a_share_is_said_in_percent(share, words):
    assert percent(Fraction(*share)) == words


def test_thousands_stand_apart():
    assert grouped(4000) == "4,000"
