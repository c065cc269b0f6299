"""Saving in a real browser while things go wrong: nothing is lost, or called saved before it is."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect

from tests.browser.conftest import OWNER, PASSWORD, RunningSite, Visitor, chromium
from tests.servers import start_postgres

SAVED = re.compile(r"Saved \d\d:\d\d")
WAITING = re.compile("Not saved yet")
COLLEAGUE = "respondent@northmere.example"
OTHER = "owner@tallowmere.example"
OFFLINE_FOR = 30_000  # milliseconds
FROZEN_FOR = 5_000
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 1000, "uploadThroughput": 1000}
FULL_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
# Whatever a page can keep in a browser, as one text; bytes as the characters they would be.
KEPT = """async () => {
  const words = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      for (const row of await new Promise((done) => (all.onsuccess = () => done(all.result)))) {
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
# Every state of saving that the page ever showed, with the number of edits without an answer at that moment.
WATCH = """() => {
  window.shown = [];
  const look = () => {
    const text = document.getElementById("save-state")?.textContent.trim().replace(/\\s+/g, " ");
    const waits = saving.queue.entries.length + saving.queue.elsewhere.length;
    const last = window.shown.at(-1);
    if (text && (last?.text !== text || last?.waits !== waits)) window.shown.push({text, waits});
  };
  const all = {subtree: true, childList: true, characterData: true};
  new MutationObserver(look).observe(document.querySelector(".bar"), all);
  look();
}"""
# What the queue of the page holds, for whoever reads why a test failed.
QUEUE = """async () => {
  const own = saving.queue.entries.map(({op, problem, isSent, body}) => ({op, problem, isSent, body}));
  const locks = await navigator.locks.query();
  const kept = (await saving.vault.rows()).map((row) => row.op);
  return JSON.stringify({own, elsewhere: saving.queue.elsewhere, trouble: saving.queue.trouble, locks, kept});
}"""


@dataclass
class Answering:
    """A person who answers one assessment, and what must be there in the end."""

    visitor: Visitor
    base: str
    colleague: Page | None = None
    typed: dict[tuple[str, str], Any] = field(default_factory=dict)  # question and column → value
    words: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)  # states that spoke of "Saved" too soon

    @property
    def page(self) -> Page:
        return self.visitor.page

    def open(self, path: str) -> None:
        self.page.goto(f"{self.visitor.site.address}{self.base}answers/{path}")
        self.watch()

    def watch(self) -> None:
        expect(self.page.locator("html")).to_have_class(re.compile("scripted"))
        self.page.evaluate(WATCH)

    def leave(self) -> None:
        """What the page said while it was open."""
        self.early += [
            said["text"]
            for said in self.page.evaluate("window.shown")
            if said["text"][:5] == "Saved" and said["waits"]
        ]

    def level(self, code: str, level: int) -> None:
        row = self.page.locator(f"form[data-question='{code}']")
        row.locator(f"input[name=reply][value='{level}']").evaluate("choice => choice.click()")
        self.typed[code, "level"] = level

    def grade(self, code: str, grade: str) -> None:
        self.page.locator(f"form[data-question='{code}'] [name=grade]").select_option(grade)
        self.typed[code, "grade"] = grade

    def flag(self, code: str) -> None:
        self.page.locator(f"form[data-question='{code}'] input[name=flagged]").evaluate("box => box.click()")
        self.typed[code, "flagged"] = True

    def text(self, code: str, column: str, words: str) -> None:
        self.page.locator(f"[name={column}]").fill(words)
        self.typed[code, column] = words
        self.words.append(words)

    def missing(self) -> list[tuple[str, str]]:
        """What was typed and is not stored."""
        stored = stored_answers(self.visitor.site, self.base)
        return [place for place, value in self.typed.items() if stored[place[0]][place[1]] != value]

    def until_nothing_is_missing(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.missing() and time.monotonic() < end:
            self.page.wait_for_timeout(200)
        assert self.missing() == [], self.page.evaluate(QUEUE)

    def wait_until_stored(self, seconds: float = 60) -> None:
        self.until_nothing_is_missing(seconds)
        expect(self.page.locator("#save-state")).to_have_text(SAVED, timeout=10_000)


def until(page: Page, expression: str, seconds: float = 30) -> None:
    """Ask again until it is so; the policy of the pages forbids the browser's own way of waiting for it."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def rows(site: RunningSite, statement: str, *values: str) -> list[sqlite3.Row]:
    """Rows of the site's own database, read beside it."""
    with sqlite3.connect(f"file:{site.folder / 'db.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        database.row_factory = sqlite3.Row
        return database.execute(statement, values).fetchall()


def stored_answers(site: RunningSite, base: str) -> dict[str, sqlite3.Row]:
    statement = (
        "SELECT answer.* FROM assessments_answer answer "
        "JOIN assessments_assessment a ON a.id = answer.assessment_id WHERE a.uuid = ?"
    )
    return {row["question_code"]: row for row in rows(site, statement, uuid_of(base))}


def uuid_of(base: str) -> str:
    return base.split("/")[2].replace("-", "")


def start(visitor: Visitor, title: str) -> str:
    """The path of a new assessment."""
    page = visitor.page
    visitor.go("/assessments/new/")
    page.get_by_label("Site").select_option(index=1)
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Start the assessment").click()
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f-]{36}/$"))
    return urlsplit(page.url).path


def codes_of(site: RunningSite, base: str, dimension: str) -> list[str]:
    return sorted(code for code in stored_answers(site, base) if code.startswith(dimension))


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


# --- R-05 ---------------------------------------------------------------------------------------------


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


def write(me: Answering, code: str, word: str) -> None:
    """Two texts of one question, left as they are, without a pause for them to be saved."""
    me.text(code, "evidence_note", f"{word} evidence")
    me.text(code, "comment", f"{word} comment")


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


# --- R-10 ---------------------------------------------------------------------------------------------


def sign_in_beside(context: BrowserContext, site: RunningSite, email: str) -> Page:
    """A second tab of the same browser in which somebody signs in."""
    tab = context.new_page()
    tab.goto(f"{site.address}/accounts/login/")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url("**/home/")
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
    expect(me.page.get_by_role("heading", level=1)).not_to_contain_text("Genealogy", timeout=30_000)
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


# --- two browsers -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site_on_postgres() -> Iterator[RunningSite]:
    server = start_postgres()
    running = RunningSite(server.url)
    yield running
    running.stop()
    server.stop()


@pytest.mark.check("R-01")
def test_of_two_browsers_on_one_question_the_second_chooses(
    browser: Browser, site_on_postgres: RunningSite, figure: Callable[..., None]
) -> None:
    contexts = [browser.new_context(), browser.new_context()]
    first, second = (Visitor(context, site_on_postgres) for context in contexts)
    first.sign_in()
    base = start(first, "Two at once")
    second.sign_in(COLLEAGUE)
    for person in (first, second):
        person.go(f"{base}answers/D1/D1-INV/")
        expect(person.page.locator("html")).to_have_class(re.compile("scripted"))
    for person, words in ((first, "said first"), (second, "said second")):
        person.page.get_by_label("Comment").fill(words)
        person.page.get_by_label("Comment").blur()
        if person is first:
            expect(first.page.locator("#save-state")).to_have_text(SAVED, timeout=10_000)
    both = second.page.get_by_role("group", name="Two answers")
    expect(both).to_contain_text("said first")
    expect(both).to_contain_text("said second")
    expect(second.page.locator("#save-state")).to_contain_text("Not saved")
    both.get_by_role("button", name="Keep theirs").click()
    expect(second.page.locator("#save-state")).to_have_text(SAVED, timeout=10_000)
    expect(second.page.get_by_label("Comment")).to_have_value("said first")
    first.page.reload()
    expect(first.page.get_by_label("Comment")).to_have_value("said first")
    with psycopg.connect(site_on_postgres.environment["DATABASE_URL"]) as database:
        statement = "SELECT after_json::text FROM records_event WHERE object_id LIKE %s"
        trail = " ".join(row[0] for row in database.execute(statement, [f"{base.split('/')[2]}/%"]))
    lost = [words for words in ("said first", "said second") if words not in trail]
    figure("R-01", browsers=2, lost=len(lost))
    for context in contexts:
        context.close()
    assert (lost, first.complaints, second.complaints) == ([], [], [])


# --- Signing out, and a browser that keeps nothing ----------------------------------------------------


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
