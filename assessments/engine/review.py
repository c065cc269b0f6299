"""What a review says, in plain shapes: its decisions, what was asked, and how the site answers a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACCEPTED, REST, SET = "accepted", "rest", "set"


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What was decided on one answer; only a level that was set has a reason and a pointer."""

    question: str
    kind: str  # accepted; rest: accepted with the rest, without being opened; or set
    level: int | None  # 0 to 5 where it was set; accepting writes none
    reason: str
    pointer: str
    decided_by: str  # as others see the person
    decided_at: str  # ISO text in UTC, as all moments here


@dataclass(frozen=True, slots=True)
class InquiryRecord:
    """A question to the site; what belongs to the reply is empty where none was given."""

    question: str
    text: str
    asked_by: str
    asked_at: str
    reply: str
    replied_by: str
    replied_at: str


@dataclass(frozen=True, slots=True)
class StanceRecord:
    """The owner's answer to one change: it stands beside the review and changes no number."""

    question: str
    agrees: bool
    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A finished review: who, when, what was decided on every question."""

    consultancy: str
    reviewers: tuple[str, ...]  # who decided or finished, in the order of their first decision
    started_at: str
    finished_at: str
    finished_by: str
    statement: str
    decisions: tuple[DecisionRecord, ...]  # every question, in document order
    inquiries: tuple[InquiryRecord, ...]  # in the order asked

    @property
    def changes(self) -> tuple[DecisionRecord, ...]:
        """The levels that the reviewers set."""
        return tuple(row for row in self.decisions if row.kind == SET)

    @property
    def accepted_with_the_rest(self) -> int:
        """How many answers were accepted together, without a decision on each."""
        return sum(row.kind == REST for row in self.decisions)

    @property
    def accepted_one_by_one(self) -> int:
        """How many answers were accepted by a decision on each."""
        return sum(row.kind == ACCEPTED for row in self.decisions)

    @property
    def validated(self) -> dict[str, int]:
        """What `evaluate` is told: the levels set, by question; empty where all was accepted."""
        return {row.question: row.level for row in self.decisions if row.level is not None}


def read_review(document: Mapping[str, Any] | None) -> ReviewRecord | None:
    """The review that a snapshot keeps; None where there was none."""
    if document is None:
        return None
    return ReviewRecord(
        **{
            **document,
            "reviewers": tuple(document["reviewers"]),
            "decisions": tuple(DecisionRecord(**row) for row in document["decisions"]),
            "inquiries": tuple(InquiryRecord(**row) for row in document["inquiries"]),
        }
    )
