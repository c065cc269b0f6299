"""Which action starts in which week, and the chain of actions that takes longest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, slots=True)
class Task:
    """One chosen action as the schedule sees it."""

    code: str
    weeks: int  # at least 1
    rate: Fraction
    prerequisites: tuple[str, ...]  # chosen ones only


def by_rank(tasks: Iterable[Task]) -> list[Task]:
    """Who goes first: rate descending, then code."""
    held = list(tasks)
    # Over one denominator the rates compare as whole numbers, several times faster than as fractions.
    common = lcm(*(task.rate.denominator for task in held))
    return sorted(
        held, key=lambda task: (-task.rate.numerator * (common // task.rate.denominator), task.code)
    )


def prerequisites_first(prerequisites: Mapping[str, Iterable[str]]) -> list[str]:
    """The codes in an order in which each comes after its prerequisites; there is no cycle among them."""
    missing = {code: set(before) for code, before in prerequisites.items()}
    waiting_for: dict[str, list[str]] = {code: [] for code in prerequisites}
    for code, before in missing.items():
        for prerequisite in before:
            waiting_for[prerequisite].append(code)
    order = [code for code, before in missing.items() if not before]
    for code in order:  # grows while it is walked, so that a long chain needs no recursion
        for other in waiting_for[code]:
            missing[other].discard(code)
            if not missing[other]:
                order.append(other)
    return order


def schedule(ranked: Iterable[Task], capacity: int, blackout_weeks: Collection[int]) -> dict[str, int]:
    """The start week of every task, from week 0, of tasks given by rank (Method, section 8.4).

    At most `capacity` (at least 1) run at once; nothing starts in a blackout week, what runs runs on.
    """
    blackout = frozenset(blackout_weeks)
    waiting = list(ranked)
    starts: dict[str, int] = {}
    running: dict[str, int] = {}  # end by code
    ended: set[str] = set()
    week = 0
    while waiting:
        while week in blackout:
            week += 1
        # A place is free in the very week in which its action no longer runs.
        for code in [code for code, end in running.items() if end <= week]:
            del running[code]
            ended.add(code)
        for task in list(waiting):
            if len(running) >= capacity:
                break
            if ended.issuperset(task.prerequisites):
                starts[task.code] = week
                running[task.code] = week + task.weeks
                waiting.remove(task)
        # Nothing changes before the next end: what could start has started.
        week = min(running.values())
    return starts


def critical_path(tasks: Iterable[Task]) -> tuple[str, ...]:
    """The chain of direct prerequisites with the greatest total duration, first to last (section 8.6).

    Of equal chains the one whose list of codes sorts first; empty without tasks.
    """
    by_code = {task.code: task for task in tasks}
    waiting_for: dict[str, list[str]] = {code: [] for code in by_code}
    for task in by_code.values():
        for prerequisite in task.prerequisites:
            waiting_for[prerequisite].append(task.code)
    best: dict[str, tuple[int, tuple[str, ...]]] = {}  # minus duration and codes of the chain from here on
    for code in reversed(prerequisites_first({code: task.prerequisites for code, task in by_code.items()})):
        minus_weeks, chain = min((best[other] for other in waiting_for[code]), default=(0, ()))
        best[code] = (minus_weeks - by_code[code].weeks, (code, *chain))
    return min(best.values(), default=(0, ()))[1]
