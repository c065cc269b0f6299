"""Every write flow, cut off at every statement: it has happened whole, or not at all (R-04)."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import OperationalError, connection

from accounts.models import Site
from tests.builders import PASSWORD, make_site
from tests.flows import Flow, flows
from tests.integration.test_mass_assignment import VOLATILE, ours, plain
from tests.snapshots import Kept, Watch
from tests.world import make_world

State = dict[str, list[str]]
WRITES = r"\s*(INSERT INTO|UPDATE|DELETE FROM)\b"
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")  # of content in which moments stand
DIED = 9  # the status of a process that a cut ended
# Addresses with nothing to write: codes that are not in use, a password that is set, a session's own.
IDLE = {
    "account_reauthenticate",
    "account_request_reauthentication_code",
    "account_confirm_reauthentication_code",
    "account_set_password",
}
KEYS = re.compile(r"(^|_)(id|seq)$")  # of rows: they go up also where nothing was kept


class Fault:
    """Breaks a flow off at its n-th statement, before it runs or after it; `counts` says which ones count."""

    def __init__(self, at: int, end: Callable[[], object], *, after: bool, counts: str = "") -> None:
        self.at, self.end, self.after, self.counts = at, end, after, re.compile(counts, re.IGNORECASE)
        self.seen, self.fired = 0, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += bool(self.counts.match(sql))
        is_here = self.seen == self.at and not self.fired
        self.fired |= is_here
        if is_here and not self.after:
            self.end()
        result = execute(sql, params, many, context)
        if is_here and self.after:
            self.end()
        return result


def broken() -> None:
    raise OperationalError("injected")


def state() -> State:
    """Every row of ours, the trail too, without what is random. Of keys and moments it stays whether there is
    one, of a password whether it is the one that everybody begins with."""
    found = {}
    for model in ours():
        related = {field.attname for field in model._meta.concrete_fields if field.is_relation}
        found[model.__name__] = sorted(
            repr([(name, shown(name, value)) for name, value in row.items() if name not in related])
            for row in model._base_manager.values()
        )
    return found


def shown(name: str, value: Any) -> object:
    if name == "password":
        return check_password(PASSWORD, value)
    is_made = VOLATILE.search(name) or KEYS.search(name) or isinstance(value, datetime)
    return bool(value) if is_made else DIGEST.sub("digest", str(plain(value)))


def difference(one: State, other: State) -> dict[str, object]:
    """What two states do not share, in short."""
    return {
        name: (
            len(one[name]),
            len(other[name]),
            [row[:300] for row in sorted(set(one[name]) ^ set(other[name]))[:2]],
        )
        for name in one
        if one[name] != other[name]
    }


# --- Three ways of being cut off ------------------------------------------------------------------------


def before_a_statement(flow: Flow, point: int) -> bool:
    """The database refuses the n-th statement; whether there was one."""
    return run(flow, Fault(point, broken, after=False))


def after_a_write(flow: Flow, point: int) -> bool:
    """The n-th write is done, and then something fails."""
    return run(flow, Fault(point, broken, after=True, counts=WRITES))


def dead_after_a_write(flow: Flow, point: int) -> bool:
    """The n-th write is done, and then the process is gone: a child of ours, with a connection of its own."""
    connection.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads, from Python 3.12 on
        child = os.fork()
    if child == 0:
        try:
            run(flow, Fault(point, partial(os._exit, DIED), after=True, counts=WRITES))
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DIED


def run(flow: Flow, fault: Fault) -> bool:
    """The flow with the fault in it, which may fail; whether the fault was met."""
    with contextlib.suppress(Exception), connection.execute_wrapper(fault):
        flow.run()
    return fault.fired


# --- The sweep ------------------------------------------------------------------------------------------

WAYS = (before_a_statement, after_a_write, dead_after_a_write)
if connection.vendor == "postgresql":
    # What fails inside the process unwinds the same transactions, and connecting takes long there.
    WAYS = (dead_after_a_write,)  # type: ignore[assignment]  # fewer of them


class Sweep:
    """Cuts flows off at one point after another, and puts the database back whenever something was kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = Kept(folder)
        self.torn: list[tuple[object, ...]] = []
        self.idle: set[str] = set()
        self.points = 0

    def over(self, flow: Flow) -> None:
        watch = Watch()
        flow.first()
        is_prepared = watch.end()
        self.begun = Kept(self.folder, "begun") if is_prepared else self.kept
        self.before = state()
        flow.run()
        self.after = state()
        self.begun.put_back()
        if self.before == self.after:
            self.idle.add(flow.name)
        for way in WAYS:
            self.cut(flow, way)
        if is_prepared:
            self.kept.put_back()

    def cut(self, flow: Flow, way: Callable[[Flow, int], bool]) -> None:
        """Point after point, until a cut comes too late. Until then nothing is kept, or whole deeds are."""
        steps: list[State] = []
        for point in count(1):
            watch = Watch()
            was_met = way(flow, point)
            is_kept = watch.end()
            self.points += was_met
            now = state() if is_kept else self.before
            if is_kept:
                self.begun.put_back()
            if now == self.after:
                return
            if now != self.before and now not in steps:
                steps.append(now)
                if len(steps) >= flow.steps:
                    self.torn.append((flow.name, way.__name__, point, difference(self.before, now)))
            if not was_met:
                self.torn.append((flow.name, way.__name__, "another end", difference(self.after, now)))
                return


@pytest.mark.check("R-04")
@pytest.mark.django_db(transaction=True)
def test_every_write_flow_happens_whole_or_not_at_all(tmp_path, figure, caplog):
    caplog.set_level(logging.CRITICAL)  # what fails here is meant to
    world = make_world()
    every = flows(world)
    sweep = Sweep(tmp_path)
    for flow in every:
        sweep.over(flow)
    writing = len(every) - len(sweep.idle)
    figure("R-04", flows=len(every), writing=writing, points=sweep.points, torn=len(sweep.torn))
    assert (sweep.torn, sweep.idle) == ([], IDLE)


@pytest.mark.check("R-04")
@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_a_flow_in_two_halves(tmp_path):
    """The same sweep over two writes that belong together, and are not in one transaction."""
    site = make_site(name="Before")

    def move() -> None:
        Site.unguarded.filter(pk=site.pk).update(name="After")
        Site.unguarded.filter(pk=site.pk).update(place="Elsewhere")

    sweep = Sweep(tmp_path)
    sweep.over(Flow("in two halves", move))
    places = {"before_a_statement": 2, "after_a_write": 1, "dead_after_a_write": 1}
    found = [tuple(torn[:3]) for torn in sweep.torn]
    assert found == [("in two halves", way.__name__, places[way.__name__]) for way in WAYS]
