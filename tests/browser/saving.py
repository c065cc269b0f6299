"""A person who answers in a real browser, and what the site stores of it: for the tests of saving."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import RunningSite, Visitor

SAVED = re.compile(r"Saved \d\d:\d\d")
WAITING = re.compile("Not saved yet")
COLLEAGUE = "respondent@northmere.example"
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
  const locks = await navigator.locks?.query();
  const kept = await saving.vault.rows().then((rows) => rows.map((row) => row.op), String);
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
        self.visitor.go(f"{self.base}answers/{path}")
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


@contextmanager
def held_back(page: Page, pattern: str) -> Iterator[None]:
    """What is asked for at these addresses comes only afterwards, as over a slow line."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(pattern, hold)
    yield
    for route in held:
        route.continue_()
    page.unroute(pattern, hold)


def until(page: Page, expression: str, seconds: float = 30) -> None:
    """Ask again until it is so; the policy of the pages forbids the browser's own way of waiting for it.

    A promise that the browser never keeps, as of a database that is just being wiped, is asked for anew.
    """
    end = time.monotonic() + seconds
    asked = f"Promise.race([{expression}, new Promise((done) => setTimeout(done, 5000))])"
    while not page.evaluate(asked):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(200)  # a clock that a test has set stands still where timers are made oftener


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


def write(me: Answering, code: str, word: str) -> None:
    """Two texts of one question, left as they are, without a pause for them to be saved."""
    me.text(code, "evidence_note", f"{word} evidence")
    me.text(code, "comment", f"{word} comment")
