"""PDF/UA-1 by the file itself: tags, title, language, bookmarks, fonts, links, headings with their text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from assessments.queries.sample import sample_record
from tests.integration.test_report_says_all import RECORD, SPEC, STANCES
from tests.printing import draw
from tests.records import make_record, open_record

HEADINGS = ("/H1", "/H2", "/H3")
# Which parents a part may have, of what a reader builds its lists and tables from.
PARENTS = {
    "/LI": {"/L"},
    "/LBody": {"/LI"},
    "/Lbl": {"/LI"},
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
    "/THead": {"/Table"},
    "/TBody": {"/Table"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/Caption": {"/Table", "/Figure", "/L"},
}


@dataclass(frozen=True)
class Part:
    """One element of the structure tree: its role, its parents' roles, and the page it stands on."""

    role: str
    above: tuple[str, ...]
    page: int
    element: Any


def root_of(reader: PdfReader) -> Any:
    """The catalogue; its parts are untyped."""
    return reader.trailer["/Root"]


def parts(reader: PdfReader) -> list[Part]:
    """Every element in reading order."""
    pages = {page.indirect_reference.idnum: place for place, page in enumerate(reader.pages, 1)}

    def walk(element: Any, above: tuple[str, ...]) -> Iterator[Part]:
        found = element.get_object()
        if isinstance(found, list):
            for child in found:
                yield from walk(child, above)
        elif hasattr(found, "get"):
            role = found.get("/S")
            if role:
                page = found.raw_get("/Pg") if "/Pg" in found else None
                place = pages[page.idnum] if isinstance(page, IndirectObject) else 0
                yield Part(str(role), above, place, found)
            if "/K" in found:
                yield from walk(found["/K"], (*above, str(role)) if role else above)

    return list(walk(root_of(reader)["/StructTreeRoot"], ()))


def reader_of(drawn) -> PdfReader:
    return PdfReader(io.BytesIO(drawn.content))


@pytest.fixture(scope="module")
def reports():
    """The report of a reviewed assessment on A4, of an empty draft on US Letter, and a brief."""
    empty = make_record(answers=tuple(open_record(code) for code in SPEC.questions), use_cases=())
    return {
        "reviewed": draw(RECORD, stances=STANCES),
        "empty": draw(empty, paper="letter"),
        "brief": draw(RECORD, stances=STANCES, kind="brief"),
    }


@pytest.fixture(params=["reviewed", "empty", "brief"])
def drawn(request, reports):
    return reports[request.param]


def test_it_says_what_it_is(drawn):
    reader = reader_of(drawn)
    root = root_of(reader)
    pages: list[Any] = list(reader.pages)
    assert reader.metadata is not None
    assert drawn.warnings == []
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower().startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "AI readiness of Kelderhaven" in str(reader.metadata.title)
    assert re.search(rb"pdfuaid:part[^>]*1|<pdfuaid:part[^>]*>1<", root["/Metadata"].get_data())
    assert all("/StructParents" in page and page["/Tabs"] == "/S" for page in pages)


def test_parts_stand_where_they_may(drawn):
    wrong = [
        (part.above[-1], part.role)
        for part in parts(reader_of(drawn))
        if part.role in PARENTS and part.above[-1] not in PARENTS[part.role]
    ]
    assert wrong == []


def test_every_cell_of_a_table_names_its_heads(drawn):
    found = parts(reader_of(drawn))
    heads = {str(part.element["/ID"]) for part in found if part.role == "/TH"}
    cells = [part for part in found if part.role == "/TD"]
    assert len(heads) == sum(part.role == "/TH" for part in found) > 0
    assert cells
    for part in cells:
        named = [str(name) for name in part.element["/A"].get_object().get("/Headers", [])]
        assert named, part
        assert set(named) <= heads


def test_headings_nest(drawn):
    levels = [int(part.role[2]) for part in parts(reader_of(drawn)) if part.role in HEADINGS]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_figure_has_a_text_and_every_link_a_place(drawn):
    reader = reader_of(drawn)
    found = parts(reader)
    assert all(str(part.element.get("/Alt", "")).strip() for part in found if part.role == "/Figure")
    places = reader.named_destinations
    pages: list[Any] = list(reader.pages)
    links = [
        note.get_object()
        for page in pages
        for note in page.get("/Annots", [])
        if note.get_object()["/Subtype"] == "/Link"
    ]
    lost = [str(link.get("/Dest")) for link in links if str(link.get("/Dest")) not in places]
    assert lost == []
    assert all("/StructParent" in link for link in links)


def test_every_font_is_embedded(drawn):
    names = set()
    pages: list[Any] = list(reader_of(drawn).pages)
    for page in pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for row in font.get_object().get("/DescendantFonts", [font]):
                described = row.get_object()["/FontDescriptor"].get_object()
                names.add(str(described["/FontName"]).partition("+")[2])
                assert {"/FontFile2", "/FontFile3"} & set(described), described["/FontName"]
    assert names
    assert all(name.startswith("Source-S") for name in names), names


def test_bookmarks_lead_through_every_section(reports):
    reader = reader_of(reports["reviewed"])

    def leaves(entries: Any, depth: int = 1) -> Iterator[tuple[int, Any, int | None]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from leaves(entry, depth + 1)
            else:
                yield depth, entry.title, reader.get_destination_page_number(entry)

    found = list(leaves(reader.outline))
    headings = sum(part.role in HEADINGS for part in parts(reader))
    assert len(found) == headings
    pages = [page for _, _, page in found if page is not None]
    assert len(pages) == len(found)
    assert pages == sorted(pages)
    tops = [title for depth, title, _ in found if depth == 1]
    assert len(tops) == len(set(tops))


@pytest.mark.parametrize("name", ["reviewed", "empty"])
def test_the_contents_name_every_part_by_the_name_in_its_head(reports, name):
    html = reports[name].html
    opened = re.findall(r'<section[^>]* id="([\w-]+)"[^>]*>\s*<h1[^>]* data-run="([^"]*)"', html)
    assert len(opened) == html.count("<h1") - 1, "all but the cover"
    assert opened[0][0] == "control"
    listed = re.findall(r'<li><a href="#([\w-]+)">(.*?)</a></li>', html.partition('<ol class="toc">')[2])
    assert listed == opened[1:]


def alone(found: list[Part]) -> list[tuple[int, str]]:
    """Headings with no text of their own below them on their page; heads of tables are no text."""
    lost = []
    for place, part in enumerate(found):
        if part.role not in HEADINGS:
            continue
        after = next(
            (
                row
                for row in found[place + 1 :]
                if row.role in ("/P", "/LI", "/TD", "/Figure", "/TR")
                and "/THead" not in row.above
                and not set(row.above) & set(HEADINGS)
                and row.page
            ),
            None,
        )
        if after is None or after.page != part.page:
            lost.append((part.page, part.role))
    return lost


def test_no_heading_stands_alone_at_the_foot_of_a_page(drawn):
    assert alone(parts(reader_of(drawn))) == []


def stranded(found: list[Part]) -> list[int]:
    """Pages that end with the title of a part and one paragraph, while what these open is on the next."""
    rows = [
        row
        for row in found
        if row.page
        and row.role in (*HEADINGS, "/P", "/LI", "/TR", "/Figure", "/Caption")
        and not (row.role == "/P" and set(row.above) & {"/TD", "/TH", "/LI"})
    ]
    return [
        title.page
        for title, lead, after in zip(rows, rows[1:], rows[2:], strict=False)
        if title.role == "/H1"
        and lead.role == "/P"
        and after.role != "/H1"
        and title.page == lead.page != after.page
    ]


def test_no_title_stays_behind_with_its_first_sentence_alone(drawn):
    assert stranded(parts(reader_of(drawn))) == []


def test_no_title_of_the_sample_stays_behind_with_its_first_sentence_alone():
    """The record of which the AI uses and the gaps begin where a page ends."""
    assert stranded(parts(reader_of(draw(sample_record())))) == []


def test_a_scope_of_four_thousand_characters_begins_under_its_heading():
    record = replace(sample_record(), scope="One suite, with QC.\n" * 200)
    assert alone(parts(reader_of(draw(record)))) == []


def test_the_test_finds_a_heading_that_stands_alone():
    def part(role: str, page: int, *above: str) -> Part:
        return Part(role, above, page, {})

    table = [part("/TR", 1, "/Table", "/THead"), part("/TR", 2, "/Table", "/TBody")]
    assert alone([part("/H1", 1), part("/P", 1), part("/H2", 1), *table]) == [(1, "/H2")]
    assert alone([part("/H2", 1), part("/Span", 1, "/H2"), part("/P", 1)]) == []
    title = [part("/H1", 1), part("/Span", 1, "/H1"), part("/P", 1)]
    assert stranded([*title, part("/H2", 2)]) == stranded([*title, part("/TR", 2, "/Table")]) == [1]
    assert stranded([*title, part("/H2", 1)]) == stranded([*title, part("/H1", 2)]) == []
