"""The summary of a report: its drawings, what was found and what there is to decide, as codes and values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from assessments.charts.findings import headline, is_without_evidence
from assessments.charts.levels import LadderRow
from assessments.charts.weeks import projection
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from frameworks.document.shapes import FrameworkSpec
from reports.document import levels
from reports.document.shapes import ChosenUse, Finding, ReviewPart, Summary

SHOWN = 3  # findings, and decisions


def summary(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    rows: Sequence[LadderRow],
    review: ReviewPart | None,
) -> Summary:
    """The finding page: headline, ladder, three findings and three decisions."""
    claimed = results.readings.claimed
    found = [row.level for row in claimed.dimensions.values() if row.level is not None]
    return Summary(
        headline=headline(spec, results),
        plant_limits=claimed.level is not None and min(found) > claimed.level,
        index_bar=levels.index_bar(claimed),
        ladder=levels.ladder(rows),
        findings=tuple(findings(spec, record, results, rows, review)[:SHOWN]),
        decisions=tuple(decisions(spec, record, results)[:SHOWN]),
        without_evidence=without_evidence(spec, record),
    )


def without_evidence(spec: FrameworkSpec, record: AssessmentRecord) -> int:
    """Answers above what their evidence grade carries."""
    return sum(is_without_evidence(spec, row.level, row.grade) for row in record.answers)


def falling(results: Results) -> int:
    """Answers of which one level less changes a level or a verdict."""
    return len({row.question for row in results.load_bearing if row.direction == "down"})


def findings(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    results: Results,
    rows: Sequence[LadderRow],
    review: ReviewPart | None = None,
) -> list[Finding]:
    """What was found, what weighs most first; each with the page that shows it."""
    found: list[Finding] = []
    done = results.completeness
    if done.replied < done.asked:
        found.append(Finding("incomplete", {"replied": done.replied, "asked": done.asked}, "ground"))
    if results.dpmm is None:
        found.append(Finding("no_plant", {}, "plant"))
    if review is not None:
        values = {"review": review.review, "n": len(review.changes), "disputed": review.disputed}
        found.append(Finding("reviewed", values, "review"))
    lowered = [row for row in rows if row.claimed != row.counts]
    if lowered:
        found.append(Finding("above_plant", {"rows": lowered, "n": len(lowered)}, "plant"))
    short = [row for row in rows if (row.evidenced or 0) < (row.claimed or 0)]
    if short:
        found.append(Finding("evidence_short", {"rows": short, "n": len(short)}, "ground"))
    if results.flags:
        found.append(Finding("contradictions", {"n": len(results.flags)}, "hangs-on"))
    if done.unknown:
        found.append(Finding("unknown", {"n": len(done.unknown)}, "ground"))
    if carrying := falling(results):
        found.append(Finding("hangs_on", {"n": carrying}, "load-bearing"))
    if count := without_evidence(spec, record):
        found.append(Finding("without_evidence", {"n": count}, "ground"))
    if not lowered and results.dpmm and results.readings.claimed.level is not None:
        found.append(Finding("plant_carries", {"level": results.dpmm.level}, "plant"))
    return found


def decisions(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> list[Finding]:
    """What there is to decide, each with the code that it goes back to."""
    found: list[Finding] = []
    if not results.targets:
        return [Finding("choose", {}, "uses")]
    largest = projection(results).largest
    if largest:
        week, rise = largest
        ending = [spec.action_by_code[step.action] for step in results.roadmap.actions if step.end == week]
        found.append(Finding("largest", {"week": week, "rise": rise, "actions": ending}, "roadmap"))
    if path := results.roadmap.critical_path:
        steps = {step.action: step for step in results.roadmap.actions}
        values = {"action": spec.action_by_code[path[0]], "n": len(path), "week": steps[path[-1]].end}
        found.append(Finding("critical", values, "roadmap"))
    if results.gaps.foundation:
        need = max(row.dpmm_need for row in results.gaps.foundation)
        values = {"need": spec.dpmm.levels[need - 1], "n": len(results.gaps.foundation)}
        found.append(Finding("foundation", values, "plant"))
    bounded = [code for code in record.use_cases if results.use_cases[code].verdict == "ready_bounded"]
    if bounded:
        uses = [spec.use_case_by_code[code] for code in bounded]
        found.append(Finding("bounded", {"uses": uses, "n": len(uses)}, "uses"))
    if results.gaps.questions and len(found) < SHOWN:
        top = results.gaps.questions[0]
        found.append(Finding("first_gap", {"question": spec.questions[top.question], "gap": top}, "gaps"))
    return found


def chosen_uses(spec: FrameworkSpec, record: AssessmentRecord, results: Results) -> tuple[ChosenUse, ...]:
    """The chosen uses in document order, with the weeks in which the plan changes their verdict."""
    changes: dict[str, list[tuple[str, int]]] = {code: [] for code in record.use_cases}
    for point in results.roadmap.projection:
        for code, verdict in point.verdicts.items():
            if code in changes:
                changes[code].append((verdict, point.week))
    return tuple(
        ChosenUse(use_case, results.use_cases[use_case.code].verdict, tuple(changes[use_case.code]))
        for use_case in spec.use_cases
        if use_case.code in changes
    )


def seal(digest: str) -> str:
    """The first twelve digits of a digest, in groups of four: "4c1e 90ab 77f2"."""
    digits = "".join(takewhile(str.isalnum, digest.removeprefix("sha256:")))[:12]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
