"""A review from end to end in a real browser, with script and without; its pages are accessible and fit."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    ADVISER,
    CLIENT,
    CLIENT_VIEWER,
    COLLEAGUE,
    REVIEWER,
    RunningSite,
    Visitor,
    newest_link,
)
from tests.browser.places import of_clients, reviews_of
from tests.browser.seeing import faults_of, findings


@pytest.fixture(scope="module")
def made(site: RunningSite) -> dict[str, str]:
    return reviews_of(site)


def test_every_page_of_a_review_is_accessible_and_fits(visitor: Visitor, made: dict[str, str]) -> None:
    found = []
    for person, pages in of_clients(made).items():
        visitor.context.clear_cookies()
        visitor.sign_in(person)
        found += faults_of(visitor, pages.items())
    assert found == []


def test_the_links_of_mails_open_accessible_pages(visitor: Visitor, made: dict[str, str]) -> None:
    """To join a client, and to be engaged by it: signed out, and signed in as somebody else."""
    found = []
    for email, kind in ((COLLEAGUE, "invitations"), (ADVISER, "engagements")):
        visitor.context.clear_cookies()
        visitor.page.goto(newest_link(visitor.page, visitor.site, email, kind))
        found += findings(visitor, kind)
        visitor.sign_in(CLIENT)
        visitor.page.goto(newest_link(visitor.page, visitor.site, email, kind))
        found += findings(visitor, f"{kind}, as another")
    assert found == []


def test_what_a_review_refuses_is_accessible_too(visitor: Visitor, made: dict[str, str]) -> None:
    page = visitor.page
    visitor.sign_in(REVIEWER)
    found = []
    visitor.go(f"/assessments/{made['running']}/review/answers/D3-SCL/")
    page.get_by_role("radio", name="Set another level").check(force=True)
    page.get_by_role("button", name="Record and go on").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    found += findings(visitor, "refused")
    visitor.go(f"/assessments/{made['decided']}/review/finish/")
    page.get_by_role("button", name="Finish the review").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    found += findings(visitor, "finish-refused")
    conflict(visitor, made["running"], "D5-LAW")
    found += findings(visitor, "conflict")
    post(page, f"/assessments/{made['done']}/review/answers/D1-CTX/decide/", {"decision": "accepted"})
    expect(page.get_by_role("heading", name="This was not recorded")).to_be_visible()
    found += findings(visitor, "over")
    post(page, "/assessments/00000000-0000-4000-8000-000000000000/review/finish/", {"statement": "Words"})
    expect(page.get_by_role("heading", name="Not recorded")).to_be_visible()
    found += findings(visitor, "gone")
    visitor.context.clear_cookies()
    visitor.sign_in(CLIENT)
    visitor.go(f"/assessments/{made['done']}/review/")
    page.get_by_role("radio", name="Disagree").first.check(force=True)
    page.get_by_role("button", name="Answer the change of D1-CTX").click()
    found += findings(visitor, "stance-refused")
    visitor.go(f"/assessments/{made['running']}/review/")
    page.get_by_role("button", name="Reply about D2-VAL").click()
    found += findings(visitor, "reply-refused")
    assert found == []


def post(page: Page, path: str, fields: dict[str, str]) -> None:
    """Send a form from the open page, as a page that was opened before would."""
    page.evaluate(
        """([path, fields]) => {
            const form = document.createElement('form');
            const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
            form.method = 'post'; form.action = path;
            for (const [name, value] of Object.entries({...fields, csrfmiddlewaretoken: token, revision: 1,
                                                        base_version: 0})) {
                const input = document.createElement('input');
                input.name = name; input.value = value; form.append(input);
            }
            document.body.append(form); form.submit();
        }""",
        [path, fields],
    )


def conflict(visitor: Visitor, assessment: str, code: str) -> None:
    """Open an answer twice, decide it in one way and then in the other."""
    page, path = visitor.page, f"/assessments/{assessment}/review/answers/{code}/"
    visitor.go(path)
    other = visitor.context.new_page()
    other.goto(f"{visitor.site.address}{path}")
    for tab, level in ((other, "3"), (page, "1")):
        tab.locator(f"[name=level][value='{level}']").check(force=True)
        tab.get_by_role("textbox", name="Reason").fill(f"Seen at level {level} on site.")
        tab.get_by_role("textbox", name="Where in the evidence").fill("SOP 4")
        tab.get_by_role("button", name="Record and go on").click()
    other.close()
    expect(page.get_by_role("group", name="Two decisions")).to_be_visible()


# --- From end to end ------------------------------------------------------------------------------------


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check(force=True)


def review_all(reviewer: Visitor, owner: Visitor, assessment: str, *, script: bool) -> None:
    """A reviewer accepts, sets, asks and finishes; the owner replies and answers the change."""
    page, address = reviewer.page, f"/assessments/{assessment}/review/"
    reviewer.sign_in(REVIEWER)
    reviewer.go(address)
    expect(page.get_by_role("heading", name="50 answers to review")).to_be_visible()
    reviewer.go(f"{address}answers/D1-INV/?show=all")
    choose(page, "Accept as evidenced")
    page.get_by_role("button", name="Record and go on").click()
    expect(page.get_by_role("heading", name="Electronic capture at source")).to_be_visible()
    if not script:
        choose(page, "Set another level")
    page.locator("[name=level][value='1']").check(force=True)
    expect(page.get_by_role("radio", name="Set another level")).to_be_checked()
    page.get_by_role("textbox", name="Reason").fill("Half of the critical elements are typed by hand.")
    page.get_by_role("textbox", name="Where in the evidence").fill("List of critical data elements, rev. 2")
    page.get_by_role("button", name="Record and go on").click()
    choose(page, "Ask the site first")
    page.get_by_role("textbox", name="Question to the site").fill("Which lines have it?")
    page.get_by_role("button", name="Record and go on").click()
    expect(page.get_by_text("The site is asked.")).to_be_visible()

    owner.sign_in(CLIENT)
    owner.go(address)
    owner.page.get_by_label("Your reply").fill("All three, since May.")
    owner.page.get_by_role("button", name="Reply about D1-CTX").click()
    expect(owner.page.get_by_text("The reply is sent.")).to_be_visible()

    reviewer.go(address)
    expect(page.get_by_text("The site replied to a question")).to_be_visible()
    page.get_by_role("link", name="Accept the remaining 47 answers").click()
    expect(page.get_by_text("the site replied, and you have not decided since")).to_be_visible()
    page.get_by_role("button", name="Accept these 47 answers").click()
    expect(page.get_by_text("47 answers are accepted with the rest.")).to_be_visible()
    reviewer.go(f"{address}answers/D1-CTX/?show=asked")
    expect(page.get_by_label("What the site says").get_by_text("All three, since May.")).to_be_visible()
    choose(page, "Accept as evidenced")
    page.get_by_role("button", name="Record and go on").click()
    page.get_by_role("link", name="Finish the review", exact=True).click()
    page.get_by_label("Closing statement").fill("Two days on site; capture by hand is the open point.")
    page.get_by_role("button", name="Finish the review").click()
    expect(page.get_by_role("heading", name="Tessaly Advisory changed 1 of 50 levels")).to_be_visible()

    owner.go(f"/assessments/{assessment}/")
    owner.page.get_by_role("link", name="Changed by the reviewers").click()
    choose(owner.page, "Disagree")
    owner.page.get_by_label("In your words").fill("The list was replaced in October; see rev. 3.")
    owner.page.get_by_role("button", name="Answer the change of D1-CAP").click()
    expect(owner.page.get_by_text("The site disagrees")).to_be_visible()
    owner.go(f"/assessments/{assessment}/results/")
    expect(owner.page.get_by_text("1 level changed")).to_be_visible()


def another_visitor(browser: Browser, site: RunningSite, *, script: bool) -> Visitor:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=script)
    return Visitor(context, site)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_review_from_the_first_decision_to_the_owners_answer(
    browser: Browser, site: RunningSite, made: dict[str, str], script: bool
) -> None:
    fresh = json.loads(site.manage("shell", "--no-imports", "-c", MORE).splitlines()[-1])
    reviewer, owner = (another_visitor(browser, site, script=script) for _ in range(2))
    review_all(reviewer, owner, fresh, script=script)
    assert reviewer.complaints + owner.complaints == []
    for person in (reviewer, owner):
        person.context.close()


MORE = """
import json
from accounts.models import Site, User
from tests.browser.conftest import CLIENT
from tests.browser.reviews import begin
owner = User.objects.get(email=CLIENT)
print(json.dumps(str(begin(owner, Site.objects.visible_to(owner).get(), "Another").uuid)))
"""


def test_a_decision_with_the_keyboard_alone(visitor: Visitor, made: dict[str, str]) -> None:
    page = visitor.page
    visitor.sign_in(REVIEWER)
    visitor.go(f"/assessments/{made['fresh']}/review/answers/D2-OWN/?show=all")
    page.locator("#main").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "decision":
            break
    assert page.evaluate("document.activeElement.name") == "decision"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") == "set"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "level"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Owners are known and nothing is written.")
    page.keyboard.press("Tab")
    page.keyboard.type("Charter of the data science group")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == "Record and go on":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Accountability and authority to stop")).to_be_visible()
    visitor.go(f"/assessments/{made['fresh']}/review/answers/D2-OWN/?show=all")
    expect(page.locator("[name=level][value='1']")).to_be_checked()


def test_what_a_choice_asks_for_stands_right_below_it(visitor: Visitor, made: dict[str, str]) -> None:
    page = visitor.page
    visitor.sign_in(REVIEWER)
    visitor.go(f"/assessments/{made['fresh']}/review/answers/D4-MES/?show=all")

    def gap(above: str, field: str) -> float:
        """Pixels between the end of what is chosen and the beginning of its field."""
        upper, lower = (
            page.locator(above).bounding_box(),
            page.get_by_role("textbox", name=field).bounding_box(),
        )
        assert upper is not None
        assert lower is not None
        return lower["y"] - upper["y"] - upper["height"]

    choose(page, "Ask the site first")
    assert 0 < gap(".decide .grades", "Question to the site") < 120
    for level in range(6):
        page.locator(f"[name=level][value='{level}']").check(force=True)
        assert 0 < gap(f"[data-anchor='{level}']", "Reason") < 120, level


def test_who_only_reads_is_offered_no_deed(visitor: Visitor, made: dict[str, str]) -> None:
    visitor.sign_in(CLIENT_VIEWER)
    for state in ("running", "done", "decided"):
        visitor.go(f"/assessments/{made[state]}/review/")
        assert visitor.page.locator("main form").count() == 0
