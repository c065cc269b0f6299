"""A whole site of its own for browser tests: demo data, web server and worker, as `make run` starts them."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from bami_site.demo import PASSWORD
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
OWNER = "owner@northmere.example"
PROGRAMME_ADMIN = "programme@bami.example"
PLAIN_HOST = "plant.example"  # the site by a name that a browser does not trust without https
ADA, BEN = "ada@editors.example", "ben@editors.example"  # made by tests.browser.editing
FILER = "filer@extremes.example"  # made by tests.browser.filed
LONGEST, EMPTY = "longest@extremes.example", "empty@extremes.example"  # made by tests.browser.extremes
# Made by tests.browser.reviews: a client's people, a reviewer, and who has a link that is not used yet.
CLIENT, CLIENT_VIEWER = "owner@westmere.example", "viewer@westmere.example"
REVIEWER = "maren@tessaly.example"
COLLEAGUE, ADVISER = "ida@westmere.example", "nora@advice.example"
COLLECTED = ROOT / "var" / "test-static"
PATIENCE = 20_000  # milliseconds that a page has to show what is expected of it, on a machine that is busy
expect.set_options(timeout=PATIENCE)


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time: nobody copies a file that another is just writing."""
    COLLECTED.parent.mkdir(exist_ok=True)
    with (COLLECTED.parent / "test-static.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class RunningSite:
    """`manage.py serve` with a database of its own; `manage` runs a command beside it."""

    def __init__(self, database: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bami-browser-"))
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        keep = {
            key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "BAMI_TEST_DB")
        }
        self.environment = keep | {
            "DATA_DIR": str(self.folder),
            "BAMI_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "bami_site.settings",
            "SITE_URL": self.address,
            "ALLOWED_HOSTS": f"localhost,127.0.0.1,{PLAIN_HOST}",
            "PAGES_A_MINUTE": "100000",  # a script is quicker than a person
            "SAVES_A_MINUTE": "100000",
            "REPORTS_AN_HOUR": "100000",
            "WAITLIST_AN_HOUR": "100000",
        }
        if database:
            self.environment["DATABASE_URL"] = database
        # Collecting the static files takes long; those of the last run serve where they are current.
        with alone():
            if COLLECTED.exists():
                shutil.copytree(COLLECTED, self.folder / "static")
        subprocess.run(
            [sys.executable, "-m", "scripts.prepare"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with alone():
            shutil.copytree(self.folder / "static", COLLECTED, dirs_exist_ok=True)
        command = [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{self.port}"]
        self.log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/healthz/live", timeout=2).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def manage(self, *arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return run.stdout

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def site() -> Iterator[RunningSite]:
    running = RunningSite()
    yield running
    running.stop()


def chromium() -> str | None:
    """The system's Chromium where there is one; None for Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    yield browser
    browser.close()


class Visitor:
    """A person at a browser; what the browser complains about is kept, and must stay empty."""

    def __init__(self, context: BrowserContext, site: RunningSite, address: str = "") -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.site = site
        self.address = address or site.address  # the name by which this person reaches the site
        self.complaints: list[str] = []
        self.page.on("console", self.note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def note(self, message: ConsoleMessage) -> None:
        text = f"{message.type}: {message.text}"
        # A refused save is answered with 4xx on purpose; the browser reports that too.
        if message.type in ("error", "warning") and "status of 4" not in text:
            self.complaints.append(text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sign_in(self, email: str = OWNER, password: str = PASSWORD) -> None:
        sign_in(self.page, self.address, email, password)


def sign_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    """By the form, as anybody does; on the home page afterwards."""
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home/")


def newest_link(page: Page, site: RunningSite, email: str, kind: str) -> str:
    """The link of this kind in the newest mail to an address, once the worker has sent it."""
    for _ in range(240):  # the demo's reports may stand before it in the worker's queue
        page.goto(f"{site.address}/mail/")
        article = page.locator("article.mail", has_text=email).first
        found = re.search(rf"{site.address}/(?:waitlist/)?{kind}/\S+", article.inner_text())
        if found:
            return found[0]
        page.wait_for_timeout(500)
    raise AssertionError(f"no link to {kind} was sent to {email}")


@pytest.fixture
def visitor(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    person = Visitor(context, site)
    yield person
    context.close()
    assert person.complaints == []


@pytest.fixture
def visitor_without_script(browser: Browser, site: RunningSite) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, java_script_enabled=False, accept_downloads=True
    )
    person = Visitor(context, site)
    yield person
    context.close()
    assert person.complaints == []
