"""The journey of docs/journey.md, step by step, with script and without it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor


def journey(visitor: Visitor, tmp_path: Path, *, script: bool) -> None:
    """All twelve steps; without script each answer is saved by its button."""
    page = visitor.page
    name = "Quay Works" if script else "Quay Works, plain"
    # 1. Sign in.
    visitor.sign_in()
    expect(page.get_by_role("heading", level=1)).to_contain_text("for you")
    page.get_by_role("link", name="All assessments").click()
    expect(page.get_by_role("link", name="Baseline, autumn 2026")).to_be_visible()
    expect(page.get_by_role("link", name="First look, winter 2026")).to_be_visible()
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="Baseline, autumn 2026")).to_contain_text(re.compile(r"1\D.*43", re.S))
    expect(rows.filter(has_text="First look, winter 2026")).to_contain_text("17 of 50")
    # 2. Add a site.
    page.get_by_role("link", name="Sites of Northmere Biologics").click()
    sites = page.get_by_role("link", name=re.compile("^Change ")).count()
    page.get_by_role("link", name="Add a site").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Place").fill("Harlow, United Kingdom")
    page.get_by_label("Time zone").select_option("Europe/London")
    page.get_by_role("button", name="Add the site").click()
    expect(page.get_by_role("link", name=f"Change {name}", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Change "))).to_have_count(sites + 1)
    # 3. Start an assessment.
    visitor.go("/assessments/new/")
    page.get_by_label("Site").select_option(label=f"{name} (Northmere Biologics)")
    page.get_by_label("Title").fill("Journey")
    page.get_by_label("Scope").fill("Suites 1 and 2.\nNo fill and finish.")
    page.get_by_role("button", name="Start the assessment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("50 answers to go before you submit")
    overview = page.url
    # 4. State the digital plant.
    page.goto(overview + "foundation/")
    page.get_by_label("Estimated").check()
    page.get_by_label("DPMM level").select_option(label="2 Digital silos")
    page.get_by_role("button", name="State the digital plant").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2")
    # 5. and 6. Answer a question, with its evidence.
    page.goto(overview + "answers/D1/D1-INV/")
    page.locator("input[name=reply][value='3']").check(force=True)
    saved(page, script)
    page.locator("input[name=grade][value='E1']").check(force=True)
    page.get_by_label("Where the evidence is").fill("QW-SOP-7, inventory of May 2026")
    page.get_by_label("Comment").fill("Signed by IT and QA.")
    page.get_by_label("Comment").blur()
    saved(page, script)
    page.reload()
    expect(page.locator("input[name=reply][value='3']")).to_be_checked()
    expect(page.locator("input[name=grade][value='E1']")).to_be_checked()
    expect(page.get_by_label("Where the evidence is")).to_have_value("QW-SOP-7, inventory of May 2026")
    expect(page.locator("#effect-D1-INV")).to_contain_text("Level 3 claimed, 2 evidenced")
    # 7. Don't know; not applicable, refused without its reason.
    page.goto(overview + "answers/D1/D1-GEN/")
    page.locator("input[name=reply][value=unknown]").check(force=True)
    saved(page, script)
    page.goto(overview + "answers/D1/D1-EXT/")
    page.locator("input[name=reply][value=not_applicable]").check(force=True)
    page.get_by_label("Why it does not apply").fill("Too short")
    page.get_by_label("Why it does not apply").blur()
    if not script:
        page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Give the reason in at least ten characters.").last).to_be_visible()
    expect(page.get_by_label("Why it does not apply")).to_have_value("Too short")
    page.get_by_label("Why it does not apply").fill("One site, and no partner holds process data.")
    page.get_by_label("Why it does not apply").blur()
    saved(page, script)
    # 8. Choose uses and targets.
    page.goto(overview + "targets/")
    page.get_by_label("Soft sensor, advisory").check()
    page.get_by_role("button", name="Set uses, targets and plan").click()
    page.goto(overview + "targets/")
    expect(page.get_by_label("Soft sensor, advisory")).to_be_checked()
    # 9. See the results.
    page.goto(overview + "results/")
    expect(page.locator("[data-number=replied]")).to_have_text("3")
    page.goto(overview + "gaps/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("and one of the digital plant")
    page.goto(overview + "roadmap/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("the index")
    # 10. Submit.
    page.goto(overview)
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("button", name=re.compile("Mark (the remaining )?47")).click()
    page.get_by_role("button", name="Submit the assessment").click()
    expect(page.get_by_text("Submitted").first).to_be_visible()
    page.goto(overview + "answers/D1/D1-INV/")
    assert page.locator("input[name=reply]:enabled").count() == 0
    # 11. Get the report.
    page.goto(overview + "results/")
    page.get_by_role("button", name="Make the PDF report").click()
    text = text_of_report(page, tmp_path, script)
    assert "QW-SOP-7, inventory of May 2026" in text
    assert "Signed by IT and QA." in text
    assert "One site, and no partner holds process data." in text
    assert "Draft, not submitted" not in text
    # 12. Reopen.
    page.goto(overview)
    page.get_by_role("link", name="Reopen").click()
    page.get_by_label("Reason").fill("New evidence from the spring shutdown.")
    page.get_by_role("button", name=re.compile("Reopen")).click()
    page.goto(overview + "history/")
    expect(page.get_by_text("New evidence from the spring shutdown.")).to_be_visible()
    expect(page.get_by_text("Submitted revision 1")).to_be_visible()


def open_draft(page: Page) -> None:
    page.get_by_role("link", name="All assessments").click()
    page.get_by_role("link", name="First look, winter 2026").click()
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f-]{36}/$"))


def saved(page: Page, script: bool) -> None:
    """Wait until the page says that it is saved; without script, press the button first."""
    if script:
        expect(page.locator(".bar .save")).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=10_000)
        return
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("^Saved: ")).first).to_be_visible()


def text_of_report(page: Page, folder: Path, script: bool) -> str:
    """The words of the PDF, once the worker has made it."""
    link = page.locator("a[href$='/file/']")
    for _ in range(60):
        if link.count():
            break
        page.wait_for_timeout(1000)
        if not script:
            page.reload()
    with page.expect_download() as download:
        link.first.click()
    path = folder / "report.pdf"
    download.value.save_as(path)
    run = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", run.stdout)


def test_journey_with_script(visitor: Visitor, tmp_path: Path) -> None:
    journey(visitor, tmp_path, script=True)


def test_journey_without_script(visitor_without_script: Visitor, tmp_path: Path) -> None:
    journey(visitor_without_script, tmp_path, script=False)


def test_the_keyboard_alone_answers_a_question(visitor: Visitor) -> None:
    visitor.sign_in()
    page = visitor.page
    open_draft(page)
    page.goto(page.url + "answers/D2/D2-MON/")
    page.keyboard.press("2")
    saved(page, True)
    expect(page.locator("input[name=reply][value='2']")).to_be_checked()
    page.keyboard.press("f")
    saved(page, True)
    page.keyboard.press("n")
    page.wait_for_url("**/D2-CHG/**")
    page.keyboard.press("p")
    page.wait_for_url("**/D2-MON/**")
    expect(page.locator("input[name=reply][value='2']")).to_be_checked()
    expect(page.locator("input[name=flagged]")).to_be_checked()


@pytest.mark.parametrize("kind", ["offline", "expired"])
def test_an_answer_waits_until_it_can_be_saved(visitor: Visitor, kind: str) -> None:
    """Away from the network, or signed out: the page says so, keeps the answer, and saves it later."""
    visitor.sign_in()
    page = visitor.page
    open_draft(page)
    page.goto(page.url + "answers/D4/D4-RES/")
    cookies = visitor.context.cookies()
    if kind == "offline":
        visitor.context.set_offline(True)
    else:
        visitor.context.clear_cookies()
    level = "1" if kind == "offline" else "2"
    page.locator(f"input[name=reply][value='{level}']").check(force=True)
    expect(page.locator(".bar .save")).to_contain_text("Not saved yet", timeout=10_000)
    if kind == "offline":
        visitor.context.set_offline(False)
    else:
        visitor.context.add_cookies(cookies)  # type: ignore[arg-type]  # as the browser gave them
    expect(page.locator(".bar .save")).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=30_000)
    page.reload()
    expect(page.locator(f"input[name=reply][value='{level}']")).to_be_checked()
    visitor.complaints[:] = [line for line in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in line]
