"""The contents at the side: every dimension with its counts, and the questions that a filter lets through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.engine.ground import claimed_levels
from assessments.engine.sensitivity import raise_flags
from assessments.forms.filters import STATES, Filter
from assessments.live_state import WAITING, Listed, LiveState
from assessments.models import Assessment
from assessments.results import spec_of
from assessments.views.addresses import page_address
from frameworks.document.shapes import DimensionSpec, FrameworkSpec

LISTED_MOST = 120  # questions; of more, the contents list those of the dimension at hand


@dataclass(frozen=True)
class Counts:
    """How many questions there are among these, how many are replied to, and how many wait for something."""

    rows: list[Listed]

    @cached_property
    def asked(self) -> int:
        return len(self.rows)

    @cached_property
    def replied(self) -> int:
        return self.asked - len(self.in_state["unanswered"])

    @property
    def percent(self) -> int:
        return 100 * self.replied // self.asked if self.asked else 0

    @cached_property
    def in_state(self) -> dict[str, list[Listed]]:
        """Those unanswered, don't know, without evidence, flagged, to confirm: every state, if of none."""
        found: dict[str, list[Listed]] = {state: [] for state in WAITING}
        for row in self.rows:
            for state in row.waits_for:
                found[state].append(row)
        return found

    @cached_property
    def by_state(self) -> dict[str, int]:
        """How many are in each state, zero too."""
        return {state: len(rows) for state, rows in self.in_state.items()}

    @property
    def waiting(self) -> list[tuple[str, int]]:
        """(state, how many), only where there are some."""
        return [(state, count) for state, count in self.by_state.items() if count]


@dataclass(frozen=True)
class Part:
    """A dimension in the contents: all its questions counted, those shown listed."""

    dimension: DimensionSpec
    counts: Counts
    rows: list[Listed]


@dataclass(frozen=True)
class Contents:
    """The questions as one filter shows them."""

    assessment: Assessment
    live: LiveState
    filter: Filter

    @cached_property
    def rows(self) -> list[Listed]:
        return list(self.live.listed.values())

    @cached_property
    def whole(self) -> Counts:
        return Counts(self.rows)

    @cached_property
    def part(self) -> Counts:
        """The part that role, area and gates ask for, whatever the state of its answers."""
        if not self.filter.is_of_part:
            return self.whole
        return Counts([row for row in self.rows if self.filter.covers(row.question)])

    @cached_property
    def shown(self) -> list[Listed]:
        """What the whole filter lets through, in document order."""
        return self.in_state(self.filter.state)

    def in_state(self, state: str) -> list[Listed]:
        """The questions of the part whose answers are in this state; all of the part without one."""
        if not state:
            return self.part.rows
        if state == "contradicting":
            return [row for row in self.part.rows if row.question.code in self.contradicting]
        return self.part.in_state[state]

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        return contradictions(self.live)

    @cached_property
    def contradicting(self) -> frozenset[str]:
        """The questions whose answers contradict each other."""
        return frozenset(row.question.code for found in self.contradictions for row in found.rows)

    def against(self, code: str) -> list[tuple[str, list[Listed]]]:
        """(what is wrong, the other answers) of each contradiction that this question is part of."""
        return [
            (found.text, [row for row in found.rows if row.question.code != code])
            for found in self.contradictions
            if found.names(code)
        ]

    @property
    def parts(self) -> list[Part]:
        """Every dimension, also those that show nothing."""
        shown = {row.question.code for row in self.shown}
        found = []
        for dimension in spec_of(self.assessment).dimensions:
            counts = self.counts_of(dimension.code)
            listed = [row for row in counts.rows if row.question.code in shown]
            found.append(Part(dimension, counts, listed))
        return found

    def counts_of(self, dimension: str) -> Counts:
        """A dimension counted, whatever the filter."""
        return Counts([row for row in self.rows if row.dimension == dimension])

    def beside(self, code: str) -> tuple[Listed | None, Listed | None, Listed | None]:
        """Of the question with this code: the one before and after that are shown, and the next unanswered.

        The next unanswered is shown as well, and goes round once.
        """
        codes = [row.question.code for row in self.rows]
        place = codes.index(code)
        before = {row.question.code for row in self.rows[:place]}
        others = [row for row in self.shown if row.question.code != code]
        earlier = [row for row in others if row.question.code in before]
        later = [row for row in others if row.question.code not in before]
        waiting = [row for row in [*later, *earlier] if not row.answer.is_reply]
        return (
            earlier[-1] if earlier else None,
            later[0] if later else None,
            waiting[0] if waiting else None,
        )

    def next_to_confirm(self, code: str) -> Listed | None:
        """After the question with this code, the next shown that waits to be confirmed; goes round once."""
        place = [row.question.code for row in self.rows].index(code)
        shown = {row.question.code for row in self.shown}
        onward = self.rows[place + 1 :] + self.rows[:place]
        waiting = (row for row in onward if row.question.code in shown and row.answer.carried_from_id)
        return next(waiting, None)

    def next_unanswered(self, dimension: str) -> Listed | None:
        """From the head of a dimension, the next of the part without a reply; goes round once."""
        rows = self.part.rows
        here = next((place for place, row in enumerate(rows) if row.dimension == dimension), 0)
        return next((row for row in rows[here:] + rows[:here] if not row.answer.is_reply), None)

    def context(self) -> dict[str, Any]:
        """What the templates of the contents show."""
        return {
            "contents": self.parts,
            "counts": self.whole,
            "keep": self.filter.query,
            "lists_all": len(self.rows) <= LISTED_MOST or bool(self.filter.query),
            **self.tally(),
        }

    def tally(self, dimension: str = "", question: str = "") -> dict[str, Any]:
        """The counts that a save moves: of the part, by state, each with where it leads.

        The page of a dimension shows the states of its own questions, so it counts those alone. The page
        of a question stays where the filter shows it, and leads to the first that is shown where it does not.
        """
        counted = self.part
        if dimension:
            counted = Counts([row for row in self.part.rows if row.dimension == dimension])
        counts = counted.by_state | {
            "contradicting": sum(row.question.code in self.contradicting for row in counted.rows)
        }
        return {
            "filter": self.filter,
            "of_part": self.part,
            "counted": counted,
            "part_name": part_name(spec_of(self.assessment), self.filter),
            "states": [
                (state, name, counts[state], self._leading_to(state, question))
                for state, name in STATES.items()
            ],
            "any_state": self.filter.with_state("").query or "?",
            "listed_at": "" if dimension else "#contents",  # on a phone, far below the question
        }

    def _leading_to(self, state: str, question: str) -> str:
        """Where the count of a state leads from this question; without one, to the filter alone."""
        chosen = self.filter.with_state(state)
        rows = self.in_state(state) if question else []
        if not rows or any(row.question.code == question for row in rows):
            return chosen.query
        return page_address(self.assessment, rows[0].question.code, chosen, whole_dimension=False)


def part_name(spec: FrameworkSpec, chosen: Filter) -> list[str]:
    """The names of role and area that a filter asks for; gates are the template's word."""
    roles = {role.code: role.name for role in spec.roles}
    areas = {area.code: area.name for area in spec.areas}
    return [name for name in (roles.get(chosen.role), areas.get(chosen.area)) if name]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule of the content that the answers meet: what one claims and others deny (Method, section 9)."""

    text: str
    rows: tuple[Listed, ...]  # the one that claims, then those that deny it

    def names(self, code: str) -> bool:
        return any(row.question.code == code for row in self.rows)


def contradictions(live: LiveState) -> list[Contradiction]:
    """The contradictions among these answers, by the engine's own rule; don't know counts as level 0."""
    levels = claimed_levels(live.spec, live.inputs)
    flags = raise_flags(live.spec, levels)
    rules = {flag.code: flag for flag in live.spec.flags}
    found = []
    for flag in flags:
        rule = rules[flag.rule]
        denying = [part.question for part in rule.any_of if levels.get(part.question, 6) <= part.at_most]
        found.append(
            Contradiction(flag.text, tuple(live.listed[code] for code in (rule.when.question, *denying)))
        )
    return found
