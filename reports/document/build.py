"""Putting a report together: from a record and its results to everything that the templates print."""

from __future__ import annotations

from collections import Counter
from datetime import date

from assessments.charts import planning
from assessments.charts.findings import use_groups
from assessments.charts.levels import ladder, radar
from assessments.engine.display import tenths
from assessments.engine.record import AssessmentRecord, RevisionRecord
from assessments.engine.review import StanceRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document import levels, parts
from reports.document.reviewing import review_part, wall_time
from reports.document.shapes import Document, Facts, RevisionRow
from reports.document.summary import chosen_uses, seal, summary


def build_document(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    *,
    digest: str,
    asked_at: str = "",
    stances: tuple[StanceRecord, ...] = (),
    revisions: tuple[RevisionRecord, ...] = (),
) -> Document:
    """The content of a report, numbers rounded once; `digest` in hex, `asked_at` an ISO text or empty.

    `stances` are the owner's answers to the changes of a review, `revisions` how this one came about;
    no record holds them.
    """
    rows = ladder(spec, results)
    review = review_part(spec, record, stances)
    changes = review.changes if review else ()
    return Document(
        spec=spec,
        record=record,
        results=results,
        facts=facts(spec, record, digest, asked_at),
        revisions=tuple(RevisionRow(row, wall_time(row.at, record.time_zone)) for row in revisions),
        cover=levels.cover(rows),
        key=levels.ladder_key(is_reviewed=review is not None),
        summary=summary(spec, record, results, rows, review),
        chosen=chosen_uses(spec, record, results),
        profile=parts.profile(spec, results, rows),
        radar=levels.radar(radar(rows), size=22, beside=56),  # printed at a third of its size
        ground=parts.ground(spec, record, results, rows),
        review=review,
        plant=parts.plant(spec, record, results, rows),
        dimensions=parts.dimensions(spec, record, results, rows, changes),
        uses=tuple((verdict, tuple(group)) for verdict, group in use_groups(spec, results, record.use_cases)),
        gaps=planning.gap_rows(spec, record.use_cases, results),
        unanswered_gaps=tuple(spec.questions[code] for code in results.gaps.unanswered),
        areas=tuple(
            (area, tenths(results.readings.claimed.areas[area.code]), results.gaps.areas.get(area.code))
            for area in spec.areas
        ),
        targets=tuple((spec.dimension_by_code[code], level) for code, level in results.targets.items()),
        plan=parts.plan(spec, record, results),
        answers=parts.answers(spec, record, changes),
        references=parts.references(spec, record, results),
    )


def facts(spec: FrameworkSpec, record: AssessmentRecord, digest: str, asked_at: str) -> Facts:
    """What identifies the report; moments in the time of the site."""
    zone = record.time_zone
    created = wall_time(record.created_at, zone)
    if created is None:
        raise ValueError("a record without the moment of its start")
    return Facts(
        is_draft=not record.submitted_at,
        digest=digest,
        seal=seal(digest),
        created_on=created.date(),
        submitted_at=wall_time(record.submitted_at, zone),
        reviewed_at=wall_time(record.review.finished_at, zone) if record.review else None,
        asked_at=wall_time(asked_at, zone),
        dpmm_on=date.fromisoformat(record.dpmm.on) if record.dpmm.on else None,
        status_as_of=date.fromisoformat(spec.status_as_of),
        contributors=contributors(record),
    )


def contributors(record: AssessmentRecord) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who had a part, by role: the members then, who changed an answer last, and the reviewers."""
    roles: dict[str, list[str]] = {}
    for name, role in record.people:
        roles.setdefault(role, []).append(name)
    answered = Counter(row.answered_by for row in record.answers if row.answered_by)
    found = [(role, tuple(names)) for role, names in roles.items()]
    if answered:
        found.append(("answered", tuple(f"{name} ({n})" for name, n in answered.most_common())))
    if record.review is not None:
        reviewers = tuple(f"{name}, {record.review.consultancy}" for name in record.review.reviewers)
        found.append(("reviewer", reviewers))
    return tuple(found)
