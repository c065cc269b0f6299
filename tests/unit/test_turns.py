"""On SQLite the writes of a process go one at a time; who reads, or sends slowly, holds up nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, UnreadablePostError

from bami_site import middleware
from bami_site.middleware import writes_in_turn

SOON, LATE = 0.2, 20  # seconds: for what must not happen, and for what must


class Asked:
    """What the middleware knows of a request: its form comes as `sent` says; its page works until `ended`."""

    def __init__(self, method: str, name: str, sent: Callable[[], object] = lambda: None) -> None:
        self.method, self.path = method, name
        self.sent = sent
        self.begun, self.ended = Event(), Event()

    @property
    def POST(self):  # noqa: N802  # Django's name
        self.sent()
        return {}


def work(request: Any) -> HttpResponse:
    request.begun.set()
    assert request.ended.wait(LATE)
    return HttpResponse(request.path)


@pytest.fixture
def on(monkeypatch):
    """The middleware as it is on a database of that kind."""

    def make(vendor: str):
        monkeypatch.setattr(middleware, "connection", SimpleNamespace(vendor=vendor))
        return writes_in_turn(work)

    return make


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_a_write_waits_for_the_one_before_it(on, pool):
    ask, first, second = on("sqlite"), Asked("POST", "first"), Asked("POST", "second")
    answers = [pool.submit(ask, first)]
    assert first.begun.wait(LATE)
    answers.append(pool.submit(ask, second))
    assert not second.begun.wait(SOON)
    first.ended.set()
    assert second.begun.wait(LATE)
    second.ended.set()
    assert [answer.result(LATE).content for answer in answers] == [b"first", b"second"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_waits_for_no_write(on, pool, method):
    ask, writer, reader = on("sqlite"), Asked("POST", "writer"), Asked(method, "reader")
    pool.submit(ask, writer)
    assert writer.begun.wait(LATE)
    pool.submit(ask, reader)
    assert reader.begun.wait(LATE)
    for request in (reader, writer):
        request.ended.set()


def test_a_form_that_comes_slowly_holds_up_no_other(on, pool):
    arrives = Event()
    slow, quick = Asked("POST", "slow", sent=lambda: arrives.wait(LATE)), Asked("POST", "quick")
    ask = on("sqlite")
    pool.submit(ask, slow)
    pool.submit(ask, quick)
    assert quick.begun.wait(LATE)
    quick.ended.set()
    arrives.set()
    assert slow.begun.wait(LATE)
    slow.ended.set()


def test_a_form_that_breaks_off_is_left_to_the_page(on):
    def breaks():
        raise UnreadablePostError

    request = Asked("POST", "broken", sent=breaks)
    request.ended.set()
    assert on("sqlite")(request).content == b"broken"


def test_a_page_that_fails_gives_its_turn_back(on, monkeypatch):
    monkeypatch.setattr(middleware, "PATIENCE", LATE)
    ask, failing, after = on("sqlite"), Asked("POST", "failing"), Asked("POST", "after")
    after.ended.set()
    monkeypatch.setattr(failing, "begun", None)
    with pytest.raises(AttributeError):
        ask(failing)
    start = time.monotonic()
    assert ask(after).content == b"after"
    assert time.monotonic() - start < LATE / 2


def test_a_page_that_hangs_stops_the_others_for_a_moment_only(on, pool, monkeypatch):
    monkeypatch.setattr(middleware, "PATIENCE", SOON)
    ask, hanging, *others = on("sqlite"), *(Asked("POST", name) for name in ("hanging", "second", "third"))
    pool.submit(ask, hanging)
    assert hanging.begun.wait(LATE)
    for other in others:
        other.ended.set()
        assert pool.submit(ask, other).result(LATE).content == other.path.encode()
    hanging.ended.set()


def test_other_databases_need_no_turns(on):
    with pytest.raises(MiddlewareNotUsed):
        on("postgresql")
