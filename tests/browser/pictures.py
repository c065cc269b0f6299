"""Writes a picture of every page and of every PDF page into var/pictures, with an index: `make pictures`."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import urllib.parse

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import (
    ADA,
    ADVISER,
    CLIENT,
    COLLEAGUE,
    EMPTY,
    LONGEST,
    OWNER,
    PROGRAMME_ADMIN,
    ROOT,
    RunningSite,
    newest_link,
    sign_in,
)
from tests.browser.places import SIGNED_OUT, extremes, of_clients, of_drafts, places, programme, reviews_of

OUT = ROOT / "var" / "pictures"
WIDTHS = (1440, 768, 390)
MAKING = 300_000  # milliseconds that a file may take, behind those that wait before it
FILES = {  # of whom, of which assessment, what is drawn as paper
    OWNER: (
        ("submitted", "report"),
        ("submitted", "brief"),
        ("submitted", "questionnaire"),
        ("draft", "report"),
    ),
    CLIENT: (("client-done", "report"), ("client-done", "brief"), ("client-longest", "report")),
    LONGEST: (("site-longest", "report"), ("site-longest", "brief")),
    EMPTY: (("site-empty", "report"), ("site-empty", "brief")),
}
BUTTONS: dict[str, str | re.Pattern[str]] = {
    "report": re.compile("Make (the PDF|a draft) report"),
    "brief": re.compile("Make (the board|a draft) brief"),
    "questionnaire": "Make a blank questionnaire",
}


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    site = RunningSite()
    try:
        with sync_playwright() as playwright:
            program = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                take_pages(browser, site, scheme, OWNER, places(site), SIGNED_OUT)
                take_pages(browser, site, scheme, PROGRAMME_ADMIN, programme(site))
            drafts = of_drafts(site)
            for scheme in ("light", "dark"):
                take_pages(browser, site, scheme, ADA, drafts)
            clients = of_clients(reviews_of(site))
            for scheme in ("light", "dark"):
                for person, found in clients.items():
                    take_pages(browser, site, scheme, person, found)
                take_links(browser, site, scheme)
            odd = extremes(site)
            for owner, found in odd.items():
                take_pages(browser, site, "light", owner, found)
            take_reports(browser, site, {OWNER: places(site)} | clients | odd)
            browser.close()
    finally:
        site.stop()
    write_index()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")


def take_links(browser: Browser, site: RunningSite, scheme: str) -> None:
    """What somebody sees who opens the link of a mail: to join a client, to be engaged by it."""
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    page = context.new_page()
    for name, email, kind in (
        ("link-invitation", COLLEAGUE, "invitations"),
        ("link-engagement", ADVISER, "engagements"),
    ):
        page.goto(newest_link(page, site, email, kind))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=True, timeout=120_000)
    context.close()


def take_pages(
    browser: Browser,
    site: RunningSite,
    scheme: str,
    owner: str,
    found: dict[str, str],
    signed_out: tuple[str, ...] = (),
) -> None:
    """The pages of an owner at three widths; names the pages that scroll sideways."""
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    page = context.new_page()

    def take(name: str, path: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{site.address}{path}")
            page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=True, timeout=120_000)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                print(f"{name} at {width}: scrolls sideways to {wide}", file=sys.stderr)

    for path in signed_out:
        take("signed-out" + path.replace("/", "-").rstrip("-"), path)
    sign_in(page, site.address, owner)
    for name, path in found.items():
        take(name, path)
    context.close()


def take_reports(browser: Browser, site: RunningSite, found: dict[str, dict[str, str]]) -> None:
    """Files of every kind and of every odd assessment, page by page, as paper shows them.

    `found` holds the addresses of pages by name, for each person.
    """
    for person, files in FILES.items():
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        sign_in(page, site.address, person)
        for name, kind in files:
            take_file(page, f"{site.address}{found[person][f'{name}-reports']}", kind, f"{kind}-{name}")
        if person == OWNER:
            page.goto(f"{site.address}{found[person]['draft-not-applicable-D3']}")
            page.locator("textarea").fill("Nothing is moved to another plant from here.")
            page.get_by_role("button", name="as not applicable").click()
            take_file(page, f"{site.address}{found[person]['draft-reports']}", "report", "report-left-out")
        context.close()


def take_file(page: Page, folder: str, kind: str, name: str) -> None:
    """Asks for a file on the page of an assessment's reports, waits until it is made, and draws its pages."""
    page.goto(folder)
    page.get_by_role("button", name=BUTTONS[kind]).click()
    link = page.locator("main a[href$='/file/']")
    link.wait_for(timeout=MAKING)
    address = urllib.parse.urljoin(page.url, link.get_attribute("href") or "")
    path = OUT / f"{name}.pdf"
    path.write_bytes(page.context.request.get(address).body())
    subprocess.run(["pdftoppm", "-r", "80", "-png", path, path.with_suffix("")], check=True)


def write_index() -> None:
    """One page that shows them all."""
    names = sorted(path.name for path in OUT.glob("*.png"))
    figures = "\n".join(
        f'<figure><a href="{name}"><img src="{name}" width="360" loading="lazy" alt=""></a>'
        f"<figcaption>{name}</figcaption></figure>"
        for name in map(html.escape, names)
    )
    (OUT / "index.html").write_text(
        "<!doctype html><title>Pictures</title>"
        f"<style>body{{display:flex;flex-wrap:wrap;gap:1rem}}</style>{figures}"
    )


if __name__ == "__main__":
    main()
