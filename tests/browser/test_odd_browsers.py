"""Saving in browsers that lack something: storage, the right time, a quick line, a connection they trust."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Dialog, Page, Playwright, expect

from tests.browser.conftest import PLAIN_HOST, RunningSite, Visitor, chromium
from tests.browser.saving import WAITING, Answering, held_back, start, until, write

# A browser that refuses to keep anything: each time that it is asked, or already by the name of its storage.
REFUSES_TO_OPEN = """
const refuse = () => { throw new DOMException("Nothing is kept here.", "SecurityError"); };
IDBFactory.prototype.open = refuse;
for (const name of ["getItem", "setItem", "removeItem"]) Storage.prototype[name] = refuse;
"""
REFUSES_THE_NAME = """
const refuse = () => { throw new DOMException("Nothing is kept here.", "SecurityError"); };
const names = ["indexedDB", "localStorage", "sessionStorage"];
names.forEach((name) => Object.defineProperty(window, name, {get: refuse}));
LockManager.prototype.request = async () => refuse();
window.BroadcastChannel = class { constructor() { refuse(); } };
"""
SLOW_KEYS = """
const read = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = async (...given) => {
  await new Promise((done) => setTimeout(done, 1500));
  return read(...given);
};
"""
ON_THIS_PAGE_ONLY = "What you changed is on this page only, because this browser keeps nothing here."
A_YEAR = timedelta(days=365)


@contextmanager
def without_connection(visitor: Visitor) -> Iterator[None]:
    """Nothing gets through; what the browser says of that is no complaint."""
    visitor.context.set_offline(True)
    yield
    visitor.context.set_offline(False)
    visitor.complaints[:] = [line for line in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def says_that_nothing_is_kept(me: Answering) -> None:
    """A save that fails is waited for on the page alone: it says so, and leaving asks first."""
    with without_connection(me.visitor):
        write(me, "D1-INV", "tourmaline")
        me.page.get_by_label("Comment").blur()
        expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
        expect(me.page.locator("#save-notice")).to_contain_text(ON_THIS_PAGE_ONLY)
        expect(me.page.locator("#save-notice")).not_to_contain_text("Nothing is lost")
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        me.page.on("dialog", stay)
        me.page.close(run_before_unload=True)
        me.page.wait_for_timeout(500)
        assert asked == ["beforeunload"]
    me.wait_until_stored()
    me.leave()


@pytest.mark.parametrize(
    "way", [REFUSES_TO_OPEN, REFUSES_THE_NAME], ids=["refuses to open", "refuses the name"]
)
def test_a_browser_without_storage_saves_and_says_what_it_cannot_keep(
    visitor: Visitor, site: RunningSite, way: str
) -> None:
    visitor.context.add_init_script(way)
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Nothing kept"))
    me.open("D1/D1-INV/")
    me.level("D1-INV", 3)
    me.wait_until_stored()
    says_that_nothing_is_kept(me)
    assert me.early == []


def test_what_is_answered_before_the_scripts_are_there_is_saved_once_they_are(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Early"))
    page = me.page
    with held_back(page, "**/answers.*.js"):
        page.goto(f"{visitor.site.address}{me.base}answers/D1/D1-INV/", wait_until="commit")
        page.locator("input[name=reply][value='3']").check(force=True)
        me.text("D1-INV", "comment", "Typed early")
        expect(page.locator("html")).not_to_have_class(re.compile("scripted"))
    me.typed["D1-INV", "level"] = 3
    me.wait_until_stored()
    expect(page.locator("[data-count-of$='comment']")).to_have_text("11")


def test_a_page_is_not_left_before_its_keys_are_there(visitor: Visitor) -> None:
    """Without them what is refused could not be kept, and would be lost with the page."""
    visitor.page.add_init_script(SLOW_KEYS)
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Keys on their way"))
    me.open("D1/D1-EXT/")
    me.page.get_by_role("radio", name="Not applicable").check(force=True)
    me.page.locator("[name=reason]").fill("No CDMO")
    me.page.get_by_role("link", name="Next", exact=True).click()
    me.page.wait_for_url(re.compile("D2-OWN"))
    expect(me.page.locator("#save-notice")).to_contain_text("Give the reason in at least ten characters.")


@pytest.mark.parametrize("wrong_by", [A_YEAR, -A_YEAR], ids=["a year ahead", "a year behind"])
def test_a_wrong_clock_loses_nothing_and_shows_the_right_time(
    visitor: Visitor, site: RunningSite, wrong_by: timedelta
) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "A wrong clock"))
    me.page.clock.install(time=datetime.now(UTC) + wrong_by)
    me.open("D1/D1-INV/")
    assert abs(me.page.evaluate("Date.now()") / 1000 - datetime.now(UTC).timestamp()) > 300 * 86400
    me.level("D1-INV", 2)
    me.wait_until_stored()
    shows_the_time_of_the_server(me.page)
    # Two edits of one field and one of another, in their order, when the connection is back.
    with without_connection(visitor):
        me.level("D1-INV", 4)
        me.page.locator("#save-state").filter(has_text=WAITING).wait_for()
        me.level("D1-INV", 1)
        write(me, "D1-INV", "feldspar")
    me.wait_until_stored()
    shows_the_time_of_the_server(me.page)
    me.page.clock.run_for("01:00")  # the age of the answer is written anew twice a minute
    expect(me.page.locator("time[data-ago]")).to_have_text(re.compile("just now|minutes? ago"))
    me.leave()
    assert me.early == []


def shows_the_time_of_the_server(page: Page) -> None:
    """In the browser's zone, to the minute."""
    shown = page.locator("#save-state").inner_text()
    offset = timedelta(minutes=-page.evaluate("new Date().getTimezoneOffset()"))
    now = datetime.now(UTC) + offset
    expected = {f"Saved {(now - timedelta(minutes=late)):%H:%M}" for late in range(3)}
    assert " ".join(shown.split()) in expected


def test_what_waits_under_a_wrong_clock_is_not_taken_for_old(visitor: Visitor, site: RunningSite) -> None:
    """Typed before the page knew the server's time, and sent by another page with the right clock."""
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "A wrong clock, closed"))
    me.page.clock.install(time=datetime.now(UTC) - A_YEAR)
    me.page.route("**/session/**", lambda route: route.abort())
    me.page.route("**/save/", lambda route: route.abort())
    me.open("D1/D1-INV/")
    write(me, "D1-INV", "obsidian")
    me.page.get_by_label("Comment").blur()
    me.page.wait_for_timeout(500)
    me.page.unroute("**/session/**")
    until(me.page, "saving.queue.entries.length > 0 && saving.queue.entries.every((entry) => entry.isKept)")
    me.page.close(run_before_unload=False)
    me.visitor.page = visitor.context.new_page()
    visitor.go("/home/")
    me.until_nothing_is_missing(60)
    visitor.complaints[:] = [line for line in visitor.complaints if "ERR_FAILED" not in line]


def test_over_plain_http_answers_are_saved_and_nothing_is_kept(driver: Playwright, site: RunningSite) -> None:
    """By a name that is not this machine's own a browser has no WebCrypto and no locks without https."""
    browser = driver.chromium.launch(
        executable_path=chromium(),
        args=["--no-sandbox", f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1"],
    )
    try:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        visitor = Visitor(context, site, f"http://{PLAIN_HOST}:{site.port}")
        visitor.sign_in()
        me = Answering(visitor, start(visitor, "Plain http"))
        me.open("D1/D1-INV/")
        assert me.page.evaluate("[isSecureContext, crypto.subtle === undefined]") == [False, True]
        me.level("D1-INV", 3)
        me.wait_until_stored()
        says_that_nothing_is_kept(me)
        # A header that such a connection cannot use is named by the browser each time.
        complaints = [line for line in visitor.complaints if "Cross-Origin-Opener-Policy" not in line]
        assert (me.early, complaints) == ([], [])
    finally:
        browser.close()


def test_without_a_connection_the_page_stays_and_says_so(visitor: Visitor, site: RunningSite) -> None:
    """On a phone in the plant: going on leads nowhere, so it waits until it can."""
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "In the plant"))
    me.open("D1/D1-INV/")
    here, onward = me.page.url, me.page.locator(".q-nav [data-go=next]")
    expect(me.page.locator("template[data-say=cut-off]")).to_be_attached()  # the words come with the session
    with without_connection(visitor):
        onward.click()  # nothing waits, and still there is nothing to go to
        expect(me.page.locator("#save-notice")).to_contain_text("No connection", timeout=15_000)
        me.level("D1-INV", 3)
        expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
        expect(me.page.locator("#effect-D1-INV")).to_be_hidden()  # it would speak of the answer before
        onward.click()
        me.page.wait_for_timeout(6_000)
        assert me.page.url == here
    me.wait_until_stored()
    expect(me.page.locator("#save-notice")).to_be_empty()
    expect(me.page.locator("#effect-D1-INV")).to_contain_text("Level 3 claimed")
    onward.click()
    me.page.wait_for_url(re.compile("/D1-CAP/"))
