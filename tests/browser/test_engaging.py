"""An owner invites a respondent and engages a consultancy; both come by mail, with script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import RunningSite, Visitor, newest_link

OWNER, CONSULTANT = "owner@tallowmere.example", "second@tessaly.example"
PHRASE = "quiet kelp forests in spring"


def person(browser: Browser, site: RunningSite, *, script: bool) -> Visitor:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=script)
    return Visitor(context, site)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_two_mails_to_an_answer_and_a_look_at_it(
    browser: Browser, site: RunningSite, script: bool
) -> None:
    colleague = f"ada.{'script' if script else 'plain'}@tallowmere.example"
    owner, respondent, consultant = (person(browser, site, script=script) for _ in range(3))
    page = owner.page
    owner.sign_in(OWNER)
    page.get_by_role("link", name="Members of Tallowmere Contract Manufacturing").click()
    page.get_by_label("Work e-mail").fill(colleague)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"{colleague} is invited.")).to_be_visible()
    page.get_by_role("navigation", name="Organisation").get_by_role("link", name="Engagements").first.click()
    page.get_by_role("link", name="Engage a consultancy").first.click()
    page.get_by_label("Work e-mail of each consultant").fill(CONSULTANT)
    page.get_by_label("To read").check()
    page.get_by_label("Last day").fill("2031-12-31")
    page.get_by_role("button", name="Send the links").click()
    expect(page.get_by_text("The links are on their way.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nobody has accepted yet")).to_be_visible()

    respondent.page.goto(newest_link(respondent.page, site, colleague, "invitations"))
    respondent.page.get_by_label("Your name").fill("Ada Byron")
    respondent.page.get_by_label("Password", exact=True).fill(PHRASE)
    respondent.page.get_by_label("Password again").fill(PHRASE)
    respondent.page.get_by_role("button", name="Make the account and join").click()
    expect(respondent.page.get_by_text("You have joined Tallowmere")).to_be_visible()
    respondent.page.get_by_role("link", name=re.compile("Before the client audit")).click()
    expect(respondent.page.get_by_role("heading", level=1)).to_contain_text("answers to go")
    expect(respondent.page.get_by_role("link", name="Rename")).to_have_count(0)

    consultant.sign_in(CONSULTANT)
    link = newest_link(consultant.page, site, CONSULTANT, "engagements")
    consultant.page.goto(link)
    expect(consultant.page.get_by_text("You accept as a member of Tessaly Advisory.")).to_be_visible()
    consultant.page.get_by_role("button", name="Accept the engagement").click()
    expect(consultant.page.get_by_text("has engaged you.")).to_be_visible()
    consultant.page.get_by_role("link", name="Tallowmere Contract Manufacturing").first.click()
    band = consultant.page.get_by_role("region", name="Client")
    expect(band).to_contain_text("You read for them until 31 December 2031")
    here = consultant.page.url

    page.reload()
    page.get_by_role("link", name="End it").first.click()
    page.get_by_role("button", name="End the engagement").click()
    expect(page.get_by_text("The engagement has ended.")).to_be_visible()
    consultant.page.goto(here)
    expect(consultant.page.get_by_role("heading", level=1)).to_have_text(
        "This page does not exist, or is not yours to see"
    )
    complaints = [line for one in (owner, respondent, consultant) for line in one.complaints]
    for one in (owner, respondent, consultant):
        one.context.close()
    assert complaints == []
