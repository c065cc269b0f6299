"""No stored text runs on a page, whoever wrote it (S-13)."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from tests.browser.conftest import RunningSite, sign_in
from tests.builders import PASSWORD
from tests.payloads import PAYLOADS, groups

MAKE = "from tests.browser.hostile import make; make()"
SHORT = 112
# Names that stand once in a world: each gets every payload in turn, on the pages that show it.
NAMES = (
    ("accounts_organisation", "name"),
    ("accounts_site", "name"),
    ("accounts_site", "place"),
    ("accounts_user", "name"),
    ("accounts_user", "job_title"),
    ("accounts_waitlistentry", "name"),
    ("accounts_waitlistentry", "organisation_name"),
    ("assessments_assessment", "title"),
    ("assessments_assessment", "dpmm_tool"),
    ("assessments_assessment", "dpmm_by"),
)
SHOWING = re.compile(
    r"^/home/$|^/clients/$|^/assessments/$|/assessments/new/|/assessments/[^/]+/(results/|foundation/|history/)?$"
    r"|/organisations/[^/]+/(sites/|members/|engagements/)?$|^/programme/"
)
# What no text may become: a handler, a frame, a style of its own, a script from anywhere but our files.
GROWN = """() => {
  const found = [];
  const foreign = ["iframe", "object", "embed", "base", "plaintext", "audio", "video", "math", "style"];
  const links = ["href", "src", "action", "formaction"];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (foreign.includes(name)) found.push(name);
    if (name === "script" && !element.src.startsWith(location.origin + "/static/")) found.push("script");
    if (name === "meta" && element.httpEquiv) found.push("meta");
    for (const {name: key, value} of element.attributes) {
      if (/^on/.test(key) || key === "style" || key === "srcdoc") found.push(`${name} ${key}`);
      if (links.includes(key) && /^\\s*(javascript|data|vbscript):/i.test(value)) found.push(value);
      if (/^(data-)?hx-(get|post)$/.test(key) && !value.startsWith("/")) found.push(`${name} ${key}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def site() -> Iterator[RunningSite]:
    """A site of this module's own: nobody else should meet its words."""
    running = RunningSite()
    yield running
    running.stop()


class Watcher:
    """A page that notes whatever a text could have caused."""

    def __init__(self, page: Page, site: RunningSite) -> None:
        self.page, self.site = page, site
        self.noted: list[str] = []
        self.pages = self.shown = 0
        page.on("dialog", self.refuse)
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.note("error", str(error)))
        page.on("request", lambda request: self.note("request", request.url, not self.is_ours(request.url)))
        page.on("popup", lambda popup: self.note("popup", popup.url))

    def note(self, kind: str, words: str, counts: bool = True) -> None:
        if counts:
            self.noted.append(f"{urlsplit(self.page.url).path} {kind} {words[:200]}")

    def listen(self, message: ConsoleMessage) -> None:
        # What a page answers with 404 is noted by the browser too.
        counts = message.type in ("error", "warning") and "status of 4" not in message.text
        self.note("console", message.text, counts)

    def refuse(self, dialog: Dialog) -> None:
        self.note("dialog", dialog.message)
        dialog.dismiss()

    def is_ours(self, url: str) -> bool:
        return url.startswith(self.site.address + "/")

    def look(self, path: str) -> None:
        reply = self.page.goto(self.site.address + path)
        assert reply and reply.status in (200, 404), (path, reply and reply.status)
        self.pages += reply.status == 200  # a link that was not followed has no page of its own
        self.shown += "alert(1)" in self.page.locator("body").inner_text()
        for grown in self.page.evaluate(GROWN):
            self.note("grown", grown)
        assert urlsplit(self.page.url).netloc == urlsplit(self.site.address).netloc


def visits(browser: Browser, site: RunningSite, email: str) -> Watcher:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    watcher = Watcher(context.new_page(), site)
    if email:
        sign_in(watcher.page, site.address, email, PASSWORD)
    return watcher


@pytest.mark.check("S-13")
def test_no_stored_text_runs(browser: Browser, site: RunningSite, figure: Callable[..., None]) -> None:
    paths: dict[str, list[str]] = json.loads(
        site.manage("shell", "--no-imports", "-c", MAKE).splitlines()[-1]
    )
    watchers = {email: visits(browser, site, email) for email in paths}
    for email, watcher in watchers.items():
        for path in paths[email]:
            watcher.look(path)
    for group in groups(SHORT):
        rename(site, group)
        for email, watcher in watchers.items():
            for path in filter(SHOWING.search, paths[email]):
                watcher.look(path)
    noted = sorted({line for watcher in watchers.values() for line in watcher.noted})
    figure(
        "S-13",
        payloads=len(PAYLOADS),
        pages=sum(watcher.pages for watcher in watchers.values()),
        shown=sum(watcher.shown for watcher in watchers.values()),
        live=len(noted),
    )
    for watcher in watchers.values():
        watcher.page.context.close()
    assert noted == []


def rename(site: RunningSite, words: str) -> None:
    """Every name becomes these words, with a number so that no two are alike."""
    database = sqlite3.connect(site.folder / "db.sqlite3", timeout=20)
    with database:
        for table, column in NAMES:
            database.execute(f"UPDATE {table} SET {column} = ? || ' ' || id WHERE {column} <> ''", [words])
    database.close()


@pytest.mark.check("S-13")
def test_the_watch_sees_a_text_that_runs(browser: Browser, site: RunningSite) -> None:
    """The same watch over a page that does hold markup of somebody's."""
    watcher = visits(browser, site, "")
    hostile = "<p><svg onload=alert(1)></svg><img src='//e.test/x'><a href='javascript:alert(1)'>x</a></p>"
    served = {"status": 200, "content_type": "text/html", "body": f"<!doctype html><body>{hostile}"}
    watcher.page.route("**/terms/", lambda route: route.fulfill(**served))
    watcher.look("/terms/")
    kinds = {line.split()[1] for line in watcher.noted}
    assert {"dialog", "grown", "request"} <= kinds
    watcher.page.context.close()
