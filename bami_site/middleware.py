"""How requests share a process that writes to SQLite."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

READING = {"GET", "HEAD", "OPTIONS"}
PATIENCE = 1.0  # seconds; a turn saves work, and nothing depends on it


def writes_in_turn(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """One request of a process at a time where it may write; databases other than SQLite need no turns.

    SQLite takes one writer at a time and lets the others poll. The threads of a process share an
    interpreter as well, so that those who render would hold up the one for whom all others wait. Who waits
    longer than `PATIENCE` goes on: one page that hangs does not stop the others.
    """
    if connection.vendor != "sqlite":
        raise MiddlewareNotUsed
    turn = Lock()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in READING:
            return get_response(request)
        with suppress(UnreadablePostError):
            _ = request.POST  # what a slow line sends is waited for before, so that it holds up nobody
        held = turn.acquire(timeout=PATIENCE)
        try:
            return get_response(request)
        finally:
            if held:
                turn.release()

    return middleware
