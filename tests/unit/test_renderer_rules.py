"""The renderer's own style sheet, less the rules that would cost every element styles that no report has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.pdf import COUNTERS, NOT_OURS, breakable, source_class, weasyprint


def test_the_rules_left_out_are_those_of_notes_and_markers_alone():
    rules = weasyprint().html.UA
    left_out = [found[0].partition(" ")[0] for found in NOT_OURS.finditer(rules)]
    assert left_out == [
        "::marker",
        "::footnote-call",
        "::footnote-marker",
        "::note-call",
        "::note-marker",
        "::note-callback",
    ]
    kept = COUNTERS.sub("", NOT_OURS.sub("", rules))
    assert "\n::" not in kept
    assert "@counter-style" not in kept
    assert "h1 { bookmark-level: 1 }" in kept


def test_an_element_has_no_style_but_its_own(caplog):
    page = source_class()(string="<p>One</p><ul><li>Two</li></ul>")
    (sheet,) = page._ua_stylesheets()
    pseudo = {
        kind
        for element in page.wrapper_element.iter_subtree()
        for _, _, kind, _ in sheet.matcher.match(element)
    }
    assert pseudo == {None}
    assert page.render().pages
    assert caplog.records == []


def test_words_before_a_code_are_not_broken_after_the_first():
    page = """<style>@page {{ margin: 0; size: 400pt 100pt }} td {{ width: {width}pt; font-size: 8pt }}
    .code {{ white-space: nowrap }}</style><table><tr><td>Batch context, clocks and one site model
    <span class="code">A-D1-05</span></td></tr></table>""".replace("\n    <span", " <span")
    first = {
        next(lines_of(source_class()(string=breakable(page.format(width=width))).render().pages[0]._page_box))
        for width in range(100, 220)
    }
    assert "Batch context, clocks and one site model" in first
    assert "Batch" not in first


def lines_of(box: Any) -> Iterator[str]:
    """The text of each line of a laid-out page."""
    if type(box).__name__ == "LineBox":
        yield text_of(box).strip()
        return
    for child in getattr(box, "children", ()):
        yield from lines_of(child)


def text_of(box: Any) -> str:
    text: str = getattr(box, "text", "")
    return text or "".join(map(text_of, getattr(box, "children", ())))
