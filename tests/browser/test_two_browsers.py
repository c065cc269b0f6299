"""Two people save the same answer from two browsers: both values are shown, and one of them is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import RunningSite, Visitor
from tests.browser.saving import COLLEAGUE, SAVED, start
from tests.servers import start_postgres


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
