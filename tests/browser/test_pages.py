"""Every page in a real browser: axe finds nothing, the content policy is kept, nothing scrolls sideways."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import FILER, RunningSite, Visitor, newest_link
from tests.browser.places import SIGNED_OUT, extremes, of_files, places
from tests.browser.seeing import faults_of, findings, too_wide


def test_every_page_is_accessible_keeps_the_policy_and_fits(visitor: Visitor) -> None:
    found = faults_of(visitor, ((path, path) for path in SIGNED_OUT))
    visitor.sign_in()
    assert found + faults_of(visitor, places(visitor.site).items()) == []


def test_a_new_password_is_set_on_an_accessible_page(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/accounts/password/reset/")
    page.get_by_label("E-mail").fill("viewer@northmere.example")
    page.locator("main form button[type=submit]").click()
    page.goto(newest_link(page, visitor.site, "viewer@northmere.example", "accounts/password/reset/key"))
    expect(page.get_by_label("New password", exact=True)).to_be_visible()
    assert findings(visitor, "a new password") == []


def test_who_asks_for_less_motion_gets_none(visitor: Visitor) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((part) => {
      const style = getComputedStyle(part);
      return style.transitionDuration !== "0s" || style.animationName !== "none";
    }).length"""
    visitor.go("/")
    assert visitor.page.evaluate(moving) > 0
    visitor.page.emulate_media(reduced_motion="reduce")
    assert visitor.page.evaluate(moving) == 0


def test_what_is_refused_is_accessible_too(visitor: Visitor) -> None:
    """Forms with errors, and what is given back to who was signed out."""
    page = visitor.page
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


def test_files_of_every_kind_and_state_are_accessible_and_fit_a_phone(visitor: Visitor) -> None:
    """Ready, lost, failed, being made and waiting: in the list, and each on its own page."""
    addresses = of_files(visitor.site)
    visitor.sign_in(FILER)
    assert faults_of(visitor, addresses.items()) == []
    visitor.go(addresses["filed"])
    assert visitor.page.locator("tbody tr").count() == len(addresses) - 1


def test_the_longest_texts_and_none_at_all_fit_a_phone(browser: Browser, site: RunningSite) -> None:
    wide = []
    for owner, found in extremes(site).items():
        context = browser.new_context(viewport={"width": 360, "height": 800})
        person = Visitor(context, site)
        person.sign_in(owner)
        for name, path in found.items():
            person.go(path)
            wide += [(name, size) for _width, size in too_wide(person, [360])]
        context.close()
    assert wide == []


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
