"""The visitor's door in a real browser: weight, policy, axe, phones, from the landing page to an account."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PROGRAMME_ADMIN, RunningSite, Visitor, newest_link
from tests.browser.places import programme
from tests.browser.seeing import faults_of, findings
from tests.browser.test_journey import saved

HEAVIEST = 150_000  # bytes that the landing page may take over the wire, all in all
PHRASE = "quiet kelp forests in spring"


def test_the_landing_page_is_light_and_asks_no_other_host(visitor: Visitor) -> None:
    """Everything that it loads, heads included, as the browser counts it."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    hosts, weights = set(), []
    session.on("Network.requestWillBeSent", lambda sent: hosts.add(urlsplit(sent["request"]["url"]).netloc))
    session.on("Network.loadingFinished", lambda done: weights.append(done["encodedDataLength"]))
    visitor.page.goto(f"{visitor.site.address}/", wait_until="networkidle")
    print(f"landing page: {sum(weights)} bytes in {len(weights)} answers")
    assert hosts - {""} == {f"localhost:{visitor.site.port}"}
    assert 10_000 < sum(weights) <= HEAVIEST
    assert visitor.context.cookies() == []


def test_the_doors_pages_are_accessible_and_fit(visitor: Visitor) -> None:
    visitor.sign_in(PROGRAMME_ADMIN)
    found = faults_of(visitor, programme(visitor.site).items())
    visitor.go("/programme/waitlist/?state=nonsense")
    found += findings(visitor, "a filter that makes no sense")
    visitor.go(programme(visitor.site)["programme-invite"])
    visitor.page.get_by_label("Name of the new organisation").fill("")
    visitor.page.get_by_role("button", name="Send 1 invitation").click()
    found += findings(visitor, "an invitation that is refused")
    assert found == []


def test_a_refused_form_and_open_parts_are_accessible(visitor: Visitor) -> None:
    visitor.go("/waitlist/")
    visitor.page.get_by_role("button", name="Join the waitlist").click()
    expect(visitor.page.locator("[data-error-summary]")).to_be_focused()
    found = findings(visitor, "the form with every fault")
    for path in ("/framework/dimensions/D2/", "/framework/crosswalk/", "/framework/use-cases/"):
        visitor.go(path)
        visitor.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        found += findings(visitor, f"{path} opened")
    assert found == []


def test_the_menu_of_a_phone_leads_on(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    visitor.go("/")
    menu = visitor.page.get_by_role("navigation", name="Main, as a menu")
    expect(menu).to_be_hidden()
    visitor.page.locator("summary", has_text="Menu").click()
    menu.get_by_role("link", name="Use cases").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("What 19 uses of AI need")


def journey(visitor: Visitor, browser: Browser, email: str, *, script: bool) -> None:
    """From the landing page to the first answer, with a programme admin in a window of their own."""
    page = visitor.page
    visitor.go("/")
    page.get_by_role("link", name="Read a sample report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Level 1 Isolated")
    page.get_by_role("link", name="Join the waitlist").first.click()
    join(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    page.goto(newest_link(page, visitor.site, email, "confirm"))
    assert urlsplit(page.url).path == "/waitlist/confirm/"
    expect(page.get_by_text("Quayside Biologics")).to_be_visible()
    assert not script or findings(visitor, "the link to confirm") == []
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on the waitlist")
    invite(browser, visitor.site, email)
    page.goto(newest_link(page, visitor.site, email, "invitations"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Quayside Biologics")
    assert not script or findings(visitor, "the link of an invitation") == []
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("Password again").fill(PHRASE)
    page.get_by_role("button", name="Make the account and join").click()
    expect(page.get_by_text("You have joined Quayside Biologics.")).to_be_visible()
    answer_first_question(visitor, script=script)


def answer_first_question(visitor: Visitor, *, script: bool) -> None:
    """A site, an assessment of it, and the first answer; every page leads to the next."""
    page = visitor.page
    visitor.go("/assessments/new/")
    page.get_by_role("link", name="Add a site").click()
    page.get_by_label("Name").fill("Quay Works")
    page.get_by_role("button", name="Add the site").click()
    expect(page.get_by_label("Site")).to_contain_text("Quay Works")
    page.get_by_label("Title").fill("First look")
    page.get_by_role("button", name="Start the assessment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("50 answers to go before you submit")
    page.get_by_role("navigation", name="Assessment").get_by_role("link", name="Answers").first.click()
    page.locator("input[name=reply][value='2']").first.check(force=True)
    saved(page, script)


def join(page: Page, email: str) -> None:
    page.get_by_label("Name", exact=True).fill("Ada Byron")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Organisation", exact=True).fill("Quayside Biologics")
    page.get_by_label("What kind of organisation is it?").select_option("Manufacturer")
    page.get_by_label("Your role").select_option("Quality")
    page.get_by_label("Country").select_option("Denmark")
    page.get_by_label("Early access for one of our sites").check()
    page.get_by_label("I agree that the operator").check()
    page.get_by_role("button", name="Join the waitlist").click()


def invite(browser: Browser, site: RunningSite, email: str) -> None:
    """The programme admin finds the entry, confirms its kind and sends the invitation."""
    context = browser.new_context()
    admin = Visitor(context, site)
    admin.sign_in(PROGRAMME_ADMIN)
    admin.go("/programme/waitlist/")
    admin.page.get_by_label("Search").fill(email)
    admin.page.get_by_role("button", name="Show", exact=True).click()
    admin.page.get_by_label("Choose Ada Byron").check()
    admin.page.get_by_role("button", name="Invite the chosen entries").click()
    admin.page.get_by_role("button", name="Send 1 invitation").click()
    expect(admin.page.get_by_text("Ada Byron is invited.")).to_be_visible()
    assert admin.complaints == []
    context.close()


def test_from_the_landing_page_to_the_first_answer(visitor: Visitor, browser: Browser) -> None:
    journey(visitor, browser, "ada.script@quayside.example", script=True)


def test_the_same_without_script(visitor_without_script: Visitor, browser: Browser) -> None:
    journey(visitor_without_script, browser, "ada.plain@quayside.example", script=False)


def test_leaving_takes_a_click_and_says_that_all_is_erased(visitor: Visitor) -> None:
    page, email = visitor.page, "leaver@quayside.example"
    visitor.go("/waitlist/")
    join(page, email)
    link = newest_link(page, visitor.site, email, "leave")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Leave the waitlist?")
    assert findings(visitor, "the link to leave") == []
    page.get_by_role("button", name="Leave and erase my entry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your entry is erased")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your entry is erased")


def test_the_form_is_filled_with_the_keyboard_alone(visitor: Visitor) -> None:
    """Tab passes the trap by; the form is sent with Enter."""
    page = visitor.page
    visitor.go("/waitlist/")
    page.get_by_label("Name", exact=True).focus()
    for typed in ("Kay Board", "kay@quayside.example", "Quayside Biologics", "Manu", "Qual", "Denm"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Join the waitlist")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
