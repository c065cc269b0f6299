"""Every page in a real browser: axe finds nothing, the content policy is kept, nothing scrolls sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import RunningSite, Visitor
from tests.browser.places import SIGNED_OUT, extremes, places

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_keeps_the_policy(visitor: Visitor, scheme: str) -> None:
    page = visitor.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    found = []
    for path in SIGNED_OUT:
        visitor.go(path)
        found += findings(visitor, path)
    visitor.sign_in()
    for name, path in places(visitor.site).items():
        visitor.go(path)
        found += findings(visitor, name)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_refused_is_accessible_too(visitor: Visitor, scheme: str) -> None:
    """Forms with errors, and what is given back to who was signed out."""
    page = visitor.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    visitor.sign_in()
    found = []
    addresses = places(visitor.site)
    for name in ("add-site", "change-site", "start", "draft-rename", "submitted-reopen", "password"):
        visitor.go(addresses[name])
        for box in page.locator("main input[type=text], main textarea").all():
            box.fill("")
        with page.expect_navigation():
            page.locator("main form").last.evaluate("form => form.submit()")
        assert page.locator("[data-error-summary]").count() == 1, name
        found += findings(visitor, name)
    visitor.go(addresses["draft-answers-D1-D1-EXT"])
    visitor.context.clear_cookies(name="sid")
    typed = "const box = form.elements.comment; box.value = 'Typed before'; form.submit()"
    page.locator("form.answer").evaluate(f"form => {{ {typed} }}")
    page.get_by_role("heading", name="You are signed out").wait_for()
    assert page.get_by_label("Comment").input_value() == "Typed before"
    found += findings(visitor, "signed-out")
    assert found == []


@pytest.mark.parametrize("width", [768, 390, 360])
def test_no_page_scrolls_sideways(visitor: Visitor, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for path in SIGNED_OUT:
        visitor.go(path)
        wide[path] = visitor.page.evaluate("document.documentElement.scrollWidth")
    visitor.sign_in()
    for name, path in places(visitor.site).items():
        visitor.go(path)
        wide[name] = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert {name: size for name, size in wide.items() if size > width} == {}


def test_the_longest_texts_and_none_at_all_fit_a_phone(browser: Browser, site: RunningSite) -> None:
    wide = {}
    for owner, found in extremes(site).items():
        context = browser.new_context(viewport={"width": 360, "height": 800})
        person = Visitor(context, site)
        person.sign_in(owner)
        for name, path in found.items():
            person.go(path)
            wide[name] = person.page.evaluate("document.documentElement.scrollWidth")
        context.close()
    assert {name: size for name, size in wide.items() if size > 360} == {}


def test_two_answers_to_one_question_fit_a_phone(visitor: Visitor) -> None:
    """The second of two open pages is told who changed what, by name, and nothing runs out of the screen."""
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    visitor.sign_in()
    address = places(visitor.site)["draft-answers-D1-D1-CTX"]
    visitor.go(address)
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    for page, words in ((other, "Theirs"), (visitor.page, "Mine")):
        page.get_by_label("Comment").fill(words)
        page.get_by_label("Comment").blur()
        page.locator(".save", has_text="aved").wait_for()
    visitor.page.get_by_role("group", name="Two answers").wait_for()
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide == 390
    visitor.page.get_by_role("button", name="Keep theirs").click()
    visitor.page.get_by_role("group", name="Two answers").wait_for(state="detached")
    assert visitor.page.get_by_label("Comment").input_value() == "Theirs"


def findings(visitor: Visitor, name: str) -> list[tuple[str, str, str]]:
    """(page, rule, first place) of each rule of axe that the open page breaks."""
    result = Axe().run(visitor.page, options=RULES)
    return [(name, rule["id"], rule["nodes"][0]["html"][:160]) for rule in result.response["violations"]]
