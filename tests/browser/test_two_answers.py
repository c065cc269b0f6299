"""Two people change the same field of one answer: the choice between the two comes to who must make it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import RunningSite, Visitor
from tests.browser.saving import COLLEAGUE, SAVED, Answering, start, stored_answers

CODE = "D4-SKL"
SLOW_TO_SEAL = """
const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
crypto.subtle.encrypt = async (...given) => {
  await new Promise((done) => setTimeout(done, 2500));
  return encrypt(...given);
};
"""


@pytest.fixture
def colleague(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    context = browser.new_context()
    person = Visitor(context, site)
    yield person
    context.close()
    assert person.complaints == []


def both_on_one_page(visitor: Visitor, colleague: Visitor, title: str) -> tuple[Answering, Answering]:
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    # Without motion: a page still on its way to the field that is filled would go past the two answers.
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.sign_in()
    me = Answering(visitor, start(visitor, title))
    colleague.sign_in(COLLEAGUE)
    other = Answering(colleague, me.base)
    for person in (me, other):
        person.open(f"D4/{CODE}/")
    return me, other


def saves(person: Answering, column: str, words: str) -> None:
    person.text(CODE, column, words)
    person.page.locator(f"[name={column}]").blur()
    expect(person.page.locator("#save-state")).to_have_text(SAVED)
    person.wait_until_stored()


def test_two_answers_can_be_reached_from_where_one_writes(visitor: Visitor, colleague: Visitor) -> None:
    """What was said of an earlier save is gone, and the place that is written in keeps the focus."""
    me, other = both_on_one_page(visitor, colleague, "Reached")
    saves(other, "evidence_note", "theirs beside mine")
    comment, notice = me.page.get_by_label("Comment"), me.page.locator("#save-notice")
    saves(me, "comment", "mine first")
    expect(notice).to_contain_text("Your change is saved.")
    other.page.reload()
    saves(other, "comment", "theirs now")
    comment.focus()
    comment.fill("mine now")
    expect(notice).to_contain_text("Not saved, two answers: Workforce competence, Comment")
    expect(notice).not_to_contain_text("is saved")
    expect(comment).to_be_focused()
    expect(me.page.locator("#announcement")).to_have_text(re.compile("^Not saved, two answers: .*Comment"))
    both = me.page.get_by_role("group", name="Two answers")
    expect(both).not_to_be_in_viewport()
    notice.get_by_role("link", name="Show both").click()
    expect(both).to_be_in_viewport(ratio=1)
    expect(both).to_be_focused()
    both.get_by_role("button", name="Use mine").click()
    expect(me.page.locator("#save-state")).to_have_text(SAVED)
    expect(notice).to_be_empty()


def test_two_answers_come_into_view_where_nothing_is_written(visitor: Visitor, colleague: Visitor) -> None:
    me, other = both_on_one_page(visitor, colleague, "Into view")
    saves(other, "comment", "theirs")
    me.page.get_by_label("Comment").fill("mine")
    me.page.get_by_label("Comment").blur()
    both = me.page.get_by_role("group", name="Two answers")
    expect(both).to_be_in_viewport(ratio=1)
    expect(both).to_be_focused()


def test_what_was_typed_on_while_two_answers_wait_is_mine_too(visitor: Visitor, colleague: Visitor) -> None:
    me, other = both_on_one_page(visitor, colleague, "Typed on")
    saves(other, "comment", "theirs")
    me.page.get_by_label("Comment").fill("mine")
    both = me.page.get_by_role("group", name="Two answers")
    expect(both).to_be_visible()
    me.page.get_by_label("Comment").fill("mine and more")
    me.typed[CODE, "comment"] = "mine and more"
    both.get_by_role("button", name="Use mine").click()
    me.wait_until_stored()


def test_a_short_reason_is_told_as_short_and_in_words(visitor: Visitor) -> None:
    visitor.sign_in()
    me = Answering(visitor, start(visitor, "Too short"))
    me.open("D1/D1-EXT/")
    me.page.get_by_role("radio", name="Not applicable").check(force=True)
    me.page.locator("[name=reason]").fill("No CDMO")
    expect(me.page.locator("#save-state")).to_have_text("Not saved yet – reason under ten characters")
    expect(me.page.get_by_text("Choose a level first")).not_to_be_visible()
    me.page.get_by_role("link", name="Next", exact=True).click()
    me.page.wait_for_url(re.compile("D2-OWN"))
    left = me.page.locator("#save-notice")
    expect(left).to_contain_text("Give the reason in at least ten characters.")
    expect(left).not_to_contain_text("somebody else")
    expect(left).not_to_contain_text("not_applicable")
    expect(left).to_contain_text("Not applicable")
    left.get_by_role("button", name="Discard this change").click()
    expect(left).to_be_empty()
    assert stored_answers(visitor.site, me.base)["D1-EXT"]["version"] == 0


def leave(person: Answering) -> None:
    """As a hand clicks: the answer to the save, sent as the words lose the focus, comes before it is done."""
    person.page.get_by_role("link", name="Next", exact=True).click(delay=400)
    person.page.wait_for_url(lambda address: CODE not in address)


def test_leaving_two_answers_waits_until_mine_is_kept(visitor: Visitor, colleague: Visitor) -> None:
    """A browser that is slow to keep what was refused would be left before it has."""
    visitor.page.add_init_script(SLOW_TO_SEAL)
    me, other = both_on_one_page(visitor, colleague, "Slowly kept")
    saves(other, "comment", "theirs")
    me.text(CODE, "comment", "mine")
    leave(me)
    expect(me.page.locator("#save-notice")).to_contain_text("Somebody else changed it too")


def test_two_answers_that_were_left_are_told_as_two_answers(visitor: Visitor, colleague: Visitor) -> None:
    """The page with the choice was left: the next one says which of the two reasons it is."""
    me, other = both_on_one_page(visitor, colleague, "Left alone")
    saves(other, "comment", "theirs")
    me.text(CODE, "comment", "mine")  # alone: saving another text first would bring theirs to this page
    leave(me)
    left = me.page.locator("#save-notice")
    expect(left).to_contain_text("Somebody else changed it too: open it and choose one of the two answers.")
