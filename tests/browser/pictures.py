"""Writes a picture of every page and of every PDF page into var/pictures, with an index: `make pictures`."""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import urllib.parse

from playwright.sync_api import Browser, sync_playwright

from bami_site.demo import PASSWORD
from tests.browser.conftest import OWNER, PROGRAMME_ADMIN, ROOT, RunningSite
from tests.browser.editing import ADA
from tests.browser.places import SIGNED_OUT, extremes, of_drafts, places, programme

OUT = ROOT / "var" / "pictures"
WIDTHS = (1440, 768, 390)


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
            for owner, found in extremes(site).items():
                take_pages(browser, site, "light", owner, found)
            take_report(browser, site)
            browser.close()
    finally:
        site.stop()
    write_index()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")


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
            page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                print(f"{name} at {width}: scrolls sideways to {wide}", file=sys.stderr)

    for path in signed_out:
        take("signed-out" + path.replace("/", "-").rstrip("-"), path)
    page.goto(f"{site.address}/accounts/login/")
    page.get_by_label("E-mail").fill(owner)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home/")
    for name, path in found.items():
        take(name, path)
    context.close()


def take_report(browser: Browser, site: RunningSite) -> None:
    """The submitted demo's report, page by page, as paper shows it."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(f"{site.address}/accounts/login/")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home/")
    page.goto(f"{site.address}{places(site)['submitted-reports']}")
    link = page.locator("a[href$='/file/']").first
    for _ in range(60):
        if link.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    address = urllib.parse.urljoin(page.url, link.get_attribute("href") or "")
    (OUT / "report.pdf").write_bytes(context.request.get(address).body())
    subprocess.run(["pdftoppm", "-r", "80", "-png", OUT / "report.pdf", OUT / "report"], check=True)
    context.close()


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
