"""How requests share a process that writes to SQLite."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

READING = {"GET", "HEAD", "OPTIONS"}


def writes_in_turn(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """One request of a process at a time where it may write; databases other than SQLite need no turns.

    SQLite takes one writer at a time and lets the others poll. The threads of a process share an
    interpreter as well, so that those who render would hold up the one for whom all others wait.
    """
    if connection.vendor != "sqlite":
        raise MiddlewareNotUsed
    turn = Lock()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in READING:
            return get_response(request)
        with suppress(UnreadablePostError):
            _ = request.POST  # what a slow line sends is waited for before, so that it holds up nobody
        with turn:
            return get_response(request)

    return middleware
