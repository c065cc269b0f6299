"""What waits to be saved is of one account: it goes out under it alone, or its person lets it go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OWNER, RunningSite, Visitor, sign_in
from tests.browser.saving import WAITING, Answering, start, stored_answers, until, write

OTHER = "owner@tallowmere.example"


def sign_in_beside(context: BrowserContext, site: RunningSite, email: str) -> Page:
    """A second tab of the same browser in which somebody signs in."""
    tab = context.new_page()
    sign_in(tab, site.address, email)
    return tab


@pytest.mark.check("R-10")
def test_what_waits_goes_out_under_its_own_account_alone(
    visitor: Visitor, site: RunningSite, figure: Callable[..., None]
) -> None:
    visitor.sign_in()
    base = start(visitor, "Expired in the midst")
    me = Answering(visitor, base)
    # The same person signs in again in another tab: what waits here goes out by itself.
    write_signed_out(me, "D1-INV", "verdigris")
    tab = sign_in_beside(visitor.context, site, OWNER)
    tab.close()
    me.page.bring_to_front()
    me.wait_until_stored()
    # Somebody else does: nothing of it is shown, sent or kept.
    kept = dict(me.typed)
    write_signed_out(me, "D1-GEN", "porphyry")
    posted: list[str] = []
    visitor.context.on("request", lambda request: posted.append(request.post_data or ""))
    tab = sign_in_beside(visitor.context, site, OTHER)
    heading = me.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("This page does not exist", timeout=30_000)
    me.page.wait_for_load_state()  # nobody goes elsewhere while it loads itself anew
    for path in ("/home/", "/assessments/", f"{base}answers/D1/D1-GEN/"):
        for page in (tab, me.page):
            page.goto(f"{site.address}{path}")
            assert "porphyry" not in page.content(), path
    until(tab, "saving.vault.rows().then((rows) => rows.length === 0)")
    sent_by_other = [body for body in posted if "porphyry" in body]
    # And back: what was the other's to remove is gone, what was saved stands.
    visitor.context.clear_cookies()
    visitor.sign_in()
    me.page.wait_for_timeout(2000)
    stored = stored_answers(site, base)
    lost = [place for place, value in kept.items() if stored[place[0]][place[1]] != value]
    strayed = [row["question_code"] for row in stored.values() if "porphyry" in row["comment"]]
    figure(
        "R-10", edits=len(me.typed), lost=len(lost), sent_by_other=len(sent_by_other), strayed=len(strayed)
    )
    assert (lost, sent_by_other, strayed) == ([], [], [])


def write_signed_out(me: Answering, code: str, word: str) -> None:
    me.open(f"{code[:2]}/{code}/")
    me.visitor.context.clear_cookies()
    write(me, code, word)
    me.page.get_by_label("Comment").blur()
    expect(me.page.get_by_role("button", name="Sign in again")).to_be_visible(timeout=15_000)


def test_signing_out_asks_before_it_loses_anything(visitor: Visitor, site: RunningSite) -> None:
    visitor.sign_in()
    base = start(visitor, "Signing out")
    me = Answering(visitor, base)
    me.open("D1/D1-INV/")
    me.page.route("**/save/", lambda route: route.fulfill(status=503, headers={"Retry-After": "60"}))
    write(me, "D1-INV", "saltpetre")
    me.page.get_by_label("Comment").blur()
    expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
    sign_out(me.page)
    dialog = me.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sign out and lose 1 unsaved change?", timeout=20_000)
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(me.page.get_by_label("Comment")).to_have_value("saltpetre comment")
    me.page.unroute("**/save/")
    sign_out(me.page)  # the service is back: sends first, and then signs out
    me.page.wait_for_url(f"{site.address}/", timeout=20_000)
    assert me.missing() == []
    visitor.complaints[:] = [line for line in visitor.complaints if "503" not in line]


def sign_out(page: Page) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
