"""What is asked of every open page: axe finds nothing in light or dark, nothing runs out of the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visitor

Finding = tuple[str, str, str]
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RULES = {"runOnly": {"type": "tag", "values": [*STANDARDS]}}
# The dark scheme changes colours alone.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDTHS = (768, 390, 360, 1440)  # the last is how the next page is opened


def findings(visitor: Visitor, name: str) -> list[Finding]:
    """(page, rule, first place) of each rule of axe that the open page breaks, in light and in dark."""
    found = broken(visitor, name, "light", RULES) + broken(visitor, f"{name}, dark", "dark", OF_COLOURS)
    visitor.page.emulate_media(color_scheme="light")
    return found


def broken(
    visitor: Visitor, name: str, scheme: Literal["light", "dark"], rules: dict[str, Any]
) -> list[Finding]:
    visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half way
    result = Axe().run(visitor.page, options=rules)
    return [(name, rule["id"], rule["nodes"][0]["html"][:160]) for rule in result.response["violations"]]


def faults_of(visitor: Visitor, pages: Iterable[tuple[str, str]]) -> list[Finding]:
    """Opens each page (name, path) once: what axe finds, and at which width it would scroll sideways."""
    found = []
    for name, path in pages:
        visitor.go(path)
        found += findings(visitor, name)
        found += [(name, "wide", f"{size} at {width}") for width, size in too_wide(visitor)]
    return found


def too_wide(visitor: Visitor, widths: Iterable[int] = WIDTHS) -> list[tuple[int, int]]:
    """(width, what the open page takes) for each width of the screen out of which the page runs."""
    found = []
    for width in widths:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        size = visitor.page.evaluate("document.documentElement.scrollWidth")
        if size > width:
            found.append((width, size))
    return found
