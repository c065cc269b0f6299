"""Templates escape what they show, and hold no script or style of their own (S-13)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "assessments", "bami_site", "frameworks", "records", "reports")
# Marks text as safe: what a template of ours made and the cache kept; two constant attributes of the choices
# of a row, whose every value is escaped by format_html.
MAY_MARK = {"assessments/views/kept.py", "assessments/templatetags/choices.py"}
UNESCAPED = re.compile(r"\|\s*safe(seq)?\b|\bautoescape\b")
UNSAFE = re.compile(r"\b(mark_safe|SafeString\(|format_html|html_safe|Markup\()")
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<[^>{%]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
STYLED = re.compile(r"<style\b|<[^>{%]*\sstyle\s*=", re.IGNORECASE)
ON_PAPER = "reports/pdf/"  # no browser opens it: WeasyPrint reads it, with its fetcher shut


def templates() -> dict[str, str]:
    folder = ROOT / "templates"
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.html"))}


def found_in(pages: dict[str, str], pattern: re.Pattern[str]) -> dict[str, str]:
    return {name: match[0] for name, text in pages.items() if (match := pattern.search(text))}


@pytest.mark.check("S-13")
def test_no_template_shows_text_unescaped_or_holds_a_script(figure):
    pages = templates()
    on_screen = {name: text for name, text in pages.items() if not name.startswith((ON_PAPER, "emails/"))}
    faults = found_in(pages, UNESCAPED) | found_in(pages, INLINE) | found_in(on_screen, STYLED)
    modules = {
        str(path.relative_to(ROOT)): path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")
    }
    marking = set(found_in(modules, UNSAFE))
    figure("S-13", templates=len(pages), live=len(faults) + len(marking - MAY_MARK))
    assert faults == {}
    assert marking == MAY_MARK


@pytest.mark.check("S-13")
@pytest.mark.parametrize(
    "text",
    [
        "{{ words|safe }}", "{% autoescape off %}", "<script>alert(1)</script>", '<p onclick="go()">',
        '<a href="javascript:go()">',
    ],
)  # fmt: skip
def test_the_lint_sees_what_it_is_for(text):
    assert found_in({"a": text}, UNESCAPED) or found_in({"a": text}, INLINE)
