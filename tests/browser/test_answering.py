"""Answering in a browser: keys alone, filters, words explained, what an answer changed, history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningSite, Visitor
from tests.browser.saving import held_back
from tests.browser.seeing import findings
from tests.browser.test_journey import saved


def start(visitor: Visitor, title: str) -> str:
    """A new assessment of the owner; the address of its pages."""
    page = visitor.page
    visitor.sign_in()
    visitor.go("/assessments/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Start the assessment").click()
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f-]{36}/$"))
    return page.url


def other_than(here: str) -> Callable[[str], bool]:
    """Whether an address is another page than this one."""
    return lambda url: url.split("#")[0] != here.split("#", maxsplit=1)[0]


def choose(page: Page, level: str) -> None:
    page.locator(f"input[name=reply][value='{level}']").check(force=True)


# --- Keys -------------------------------------------------------------------------------------------------


def test_two_keys_a_question_answer_all_fifty(visitor: Visitor) -> None:
    """A digit and N, from the first question to the last; nothing else is touched."""
    page = visitor.page
    address = start(visitor, "By keys alone")
    page.goto(address + "answers/D1/D1-INV/")
    seen = []
    for number in range(50):
        here = page.url
        seen.append(here)
        page.keyboard.press(str(number % 6))
        if number < 49:
            page.keyboard.press("n")
            page.wait_for_url(other_than(here))
    saved(page, True)
    assert len(set(seen)) == 50
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Every question is answered: check and submit")


def test_two_keys_a_question_answer_whole_dimensions(visitor: Visitor) -> None:
    """The same on the rows of whole dimensions, where N after the last row opens the next dimension."""
    page = visitor.page
    address = start(visitor, "By keys, in rows")
    page.goto(address + "answers/D1/")
    for dimension in range(5):
        for row in range(10):
            page.keyboard.press(str((dimension + row) % 6))
            if row < 9:
                page.keyboard.press("n")
        here = page.url
        page.keyboard.press("n")
        page.wait_for_url(other_than(here))
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Every question is answered: check and submit")


def test_the_keys_are_shown_and_can_be_turned_off_for_a_person(visitor: Visitor) -> None:
    page = visitor.page
    address = start(visitor, "Keys off and on") + "answers/D1/D1-CTX/"
    page.goto(address)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("3")  # not while the dialog is open
    expect(page.locator("input[name=reply][value='3']")).not_to_be_checked()
    with page.expect_navigation():
        dialog.get_by_role("button", name="Turn single keys off").click()
    for key in ("3", "n", "?", "f"):
        page.keyboard.press(key)
    expect(page).to_have_url(address)
    expect(page.locator("input[name=reply][value='3']")).not_to_be_checked()
    expect(dialog).not_to_be_visible()
    page.get_by_role("button", name="Keys").click()
    with page.expect_navigation():
        dialog.get_by_role("button", name="Turn single keys on").click()
    page.keyboard.press("3")
    expect(page.locator("input[name=reply][value='3']")).to_be_checked()
    page.keyboard.press("e")
    expect(page.locator("input[name=grade]").first).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_label("Comment")).to_be_focused()
    saved(page, True)


# --- What stands beside the question ----------------------------------------------------------------------


def test_what_an_answer_changed_is_shown_and_read_out(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(start(visitor, "What it changed") + "answers/D2/D2-OWN/")
    page.keyboard.press("2")
    moves = page.locator("#live-moves")
    expect(moves).to_contain_text("D2 Model governance has its first level: 2.")
    expect(page.locator("#announcement")).to_contain_text("D2 Model governance has its first level: 2.")
    page.keyboard.press("3")
    expect(moves).to_contain_text("D2 Model governance rises to 3.")
    expect(page.locator("#announcement")).to_contain_text("rises to 3")
    expect(page.locator("#k-D2")).to_contain_text("9 unanswered")
    expect(page.locator("#who-D2-OWN")).to_contain_text("Changed by you just now")


def test_an_answer_without_a_level_is_asked_for_no_evidence_grade(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(start(visitor, "No grade") + "answers/D1/D1-EXT/")
    grades = page.get_by_role("radio", name="Approved document")
    for reply, is_asked in (("Don’t know: nobody here can say", False), ("No answer yet", True)):
        page.get_by_role("radio", name=reply).check(force=True)
        expect(grades).to_have_count(1 if is_asked else 0)
    page.get_by_role("radio", name="Don’t know: nobody here can say").check(force=True)
    expect(page.locator("#effect-D1-EXT")).to_have_text(
        "Don’t know counts as level 0 until somebody can say."
    )
    page.get_by_role("radio", name="Not applicable").check(force=True)
    expect(grades).to_have_count(0)


def test_words_with_a_fixed_meaning_open_in_place(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(start(visitor, "Words") + "answers/D2/D2-MON/")
    word = page.get_by_role("button", name="model", exact=True)
    word.focus()
    page.keyboard.press("Enter")
    meaning = page.get_by_role("dialog", name="Model")
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text("Any trained, statistical, chemometric")
    box, window = meaning.bounding_box(), page.viewport_size
    assert box and window
    assert box["x"] >= 0 and box["x"] + box["width"] <= window["width"]
    page.keyboard.press("Escape")
    expect(meaning).not_to_be_visible()
    expect(word).to_be_focused()


def test_without_a_script_a_word_leads_to_the_glossary(visitor_without_script: Visitor) -> None:
    page = visitor_without_script.page
    page.goto(start(visitor_without_script, "Words, plain") + "answers/D2/D2-MON/")
    page.get_by_role("link", name="model", exact=True).click()
    page.wait_for_url(re.compile(r"/answers/rules/\?question=[\w-]+#w-1$"))
    expect(page.locator("#w-1")).to_have_text("Model")


# --- Filters, finding, leaving out ------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_gates_first_then_the_rest(visitor: Visitor, visitor_without_script: Visitor, script: bool) -> None:
    person = visitor if script else visitor_without_script
    page = person.page
    page.goto(start(person, f"Gates first, {script}") + "answers/D1/D1-INV/")
    page.get_by_text("Gates, role or gap area").click()
    page.get_by_label("Gates first: gate questions only").check()
    page.get_by_role("button", name="Show these questions").click()
    expect(page.locator("#part")).to_contain_text("0 of 19 replied")
    link = page.get_by_role("link", name="Next", exact=True)
    if script:
        link.click()
        page.wait_for_url("**/D1-CAP/?gates=yes")
        choose(page, "2")
        saved(page, script)
    else:
        choose(page, "2")
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url("**/D1-CAP/?gates=yes")
        choose(page, "2")
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/D1-CAP/?gates=yes")
    expect(page.locator("#part")).to_contain_text("1 of 19 replied")
    page.locator("#filters").get_by_role("link", name=re.compile("^Unanswered")).click()
    page.wait_for_url("**/?show=unanswered&gates=yes#contents")
    page.get_by_role("button", name="Show all questions").click()
    expect(page.locator("#part")).to_be_empty()


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_is_found_by_ones_own_words(
    visitor: Visitor, visitor_without_script: Visitor, script: bool
) -> None:
    person = visitor if script else visitor_without_script
    page = person.page
    page.goto(start(person, f"Finding, {script}") + "answers/D1/D1-CTX/")
    page.get_by_label("Comment").fill("Clocks drift at the würfel line")
    page.get_by_label("Comment").blur()
    saved(page, script)
    page.get_by_role("searchbox").fill("WÜRFEL drift")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 question contains")
    page.get_by_role("link", name="Batch context and time alignment").click()
    page.wait_for_url("**/answers/D1/D1-CTX/")


@pytest.mark.parametrize("script", [True, False])
def test_a_dimension_is_left_out_with_one_reason(
    visitor: Visitor, visitor_without_script: Visitor, script: bool
) -> None:
    person = visitor if script else visitor_without_script
    page = person.page
    page.goto(start(person, f"Left out, {script}") + "answers/D3/")
    page.get_by_role("link", name="Nothing of this dimension applies").click()
    page.get_by_role("button", name="Mark 10 questions as not applicable").click()
    expect(page.get_by_role("alert")).to_contain_text("This field is required.")
    page.get_by_label("Why none of it applies").fill("No process is moved to or from this site.")
    page.get_by_role("button", name="Mark 10 questions as not applicable").click()
    expect(page.get_by_text("10 questions of Process portability are not applicable now.")).to_be_visible()
    assert page.locator("input[value=not_applicable]:checked").count() == 10


# --- Several people ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_a_change_is_seen_in_the_history_and_taken_back(
    visitor: Visitor, visitor_without_script: Visitor, script: bool
) -> None:
    person = visitor if script else visitor_without_script
    page = person.page
    page.goto(start(person, f"Taken back, {script}") + "answers/D1/D1-CTX/")
    for level in ("2", "4"):
        choose(page, level)
        saved(page, script)
    page.get_by_role("button", name="Take back my last change").click()
    expect(page.get_by_text("Your last change is taken back.")).to_be_visible()
    expect(page.locator("input[name=reply][value='2']")).to_be_checked()
    page.get_by_text("What was changed here").click()
    if script:
        expect(page.locator(".history-latest li")).to_have_count(3)
        expect(page.locator(".history-latest")).to_contain_text("Took back an earlier change.")
    page.get_by_role("link", name="All changes of this answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Batch context and time alignment: 3 changes")
    expect(page.locator(".changes li").first).to_contain_text("4 Measured and networked")


@pytest.fixture
def colleague(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    """A respondent of the same organisation, at a browser of their own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    person = Visitor(context, site)
    person.sign_in("respondent@northmere.example")
    yield person
    context.close()
    assert person.complaints == []


def test_two_people_at_one_question_lose_nothing(visitor: Visitor, colleague: Visitor) -> None:
    """Different fields merge; of one field one value is chosen, and the history keeps both, with names."""
    mine, theirs = visitor.page, colleague.page
    address = start(visitor, "Two people") + "answers/D1/D1-CTX/"
    mine.goto(address)
    theirs.goto(address)
    theirs.get_by_label("Comment").fill("Theirs: the clock is checked weekly")
    theirs.get_by_label("Comment").blur()
    saved(theirs, True)
    mine.keyboard.press("3")
    expect(mine.get_by_text("Somebody else changed this answer meanwhile")).to_be_visible()
    expect(mine.get_by_label("Comment")).to_have_value("Theirs: the clock is checked weekly")
    theirs.keyboard.press("Escape")
    choose(theirs, "2")
    both = theirs.get_by_role("group", name="Two answers")
    expect(both).to_contain_text("Ingrid Solheim")
    expect(both).to_contain_text("3 Controlled")
    both.get_by_role("button", name="Keep 3 Controlled").click()
    expect(both).not_to_be_visible()
    saved(theirs, True)
    mine.reload()
    expect(mine.locator("input[name=reply][value='3']")).to_be_checked()
    mine.get_by_role("link", name="All changes of this answer").or_(
        mine.get_by_role("link", name="History of this answer")
    ).first.click()
    changes = mine.locator(".changes li")
    expect(changes).to_have_count(3)
    expect(changes.first).to_contain_text("This one was not chosen and is kept here")
    expect(changes.first).to_contain_text("2 Defined")
    expect(changes.first).to_contain_text("Tomas Lindqvist")
    expect(changes.nth(1)).to_contain_text("unanswered")


# --- Everybody --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1440, 360])
def test_what_opens_on_the_page_is_accessible(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(start(visitor, f"Open, {width}") + "answers/D2/D2-MON/?gates=yes&role=qa")
    choose(page, "3")
    expect(page.locator("#live-moves li").first).to_be_attached()
    saved(page, True)
    page.reload()
    choose(page, "4")
    expect(page.locator("#live-moves li").first).to_be_attached()
    page.get_by_text("Shown: Gates first, Quality assurance").click()
    page.get_by_text("What was changed here").click()
    found = findings(visitor, "answered")
    page.get_by_role("button", name="model", exact=True).click()
    found += findings(visitor, "word")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    found += findings(visitor, "keys")
    assert found == []


@pytest.mark.parametrize("width", [1440, 360])
def test_the_way_to_all_changes_is_accessible_while_the_latest_are_on_their_way(
    visitor: Visitor, width: int
) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(start(visitor, f"On their way, {width}") + "answers/D2/D2-MON/")
    choose(page, "3")
    saved(page, True)
    page.reload()
    with held_back(page, "**/history/**"):
        with page.expect_request("**/history/**"):
            page.get_by_text("What was changed here").click()
        found = findings(visitor, "on their way")
    expect(page.locator(".history-latest .changes li")).to_have_count(1)
    assert found == []
