"""What a page tells of its saves: read out, in the bar, in what leads on, and on pages that only count."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import RunningSite, Visitor
from tests.browser.saving import SAVED, Answering, start, stored_answers, until, write


def test_a_comment_alone_is_read_out_as_saved(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Read out"))
    me.open("D1/D1-INV/")
    me.text("D1-INV", "comment", "Only words")
    me.page.get_by_label("Comment").blur()
    expect(me.page.locator("#announcement")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def test_what_lacks_its_reason_does_not_say_that_it_is_being_saved(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Without a reason"))
    me.open("D1/D1-EXT/")
    me.page.get_by_role("radio", name="Not applicable").check(force=True)
    expect(me.page.locator("#save-state")).to_have_text("Not saved yet – reason under ten characters")
    me.page.locator("[name=reason]").fill("One site makes everything.")
    me.page.locator("[name=reason]").blur()
    expect(me.page.locator("#save-state")).to_have_text(SAVED)


def test_a_key_that_is_held_does_its_deed_once(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "A held key"))
    me.open("D1/D1-INV/")
    for _ in range(4):
        me.page.keyboard.down("f")
    me.page.keyboard.up("f")
    me.typed["D1-INV", "flagged"] = True
    me.wait_until_stored()
    assert stored_answers(visitor.site, me.base)["D1-INV"]["version"] == 1


def test_the_next_unanswered_goes_on_while_rows_are_answered(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "On and on"))
    me.open("D1/")
    leads_on = me.page.get_by_role("link", name="Next unanswered")
    codes = [form.get_attribute("data-question") for form in me.page.locator("form.answer").all()]
    for code, following in zip(codes, [*codes[1:], "D2-"], strict=True):
        expect(leads_on).to_contain_text(str(code))
        me.level(str(code), 2)
        expect(leads_on).to_contain_text(str(following))


def test_a_narrow_window_keeps_the_switch_of_the_keys(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Enlarged"))
    visitor.page.set_viewport_size({"width": 900, "height": 700})
    me.open("D1/D1-INV/")
    me.page.get_by_role("button", name="Keys", exact=True).click()
    expect(me.page.get_by_role("button", name="Turn single keys off")).to_be_visible()


def test_a_page_that_counts_is_right_once_all_is_saved(visitor: Visitor, site: RunningSite) -> None:
    """An answer written without a connection goes out from home, which then counts one fewer."""
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Counted at home"))
    me.open("D1/D1-INV/")
    visitor.context.set_offline(True)
    me.level("D1-INV", 3)
    write(me, "D1-INV", "basalt")
    until(me.page, "saving.queue.entries.every((entry) => entry.isKept)")
    me.page.close()
    visitor.context.set_offline(False)
    visitor.page = visitor.context.new_page()
    visitor.go("/home/")
    work = visitor.page.locator("li", has_text="Counted at home")
    expect(work).to_contain_text(re.compile(r"\b49\b"))
    me.until_nothing_is_missing(10)
    visitor.complaints.clear()  # of the page that had no connection
