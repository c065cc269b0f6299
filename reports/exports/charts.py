"""A chart as a file: the table behind it, the finding that is its title, a drawing that stands alone."""

from __future__ import annotations

import re
from html import unescape

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.charts.levels import area_bars, area_means
from assessments.charts.plant import plant_picture
from assessments.charts.rules import findings_of
from assessments.engine.shapes import Results
from assessments.templatetags.sentences import sentence_of
from frameworks.document.shapes import FrameworkSpec
from records.exports import Sheet, Value
from reports.document.drawing import Drawing
from reports.document.figures import Case
from reports.document.frame import Words, framed
from reports.document.keys import Key
from reports.exports.tables import gaps, levels, plan, projection, uses
from reports.exports.words import state, yes_or_no
from reports.pdf import faces_within, printable, width_of

SPARE = 1.1  # times as wide as our typeface may be what a viewer sets instead of it


def figure_table(figure: str, case: Case) -> Sheet:
    """The table behind a chart of that name."""
    spec, record, results = case.spec, case.record, case.results
    if figure in ("ladder", "radar"):
        return levels(spec, results)
    if figure == "plant":
        return ceilings(spec, results)
    if figure == "areas":
        return areas(spec, results)
    if figure == "gap_areas":
        return gap_areas(spec, results)
    if figure == "heat":
        return heat(case)
    if figure == "gantt":
        return plan(spec, record, results, case.shown.actions)
    tables = {"uses": uses, "gaps": gaps, "projection": projection}
    return tables[figure](spec, record, results)


SAYS = {  # the findings that a chart shows, the first that holds is its title
    "ladder": ("above_plant", "plant_carries", "no_plant", "nothing_answered"),
    "radar": ("above_plant", "plant_carries", "no_plant", "nothing_answered"),
    "plant": ("plant_spans", "no_plant"),
    "areas": ("lowest_area",),
    "uses": ("verdicts",),
    "gaps": ("gaps", "gaps_unknown", "targets_met", "no_targets"),
    "gap_areas": ("gaps", "gaps_unknown", "targets_met", "no_targets"),
    "gantt": ("longest_chain",),
    "projection": ("projected",),
}


HEAT_SAYS = {  # the same of the heat map, by reading
    "claimed": ("highest_answers", "nothing_answered"),
    "evidenced": ("without_evidence", "nothing_answered"),
    "validated": ("reviewed",),
}


def figure_title(figure: str, case: Case) -> str:
    """The finding that a chart shows, as a sentence; empty where none holds yet."""
    found = {row.code: row for row in findings_of(case.spec, case.record, case.results)}
    reading = case.shown.reading
    said = HEAT_SAYS[reading] if figure == "heat" else SAYS[figure]
    title = next((sentence_of(case.spec, found[code]) for code in said if code in found), "")
    if title:
        return title
    if figure == "heat" and reading == "evidenced" and "highest_answers" in found:
        return _("Every answer stands on its evidence")
    return {"heat": _("Every answer at a glance"), "areas": _("No area is scored yet")}.get(figure, "")


def heat(case: Case) -> Sheet:
    """The level of each question in the reading that is shown; no words that anybody typed."""
    level = {
        "claimed": _("Level claimed"),
        "evidenced": _("Level evidenced"),
        "validated": _("Level validated"),
    }[case.shown.reading]
    rows: list[list[Value]] = [
        [
            cell.question.code,
            cell.question.title,
            case.spec.dimension_by_code[code].name,
            yes_or_no(cell.question.gate),
            state(cell.state),
            cell.level,
        ]
        for code, _name, cells in case.heat()
        for cell in cells
    ]
    heads = [_("Code"), _("Question"), _("Dimension"), _("Gate"), _("Answer"), level]
    return Sheet(_("Heat map"), heads, rows)


def ceilings(spec: FrameworkSpec, results: Results) -> Sheet:
    """What each DPMM level lets each dimension count, across the site and on one line."""
    heads = [
        _("DPMM level"), _("Name"), _("The site"), _("Code"), _("Dimension"), _("Ceiling across the site"),
        _("Ceiling on one line"), _("Claimed"), _("Counts"),
    ]  # fmt: skip
    picture = plant_picture(spec, results)
    rows: list[list[Value]] = [
        [
            level.level,
            level.name,
            yes_or_no(is_here),
            column.dimension.code,
            column.dimension.name,
            cell.sustained,
            cell.ring_fenced,
            column.claimed,
            cell.counts,
        ]
        for level, is_here, cells in picture.rows
        for column, cell in zip(picture.columns, cells, strict=True)
    ]
    return Sheet(_("Ceilings"), heads, rows)


def areas(spec: FrameworkSpec, results: Results) -> Sheet:
    """The mean level of each area."""
    rows: list[list[Value]] = [
        [area.code, area.name, mean] for area, mean, _width in area_means(spec, results.readings.claimed)
    ]
    return Sheet(_("Areas"), [_("Code"), _("Area"), _("Mean level")], rows)


def gap_areas(spec: FrameworkSpec, results: Results) -> Sheet:
    """Weight times distance of the gaps, by the first area of each question."""
    rows: list[list[Value]] = [[name, total] for name, total, _ in area_bars(spec, results.gaps.areas)]
    return Sheet(_("Gaps by area"), [_("Area"), _("Weight times distance")], rows)


def svg_file(drawing: Drawing, key: Key, title: str, about: str) -> bytes:
    """A drawing as an SVG that stands alone: title, legend, colours and the signs of its typeface inside."""

    def say(word: str) -> str:
        return render_to_string("reports/pdf/_word.html", {"word": word, "dpmm": key.dpmm}).strip()

    def note(code: str) -> str:
        return render_to_string("assessments/_chart_note.html", {"note": code}).strip()

    whole = framed(drawing, printable(title), printable(about), key, Words(say, note, room_of))
    context = {"framed": whole, "title": printable(title)}
    draft = render_to_string("reports/figure.svg", context)
    signs = unescape(re.sub(r"<[^>]*>", " ", draft))
    return render_to_string("reports/figure.svg", {**context, "faces": faces_within(signs)}).encode()


def room_of(text: str, size: float, weight: int) -> float:
    """The room that a text takes in points, also where a viewer leaves our typeface for a wider one."""
    return width_of(text, size, weight) * SPARE
