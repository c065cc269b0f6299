"""The renderer's own style sheet, less the rules that would cost every element styles that no report has."""

from __future__ import annotations

from reports.pdf import COUNTERS, NOT_OURS, source_class, weasyprint


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
