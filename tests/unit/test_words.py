"""Numbers in running text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.templatetags.words import as_typed, grouped, parted, percent


@pytest.mark.parametrize(
    ("share", "words"), [((3, 4), "75"), ((2, 3), "66.7"), ((1, 1), "100"), ((1, 8), "12.5")]
)
def test_a_share_is_said_in_percent(share, words):
    assert percent(Fraction(*share)) == words


def test_thousands_stand_apart():
    assert grouped(4000) == "4,000"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("one two", "one two"),
        ("one  two   three", "one \xa0two \xa0\xa0three"),
        (" - a\n   - b\n", "\xa0- a\n\xa0\xa0\xa0- b\n"),
        ("a\tb", "a \xa0\xa0\xa0b"),
    ],
)
def test_blanks_that_lines_would_swallow_last(typed, printed):
    assert as_typed(typed) == printed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rules (MSAT-R-0207), D5-EVI.", ["MSAT-R-0207", "D5-EVI"]),
        ("EU-A22d, ISO-9001, REG-2024-11", ["EU-A22d", "ISO-9001", "REG-2024-11"]),
        ("GMP-relevant, AI-assisted, 2024-2025, pre-A-1", []),
        ('<b>D1-CAP</b> & "QA-1"', ["D1-CAP", "QA-1"]),
        (f"{'AB-' * 9}C", []),  # longer than a narrow column
    ],
)
def test_codes_stay_on_one_line_and_all_else_is_as_it_was(typed, kept):
    assert [piece for piece, is_code in parted(typed) if is_code] == kept
    assert "".join(piece for piece, _ in parted(typed)) == typed
