"""Putting a report together: from a record and its results to everything that the templates print."""

from __future__ import annotations

from datetime import date

from assessments.charts import planning
from assessments.charts.findings import use_groups
from assessments.charts.levels import ladder, radar
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document import levels, parts
from reports.document.shapes import Document, Facts
from reports.document.summary import chosen_uses, seal, summary


def build_document(
    spec: FrameworkSpec, record: AssessmentRecord, results: Results, *, digest: str, asked_at: str = ""
) -> Document:
    """The content of a report, numbers rounded once; `digest` in hex, `asked_at` an ISO text or empty."""
    rows = ladder(spec, results)
    return Document(
        spec=spec,
        record=record,
        results=results,
        facts=facts(spec, record, digest, asked_at),
        cover=levels.cover(rows),
        key=levels.ladder_key(),
        summary=summary(spec, record, results, rows),
        chosen=chosen_uses(spec, record, results),
        profile=parts.profile(spec, rows),
        radar=levels.radar(radar(rows)),
        ground=parts.ground(spec, record, results),
        plant=parts.plant(spec, record, results),
        dimensions=parts.dimensions(spec, record, results, rows),
        uses=tuple((verdict, tuple(group)) for verdict, group in use_groups(spec, results, record.use_cases)),
        gaps=planning.gap_rows(spec, record.use_cases, results),
        unanswered_gaps=tuple(spec.questions[code] for code in results.gaps.unanswered),
        gap_areas=tuple(
            sorted(
                (
                    (area.name, results.gaps.areas[area.code])
                    for area in spec.areas
                    if area.code in results.gaps.areas
                ),
                key=lambda row: -row[1],
            )
        ),
        targets=tuple((spec.dimension_by_code[code], level) for code, level in results.targets.items()),
        plan=parts.plan(spec, record, results),
        answers=parts.answers(spec, record),
        references=parts.references(spec, record, results),
    )


def facts(spec: FrameworkSpec, record: AssessmentRecord, digest: str, asked_at: str) -> Facts:
    """What identifies the report; moments in the time of the site."""
    created = parts.wall_time(record.created_at, record.time_zone)
    if created is None:
        raise ValueError("a record without the moment of its start")
    return Facts(
        is_draft=not record.submitted_at,
        digest=digest,
        seal=seal(digest),
        created_on=created.date(),
        submitted_at=parts.wall_time(record.submitted_at, record.time_zone),
        asked_at=parts.wall_time(asked_at, record.time_zone),
        dpmm_on=date.fromisoformat(record.dpmm.on) if record.dpmm.on else None,
        status_as_of=date.fromisoformat(spec.status_as_of),
    )
