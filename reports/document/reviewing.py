"""What a finished review says, as the report prints it: beside each answer, by dimension, and as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assessments.charts.levels import carried
from assessments.engine.record import AssessmentRecord
from assessments.engine.review import SET, StanceRecord
from frameworks.document.shapes import FrameworkSpec
from reports.document.shapes import AskedRow, ChangeRow, ReviewedAnswer, ReviewPart


def review_part(
    spec: FrameworkSpec, record: AssessmentRecord, stances: Iterable[StanceRecord]
) -> ReviewPart | None:
    """The review as a whole; None before it is finished."""
    review = record.review
    if review is None:
        return None
    started, finished = (
        wall_time(review.started_at, record.time_zone),
        wall_time(review.finished_at, record.time_zone),
    )
    if started is None or finished is None:
        raise ValueError("a review without the moments of its start and end")
    changes = change_rows(spec, record, stances)
    return ReviewPart(
        review=review,
        started_at=started,
        finished_at=finished,
        changes=changes,
        disputed=sum(row.stance is not None and not row.stance.agrees for row in changes),
        unanswered=sum(row.stance is None for row in changes),
    )


def change_rows(
    spec: FrameworkSpec, record: AssessmentRecord, stances: Iterable[StanceRecord]
) -> tuple[ChangeRow, ...]:
    """Every level that the reviewers set, in document order, with the owner's answer to it."""
    if record.review is None:
        return ()
    answers = {row.question: row for row in record.answers}
    said = {row.question: row for row in stances}
    rows = []
    for decision in record.review.changes:
        answer, stance = answers[decision.question], said.get(decision.question)
        rows.append(
            ChangeRow(
                question=spec.questions[decision.question],
                answer=answer,
                evidenced=carried(spec, answer),
                decision=decision,
                at=wall_time(decision.decided_at, record.time_zone),
                stance=stance,
                stance_at=wall_time(stance.at, record.time_zone) if stance else None,
            )
        )
    return tuple(rows)


def reviewed_answers(
    spec: FrameworkSpec, record: AssessmentRecord, changes: Iterable[ChangeRow]
) -> dict[str, ReviewedAnswer]:
    """By question, what the review says of each answer; empty before it is finished."""
    if record.review is None:
        return {}
    changed = {row.question.code: row for row in changes}
    zone = record.time_zone
    asked = [
        AskedRow(row, wall_time(row.asked_at, zone), wall_time(row.replied_at, zone))
        for row in record.review.inquiries
    ]
    return {
        decision.question: ReviewedAnswer(
            decision=decision,
            at=wall_time(decision.decided_at, zone),
            level_name=spec.levels[decision.level].name if decision.level is not None else "",
            change=changed.get(decision.question) if decision.kind == SET else None,
            asked=tuple(row for row in asked if row.inquiry.question == decision.question),
        )
        for decision in record.review.decisions
    }


def wall_time(moment: str, zone: str) -> datetime | None:
    """A moment as the clock of the site shows it, without a zone; UTC where the zone is not known."""
    if not moment:
        return None
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    return datetime.fromisoformat(moment).astimezone(place).replace(tzinfo=None)
