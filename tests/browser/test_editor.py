"""The editor in a real browser: saving by script and without, two editors on one field, axe on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import ADA, BEN, RunningSite, Visitor
from tests.browser.places import of_drafts
from tests.browser.saving import held_back
from tests.browser.seeing import faults_of, findings


@pytest.fixture(scope="module")
def site() -> Iterator[RunningSite]:
    """A site of this module's own: what is published here is the newest version for everybody on it."""
    running = RunningSite()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def drafts(site: RunningSite) -> dict[str, str]:
    return of_drafts(site)


@pytest.fixture
def second(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    """Another editor at another browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    person = Visitor(context, site)
    person.sign_in(BEN)
    yield person
    context.close()
    assert person.complaints == []


def state(page: Page, label: str) -> Locator:
    """The state of saving beside a field."""
    return (
        page.locator("[data-field]").filter(has=page.get_by_label(label, exact=True)).locator("[data-state]")
    )


SAVED = re.compile(r"Saved \d\d:\d\d")


def start(visitor: Visitor) -> str:
    """A draft of one's own, started from the newest version; its address."""
    visitor.go("/editor/")
    visitor.page.get_by_role("button", name=re.compile("^Start a draft")).first.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Nothing is changed yet")
    return visitor.page.url.removeprefix(visitor.site.address)


# --- The editor's job from end to end ---------------------------------------------------------------------


def journey(visitor: Visitor, second: Visitor, *, script: bool) -> None:
    """Reword a question, add one and write it, see the difference, ask; another looks and publishes."""
    page = visitor.page
    visitor.sign_in(ADA)
    own = start(visitor)
    # The second run starts from what the first one published.
    code, way = ("D1-CLN", "with") if script else ("D1-CLP", "without")
    asked = f"Can any process value be tied to its batch {way} a script?"

    def kept() -> None:
        if script:
            expect(page.locator(".bar .save")).to_have_text(SAVED, timeout=10_000)
        else:
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_role("status").filter(has_text="saved")).to_be_visible()

    visitor.go(f"{own}questions/D1-CTX/")
    page.get_by_label("Question", exact=True).fill(asked)
    page.get_by_label("Question", exact=True).blur()
    kept()
    page.get_by_role("link", name="Preview as a respondent sees it").click()
    expect(page.locator("#q-ask")).to_have_text(asked)
    page.get_by_role("link", name="Back to the editor").click()
    visitor.go(f"{own}dimensions/D1/")
    page.get_by_role("link", name="Add a question", exact=True).click()
    page.get_by_label("Code").fill(code)
    page.get_by_label("Title").fill("Records of cleaning")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_text("No action raises it yet")).to_be_visible()
    expect(page.locator(".ed-fault")).to_have_count(10)
    page.get_by_label("Question", exact=True).fill("Are records of cleaning electronic?")
    page.get_by_label("Why it matters").fill("Cleaning decides what may follow.")
    names = ("Absent", "Isolated", "Defined", "Controlled", "Measured and networked", "Federated and assured")
    for name in names:
        page.get_by_label(name, exact=True).fill(f"{name}, in records of cleaning.")
    page.get_by_label("Primary area").select_option(label="Data")
    page.get_by_label("What an inspector would ask for").fill("Cleaning records.")
    page.get_by_label("What an inspector would ask for").blur()
    kept()
    expect(page.locator(".ed-fault")).to_have_count(0)
    page.get_by_role("link", name="Choose the actions").click()
    raising = page.get_by_role("group", name="Actions that raise it")
    raising.locator("summary").click()
    raising.get_by_role("checkbox").first.check()
    kept()
    page.reload()
    expect(page.get_by_text("No action raises it yet")).to_have_count(0)
    expect(raising.get_by_role("checkbox").first).to_be_checked()
    page.get_by_role("link", name="Changes").first.click()
    expect(page.locator("ins").first).to_be_visible()
    expect(
        page.get_by_role("rowheader", name=re.compile(f"{code} Records of cleaning added"))
    ).to_be_visible()
    visitor.go(f"{own}publication/")
    number = "3.1" if script else "4.1"
    page.get_by_label("Number").fill(number)
    page.get_by_label("What changed and why").fill(
        "Records of cleaning are asked for; one question is clearer."
    )
    page.get_by_role("button", name="Ask for publication").click()
    expect(page.get_by_text("Another editor publishes it")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)
    second.go("/editor/")
    second.page.get_by_text(f"Ada Lindqvist asks to publish BAMI {number}").wait_for()
    second.go(f"{own}publication/")
    second.page.get_by_role("link", name="See every change").click()
    expect(second.page.get_by_role("heading", name=re.compile("What differs from"))).to_be_visible()
    second.go(f"{own}publication/")
    second.page.get_by_role("button", name=f"Publish BAMI {number}").click()
    expect(second.page.get_by_role("heading", level=1)).to_contain_text(f"to {number}")


def test_the_journey_with_script(visitor: Visitor, second: Visitor, drafts: dict[str, str]) -> None:
    journey(visitor, second, script=True)


def test_the_journey_without_script(
    visitor_without_script: Visitor, second: Visitor, drafts: dict[str, str]
) -> None:
    journey(visitor_without_script, second, script=False)


def put_file(visitor: Visitor, *, script: bool) -> None:
    """Put a changed file into a draft: looked at first, then done."""
    page = visitor.page
    visitor.sign_in(ADA)
    own = start(visitor)
    held = visitor.context.request.get(f"{visitor.site.address}{own}yaml/file/").text()
    first = next(line for line in held.splitlines() if line.startswith("title:"))
    visitor.go(f"{own}yaml/")
    page.get_by_role("link", name="Upload into this draft").click()

    def upload(text: str) -> None:
        file = {"name": "a.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file's payload
        page.get_by_role("button", name="Upload and compare").click()

    upload(held.replace(first, "title: ''", 1))
    expect(page.get_by_role("heading", name="Refused: 1 fault in the file")).to_be_visible()
    if script:
        assert findings(visitor, "replace refused") == []
    upload(held.replace(first, "title: Another framework", 1))
    expect(page.get_by_role("heading", name="Replace what the draft holds?")).to_be_visible()
    if script:
        assert findings(visitor, "replace") == []
    page.get_by_role("button", name="Replace it").click()
    expect(page.get_by_text("The draft holds what the file holds.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("What differs from"))).to_be_visible()


def test_a_file_is_put_into_a_draft(visitor: Visitor, drafts: dict[str, str]) -> None:
    put_file(visitor, script=True)


def test_a_file_is_put_into_a_draft_without_script(
    visitor_without_script: Visitor, drafts: dict[str, str]
) -> None:
    put_file(visitor_without_script, script=False)


def test_a_reference_is_found_by_a_word(visitor: Visitor, drafts: dict[str, str]) -> None:
    page = visitor.page
    visitor.sign_in(ADA)
    visitor.go(f"{drafts['fresh']}questions/D1-INV/")
    group = page.get_by_role("group", name="References")
    group.locator("summary").click()
    box = group.get_by_role("searchbox")
    box.fill("ich q9")
    expect(
        group.locator("details label.form-check").filter(has_text="Q9", visible=True).first
    ).to_be_visible()
    expect(group.locator("details label.form-check").filter(has_not_text="Q9", visible=True)).to_have_count(0)
    box.fill("no such words")
    expect(group.get_by_text("None has these words.")).to_be_visible()
    expect(page.locator(".bar .save")).not_to_have_text(SAVED)


# --- Saving -------------------------------------------------------------------------------------------------


def test_two_editors_on_one_field_see_both_and_lose_nothing(
    visitor: Visitor, second: Visitor, drafts: dict[str, str]
) -> None:
    visitor.sign_in(ADA)
    own = start(visitor)
    for person in (visitor, second):
        person.go(f"{own}questions/D1-INV/")
    for person, words, said in (
        (second, "Ben's reason", SAVED),
        (visitor, "Ada's reason", re.compile("Two versions")),
    ):
        person.page.get_by_label("Why it matters").fill(words)
        person.page.get_by_label("Why it matters").blur()
        expect(state(person.page, "Why it matters")).to_have_text(said)
    page = visitor.page
    group = page.get_by_role("group", name="Two versions of Why it matters")
    expect(group).to_contain_text("Ben Okafor changed this at")
    expect(group).to_contain_text("Ben's reason")
    expect(group).to_contain_text("Ada's reason")
    assert findings(visitor, "two versions") == []
    page.get_by_role("button", name="Use mine").click()
    expect(group).to_have_count(0)
    expect(page.locator(".bar .save")).to_have_text(SAVED)
    second.page.get_by_label("Why it matters").fill("Ben again")
    second.page.get_by_label("Why it matters").blur()
    second.page.get_by_role("button", name="Keep theirs").click()
    expect(second.page.get_by_label("Why it matters")).to_have_value("Ada's reason")
    page.reload()
    expect(page.get_by_label("Why it matters")).to_have_value("Ada's reason")


@pytest.mark.parametrize("kind", ["offline", "expired"])
def test_a_change_waits_until_it_can_be_saved(visitor: Visitor, drafts: dict[str, str], kind: str) -> None:
    visitor.sign_in(ADA)
    own = start(visitor)
    page = visitor.page
    visitor.go(f"{own}levels/")
    cookies = visitor.context.cookies()
    if kind == "offline":
        visitor.context.set_offline(True)
    else:
        visitor.context.clear_cookies()
    page.get_by_label("Summary").first.fill("Typed while away")
    page.get_by_label("Summary").first.blur()
    expect(page.locator(".bar .save")).to_contain_text("Not saved yet – 1 change waiting", timeout=10_000)
    if kind == "offline":
        visitor.context.set_offline(False)
    else:
        visitor.context.add_cookies(cookies)  # type: ignore[arg-type]  # as the browser gave them
    expect(page.locator(".bar .save")).to_have_text(SAVED, timeout=30_000)
    page.reload()
    expect(page.get_by_label("Summary").first).to_have_value("Typed while away")
    visitor.complaints[:] = [line for line in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def test_what_is_changed_before_the_scripts_are_there_is_saved_once_they_are(
    visitor: Visitor, drafts: dict[str, str]
) -> None:
    visitor.sign_in(ADA)
    own, page = start(visitor), visitor.page
    with held_back(page, "**/editor.*.js"):
        page.goto(f"{visitor.site.address}{own}levels/", wait_until="commit")
        page.get_by_label("Summary").first.fill("Typed early")
    expect(page.locator(".bar .save")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_label("Summary").first).to_have_value("Typed early")


def test_what_is_refused_stays_on_the_page_with_the_reason(visitor: Visitor, drafts: dict[str, str]) -> None:
    visitor.sign_in(ADA)
    own = start(visitor)
    page = visitor.page
    visitor.go(f"{own}questions/D1-INV/")
    page.get_by_label("Weight").fill("none")
    page.get_by_label("Weight").blur()
    expect(page.locator(".err")).to_contain_text("a whole number of at least 1 expected")
    expect(page.locator(".bar .save")).to_have_text(re.compile("Not saved"))
    expect(page.get_by_label("Weight")).to_have_value("none")
    assert findings(visitor, "refused field") == []
    page.get_by_label("Weight").fill("2")
    page.get_by_label("Weight").blur()
    expect(page.locator(".bar .save")).to_have_text(SAVED)
    expect(page.locator(".err")).to_have_count(0)


def test_faults_come_and_go_as_one_types(visitor: Visitor, drafts: dict[str, str]) -> None:
    visitor.sign_in(ADA)
    own = start(visitor)
    page = visitor.page
    visitor.go(f"{own}questions/D1-INV/")
    page.get_by_label("Defined", exact=True).fill("")
    page.get_by_label("Defined", exact=True).blur()
    expect(page.locator(".ed-fault")).to_have_text("Anchor 2 is still to be written.")
    expect(page.locator("[data-mark='question/D1-INV'] span").first).to_have_text("1")
    expect(page.locator("[data-mark='all']")).to_have_text("1 fault")
    page.get_by_label("Defined", exact=True).fill("An approved map exists.")
    page.get_by_label("Defined", exact=True).blur()
    expect(page.locator(".ed-fault")).to_have_count(0)
    expect(page.locator("[data-mark='question/D1-INV']")).to_be_hidden()


def test_by_keyboard_alone(visitor: Visitor, drafts: dict[str, str]) -> None:
    """From the work list to the field with the fault, mended and saved, without a mouse."""
    visitor.sign_in(ADA)
    visitor.go(drafts["faulty"])
    page = visitor.page
    link = page.locator(".ed-group").filter(has_text="D1-CTX").get_by_role("link", name="Anchor 3")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/D1-CTX/#questions/D1-CTX/anchors/3")
    field = page.get_by_label("Controlled", exact=True)
    expect(field).to_be_in_viewport()
    field.focus()
    page.keyboard.type("Phase context is written by the batch engine.")
    page.keyboard.press("Tab")
    expect(page.locator(".bar .save")).to_have_text(SAVED)
    expect(page.locator(".ed-fault")).to_have_count(0)


# --- Every page ---------------------------------------------------------------------------------------------


def test_every_page_is_accessible_keeps_the_policy_and_fits(visitor: Visitor, drafts: dict[str, str]) -> None:
    visitor.sign_in(ADA)
    assert faults_of(visitor, drafts.items()) == []


def test_what_is_refused_is_accessible_too(visitor: Visitor, drafts: dict[str, str]) -> None:
    """A file with faults, a form with none of its fields, and a page given back without a script."""
    page = visitor.page
    visitor.sign_in(ADA)
    found = []
    visitor.go("/editor/upload/")
    file = {"name": "a.yaml", "mimeType": "text/yaml", "buffer": b"framework: tiny\nlevels: none\n"}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file's payload
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Refused")
    found += findings(visitor, "upload refused")
    own = start(visitor)
    visitor.go(f"{own}dimensions/D1/add/")
    page.get_by_label("Code").fill("two words")
    page.get_by_role("button", name="Add the question").click()
    found += findings(visitor, "add refused")
    visitor.go(f"{own}questions/D1-INV/")
    page.get_by_label("Weight").evaluate("box => { box.value = 'none'; box.form.submit(); }")
    expect(page.get_by_text("One field was not saved")).to_be_visible()
    found += findings(visitor, "save refused")
    assert found == []
