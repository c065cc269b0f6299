"""A hundred edits while eight things go wrong: none is lost, called saved too soon, or left readable."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, Route, expect

from tests.browser.conftest import OWNER, PASSWORD, RunningSite, Visitor, chromium
from tests.browser.saving import COLLEAGUE, SAVED, WAITING, Answering, codes_of, start, until, write

OFFLINE_FOR = 30_000  # milliseconds
FROZEN_FOR = 5_000
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 1000, "uploadThroughput": 1000}
FULL_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
# Whatever a page can keep in a browser, as one text; bytes as the characters they would be.
KEPT = """async () => {
  const result = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => fail(request.error ?? new Error("blocked"));
    setTimeout(() => fail(new Error("the browser's database does not answer")), 20000);
  });
  const words = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    const database = await result(open);
    for (const store of database.objectStoreNames) {
      for (const row of await result(database.transaction(store).objectStore(store).getAll())) {
        for (const [key, value] of Object.entries(row)) {
          const isText = typeof value === "string" || typeof value === "number";
          const bytes = isText ? null : new Uint8Array(value.buffer ?? value);
          words.push(key, isText ? String(value) : new TextDecoder("latin1").decode(bytes));
        }
      }
    }
    database.close();
  }
  words.push(...(await caches.keys()));
  return words.join(" ");
}"""


@pytest.fixture
def profile(site: RunningSite, driver: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose profile lies in a folder of its own, to be looked through."""
    context = driver.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=chromium(),
        args=["--no-sandbox"],
        viewport={"width": 1440, "height": 900},
    )
    yield context
    context.close()


@pytest.fixture
def colleague(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    person = Visitor(context, site)
    person.sign_in(COLLEAGUE)
    yield person
    context.close()


def kept_on_disk(folder: Path, words: list[str]) -> list[str]:
    """Those of the words that stand readable in a file of the browser's profile."""
    found = set()
    for path in folder.rglob("*"):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except OSError:  # a socket, or gone meanwhile
            continue
        found |= {word for word in words if word.encode() in content or word.encode("utf-16-le") in content}
    return sorted(found)


@pytest.mark.check("R-05")
def test_a_hundred_edits_outlive_eight_disturbances(
    profile: BrowserContext,
    colleague: Visitor,
    site: RunningSite,
    tmp_path: Path,
    figure: Callable[..., None],
) -> None:
    visitor = Visitor(profile, site)
    visitor.sign_in()
    base = start(visitor, "Under eight disturbances")
    me = Answering(visitor, base, colleague.page)
    disturbances = [
        without_network, closed_while_offline, server_errors, asked_to_wait,
        somebody_else, expired_session, slow_line, frozen_page,
    ]  # fmt: skip
    for number, disturb in enumerate(disturbances):
        disturb(me, f"quietus-{number}")
    on_disk = kept_on_disk(tmp_path / "profile", me.words)
    lost = me.missing()
    figure(
        "R-05",
        edits=len(me.typed),
        disturbances=len(disturbances),
        lost=len(lost),
        early=len(me.early),
        readable=len(on_disk),
    )
    assert len(me.typed) >= 100
    assert (lost, me.early, on_disk) == ([], [], [])


def fill(me: Answering, dimension: str, word: str, *, open_first: bool = True) -> None:
    """Levels over a dimension's rows, grades of the first, flags of the later ones: about twenty edits."""
    codes = codes_of(me.visitor.site, me.base, dimension)
    if open_first:
        me.open(f"{dimension}/")
    for place, code in enumerate(codes):
        me.level(code, (place + 1 + len(word)) % 6)
    for code in codes[:4]:
        me.grade(code, "E1")
    for code in codes[3:]:
        me.flag(code)


def unreadable(me: Answering) -> None:
    """Nothing that was typed can be read from what the page keeps."""
    kept = me.page.evaluate(KEPT)
    assert [word for word in me.words if word in kept] == []
    assert "box" in kept  # there is something: the ciphertext


def without_network(me: Answering, word: str) -> None:
    me.open("D1/")
    me.visitor.context.set_offline(True)
    fill(me, "D1", word, open_first=False)
    expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
    me.page.wait_for_timeout(OFFLINE_FOR)
    expect(me.page.locator("#save-state")).to_have_text(WAITING)
    me.visitor.context.set_offline(False)
    me.wait_until_stored()
    me.leave()


def closed_while_offline(me: Answering, word: str) -> None:
    code = "D1-CTX"
    me.open(f"D1/{code}/")
    me.visitor.context.set_offline(True)
    write(me, code, word)
    me.flag(code)
    expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
    until(me.page, "saving.queue.entries.every((entry) => entry.isKept)")
    unreadable(me)
    me.leave()
    me.page.close()
    me.visitor.context.set_offline(False)
    me.visitor.page = me.visitor.context.new_page()
    me.visitor.go("/home/")  # any page of the person's sends what waits
    me.until_nothing_is_missing(60)


def answered(me: Answering, dimension: str, word: str, reply: Callable[[Route], None], times: int) -> None:
    """A dimension while the first saves get another answer than they should."""
    left = [times]

    def answer(route: Route) -> None:
        left[0] -= 1
        if left[0] < 0:
            route.continue_()
        else:
            reply(route)

    me.open(f"{dimension}/")
    me.page.route("**/save/", answer)
    fill(me, dimension, word, open_first=False)
    expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
    me.wait_until_stored()
    me.page.unroute("**/save/")
    me.leave()


def server_errors(me: Answering, word: str) -> None:
    answered(me, "D2", word, lambda route: route.fulfill(status=500, body="<h1>Something went wrong</h1>"), 3)


def asked_to_wait(me: Answering, word: str) -> None:
    asked = {"status": 503, "headers": {"Retry-After": "2"}, "body": "Busy"}
    answered(me, "D3", word, lambda route: route.fulfill(**asked), 2)  # type: ignore[arg-type]  # one of each


def somebody_else(me: Answering, word: str) -> None:
    """A colleague saves the same fields first: both stand side by side, and the own ones are chosen."""
    codes = codes_of(me.visitor.site, me.base, "D4")[:10]
    me.open("D4/")
    other = me.colleague
    assert other
    other.goto(me.page.url)
    for code in codes:
        other.locator(f"form[data-question='{code}'] input[name=reply][value='5']").evaluate(
            "choice => choice.click()"
        )
    expect(other.locator("#save-state")).to_have_text(SAVED, timeout=20_000)
    until(other, "saving.queue.entries.length === 0")
    for place, code in enumerate(codes):
        me.level(code, place % 5)
    for _ in codes:
        me.page.get_by_role("button", name=re.compile("^Use mine")).first.click()
    me.wait_until_stored()
    me.leave()


def expired_session(me: Answering, word: str) -> None:
    code = "D2-MON"
    me.open(f"D2/{code}/")
    me.visitor.context.clear_cookies()
    write(me, code, word)
    me.page.locator("input[name=reply][value='4']").evaluate("choice => choice.click()")
    me.typed[code, "level"] = 4
    until(me.page, "saving.queue.entries.every((entry) => entry.isKept)")  # the notice says so, anew
    me.page.get_by_role("button", name="Sign in again").click()
    dialog = me.page.get_by_role("dialog")
    expect(dialog.get_by_label("E-mail")).to_have_value(OWNER, timeout=15_000)
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    me.wait_until_stored()
    me.leave()


def slow_line(me: Answering, word: str) -> None:
    code = "D3-" + codes_of(me.visitor.site, me.base, "D3")[0].partition("-")[2]
    me.open(f"D3/{code}/")
    line = me.visitor.context.new_cdp_session(me.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    write(me, code, word)
    me.flag(code)
    me.wait_until_stored(120)
    line.send("Network.emulateNetworkConditions", FULL_LINE)
    line.detach()
    me.leave()


def frozen_page(me: Answering, word: str) -> None:
    """The laptop is closed in the midst of it, and opened again where the network comes back later."""
    me.open("D5/")
    me.visitor.context.set_offline(True)
    fill(me, "D5", word, open_first=False)
    line = me.visitor.context.new_cdp_session(me.page)
    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(FROZEN_FOR / 1000)
    line.send("Page.setWebLifecycleState", {"state": "active"})
    line.detach()
    expect(me.page.locator("#save-state")).to_have_text(WAITING, timeout=15_000)
    me.visitor.context.set_offline(False)
    me.wait_until_stored()
    me.leave()
    code = codes_of(me.visitor.site, me.base, "D5")[-1]
    me.open(f"D5/{code}/")
    write(me, code, word)
    me.wait_until_stored()
    me.leave()
