"""Counts of the waitlist as rows with bars."""

from __future__ import annotations

from datetime import date

from accounts.charts import Bar, bars, week_bars


def test_a_row_for_each_week_newest_first():
    counts = {
        (date(2026, 11, 23), "cdmo"): 2,
        (date(2026, 11, 9), "other"): 3,
        (date(2026, 11, 9), "cdmo"): 1,
        (date(2026, 10, 26), "cdmo"): 9,  # before the weeks that are shown
    }
    assert week_bars(counts, ["cdmo", "other"], last=date(2026, 11, 28), weeks=4) == (
        Bar(date(2026, 11, 23), (2, 0), 2, "50%"),
        Bar(date(2026, 11, 16), (0, 0), 0, "0%"),
        Bar(date(2026, 11, 9), (1, 3), 4, "100%"),
        Bar(date(2026, 11, 2), (0, 0), 0, "0%"),
    )


def test_a_week_begins_on_monday():
    for day in (date(2026, 11, 23), date(2026, 11, 29)):
        assert week_bars({}, [], last=day, weeks=1)[0].label == date(2026, 11, 23)


def test_one_scale_for_all_and_nothing_where_nothing_is_counted():
    assert [bar.width for bar in bars([("a", [1]), ("b", [2, 1]), ("c", [0])])] == ["33.33%", "100%", "0%"]
    assert [bar.width for bar in bars([("a", [0]), ("b", [0])])] == ["0%", "0%"]
    assert bars([]) == ()
