"""Counts of the waitlist as a table with bars: plain values in, positions ready for SVG out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it counts, by kind and in all, and how far its bar reaches (percent across)."""

    label: date | str
    counts: tuple[int, ...]
    total: int
    width: str


def week_bars(
    counts: Mapping[tuple[date, str], int], kinds: Sequence[str], *, last: date, weeks: int
) -> tuple[Bar, ...]:
    """A row for each of the last weeks, newest first; `counts` by (Monday, kind), `last` any day."""
    newest = last - timedelta(days=last.weekday())
    mondays = [newest - timedelta(weeks=back) for back in range(weeks)]
    return bars([(monday, [counts.get((monday, kind), 0) for kind in kinds]) for monday in mondays])


def bars(rows: Sequence[tuple[date | str, Sequence[int]]]) -> tuple[Bar, ...]:
    """Rows of counts as bars on one scale: the largest total reaches the end."""
    largest = max((sum(counts) for _label, counts in rows), default=0)
    return tuple(
        Bar(label, tuple(counts), sum(counts), f"{100 * sum(counts) / largest:.4g}%" if largest else "0%")
        for label, counts in rows
    )
