"""Names and lists of names in running text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.planning import first_day, last_day
from frameworks.document.shapes import FrameworkSpec

Values = Mapping[str, Any]
Words = Callable[[FrameworkSpec, Values], str]
NAMED = 3  # names in one sentence before "and n more"


def said(text: Promise) -> Words:
    """A sentence that needs no more than its numbers put in."""
    return lambda spec, found: str(text % found)


def name_of(spec: FrameworkSpec, kind: str, code: str) -> str:
    """The name of a part of the content: of kind dimension, question, use_case, action, area or dpmm."""
    if kind == "dpmm":
        return dpmm(spec, int(code)) if code else _("the DPMM level")
    names: dict[str, Callable[[], str]] = {
        "dimension": lambda: spec.dimension_by_code[code].short_name,
        "question": lambda: spec.questions[code].title,
        "use_case": lambda: spec.use_case_by_code[code].name,
        "action": lambda: spec.action_by_code[code].title,
        "area": lambda: next(area.name for area in spec.areas if area.code == code),
    }
    return names[kind]()


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """Names in a row: "A", "A and B", "A, B and C", "A, B, C and 2 more"."""
    if len(names) > most + 1:
        rest = len(names) - most
        more = ngettext("%(n)d more", "%(n)d more", rest) % {"n": rest}
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:most]), "last": more}
    if len(names) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return names[0] if names else ""


def dimensions(spec: FrameworkSpec, codes: Iterable[str]) -> str:
    return listed([spec.dimension_by_code[code].short_name for code in codes])


def level(spec: FrameworkSpec, number: int) -> str:
    """A level by number and name: "2 Defined"."""
    return f"{number} {spec.levels[number].name}"


def dpmm(spec: FrameworkSpec, number: int) -> str:
    """A DPMM level by number and name: "DPMM 3 Connected plant"."""
    return f"DPMM {number} {spec.dpmm.levels[number - 1].name}"


def end_of(week: int, start_on: date | None) -> str:
    """The end of a week, with its day where the plan has a start: "the end of week 6 (17 January 2027)"."""
    day = last_day(start_on, week)
    if day is None:
        return _("the end of week %(week)d") % {"week": week}
    return _("the end of week %(week)d (%(day)s)") % {"week": week, "day": formatted(day, "j F Y")}


def start_of(week: int, start_on: date | None) -> str:
    """A week counted from 1, with its first day where the plan has a start: "week 6 (11 January 2027)"."""
    day = first_day(start_on, week)
    if day is None:
        return _("week %(week)d") % {"week": week}
    return _("week %(week)d (%(day)s)") % {"week": week, "day": formatted(day, "j F Y")}


def points(number: int) -> str:
    """Points of the index as they are shown; less than half a point is no number."""
    if not number:
        return _("less than one point of the index")
    return ngettext("%(n)d point of the index", "%(n)d points of the index", number) % {"n": number}


def clauses(rows: Sequence[str], most: int = NAMED) -> str:
    """Clauses one after the other; of many the first, and how many more there are."""
    if len(rows) > most + 1:
        rest = len(rows) - most
        rows = [*rows[:most], ngettext("%(n)d more", "%(n)d more", rest) % {"n": rest}]
    return "; ".join(rows)
