"""What results say, as pages and paper show it: headline, why, verdicts, what the result hangs on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from assessments.charts.levels import index_bar
from assessments.charts.sums import index_figures
from assessments.engine.display import tenths, whole
from assessments.engine.shapes import Blocker, DimensionScore, Need, Results, Verdict
from frameworks.document.shapes import (
    CeilingSpec,
    DimensionSpec,
    DpmmLevelSpec,
    FrameworkSpec,
    QuestionSpec,
    UseCaseSpec,
)

VERDICTS = ("ready", "ready_bounded", "near", "premature")


@dataclass(frozen=True, slots=True)
class Why:
    """One dimension: what lowers its level, and what holds the next one back."""

    dimension: DimensionSpec
    claimed: DimensionScore
    evidenced: DimensionScore
    validated: DimensionScore | None  # None before a review
    ceiling: CeilingSpec | None
    lifted: tuple[DpmmLevelSpec, int] | None  # the DPMM level that lifts the ceiling, and to which level
    needs: tuple[tuple[QuestionSpec, Need], ...]
    next_level: int | None
    next_gate: int | None  # what gates need for the next level
    unknown: int  # how many replies are "don't know"

    @property
    def is_lowered(self) -> bool:
        return self.claimed.level != self.claimed.effective_level

    @property
    def capped_score(self) -> tuple[str, str] | None:
        """The score and what of it counts in the index, where the ceiling takes some of it."""
        score, counts = tenths(self.claimed.score), tenths(self.claimed.effective_score)
        return None if score is None or counts is None or score == counts else (score, counts)

    @property
    def is_unsure(self) -> bool:
        return is_unsure(self.unknown, self.claimed.replied)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a use needs of one dimension or of the digital plant, and what there is."""

    code: str  # of the dimension; empty for the digital plant
    need: int
    have: int | None
    is_short: bool


@dataclass(frozen=True, slots=True)
class UseRow:
    """One AI use: verdict, what it needs, and the answers that block it."""

    use_case: UseCaseSpec
    verdict: str
    chosen: bool
    cells: tuple[Cell, ...]  # the dimensions, then the digital plant
    questions: tuple[tuple[QuestionSpec, int | None, int], ...]  # (question, have, need)
    last_step: Blocker | None = None  # the only thing that it lacks for "ready", where that is one level


def headline(spec: FrameworkSpec, found: Results) -> dict[str, Any]:
    """The finding: level, index and what holds the site back, as words' numbers for the template."""
    claimed, evidenced, validated = (
        found.readings.claimed,
        found.readings.evidenced,
        found.readings.validated,
    )
    lowest = [code for code, row in claimed.dimensions.items() if row.effective_level == claimed.level]
    lowered = [code for code, row in claimed.dimensions.items() if row.level != row.effective_level]
    return {
        "claimed": claimed,
        "evidenced": evidenced,
        "validated": validated,  # None before a review
        "validated_level": validated.level if validated else None,
        "validated_index": whole(validated.index) if validated else None,
        "bar": index_bar(claimed),
        "figures": index_figures(found),
        "lowest": [spec.dimension_by_code[code] for code in lowest] if claimed.level is not None else [],
        "lowered": [spec.dimension_by_code[code] for code in lowered],
        "dpmm": found.dpmm,
        "dpmm_level": next(
            (row for row in spec.dpmm.levels if found.dpmm and row.level == found.dpmm.level), None
        ),
        "verdict_counts": [
            (verdict, sum(row.verdict == verdict for row in found.use_cases.values())) for verdict in VERDICTS
        ],
    }


def is_without_evidence(spec: FrameworkSpec, level: int | None, grade: str) -> bool:
    """Whether a level stands above what its evidence grade carries; without a grade, what E0 carries."""
    return (level or 0) > spec.support[grade or "E0"]


def is_unsure(unknown: int, replied: int) -> bool:
    """Whether more than a quarter of the replies are "don't know": the result rests on what nobody knows."""
    return 4 * unknown > replied


def why(spec: FrameworkSpec, found: Results, dimension: DimensionSpec) -> Why:
    """Why a dimension stands where it does (Method, sections 3 and 4)."""
    claimed = found.readings.claimed.dimensions[dimension.code]
    reviewed = found.readings.validated
    ceiling = spec.ceilings[found.dpmm.level, dimension.code] if found.dpmm else None
    next_level = (
        claimed.level + 1 if claimed.level is not None and claimed.level < 5 and claimed.why else None
    )
    return Why(
        dimension=dimension,
        claimed=claimed,
        evidenced=found.readings.evidenced.dimensions[dimension.code],
        validated=reviewed.dimensions[dimension.code] if reviewed else None,
        ceiling=ceiling,
        lifted=_lifted(spec, ceiling) if ceiling else None,
        needs=tuple((spec.questions[need.question], need) for need in claimed.why),
        next_level=next_level,
        next_gate=max(0, next_level - spec.policy.gate_slack) if next_level else None,
        unknown=sum(spec.dimension_of[code] == dimension.code for code in found.completeness.unknown),
    )


def _lifted(spec: FrameworkSpec, ceiling: CeilingSpec) -> tuple[DpmmLevelSpec, int] | None:
    for level in spec.dpmm.levels:
        row = spec.ceilings[level.level, ceiling.dimension]
        if level.level > ceiling.dpmm and row.sustained > ceiling.sustained:
            return level, row.sustained
    return None


def use_groups(
    spec: FrameworkSpec, found: Results, chosen: Collection[str]
) -> list[tuple[str, list[UseRow]]]:
    """The uses by verdict, best first; chosen ones first within a group, then in document order."""
    rows = [use_row(spec, found, use_case, use_case.code in chosen) for use_case in spec.use_cases]
    return [
        (verdict, sorted((row for row in rows if row.verdict == verdict), key=lambda row: not row.chosen))
        for verdict in VERDICTS
    ]


def use_row(spec: FrameworkSpec, found: Results, use_case: UseCaseSpec, chosen: bool) -> UseRow:
    """What a use needs and what it is short of, from the verdict's blockers (Method, section 6)."""
    verdict = found.use_cases[use_case.code]
    short = {(blocker.kind, blocker.code): blocker for blocker in verdict.blockers}
    needed = {minimum.dimension: minimum.level for minimum in use_case.minima}
    scores = found.readings.claimed.dimensions
    cells = [
        Cell(code, needed[code], scores[code].effective_level, ("dimension", code) in short)
        for code in spec.dimension_by_code
    ]
    held = found.dpmm.level if found.dpmm else None
    cells.append(Cell("", use_case.dpmm.site_wide, held, ("dpmm", None) in short))
    questions = tuple(
        (spec.questions[blocker.code], blocker.have, blocker.need)
        for blocker in verdict.blockers
        if blocker.kind == "question" and blocker.code
    )
    return UseRow(use_case, verdict.verdict, chosen, tuple(cells), questions, last_step(verdict))


def last_step(verdict: Verdict) -> Blocker | None:
    """The only thing that a use lacks for "ready", where it lacks one level of one thing; else None."""
    if len(verdict.blockers) != 1:
        return None
    (blocker,) = verdict.blockers
    return blocker if blocker.have is not None and blocker.need - blocker.have == 1 else None


def load_bearing(spec: FrameworkSpec, found: Results) -> list[dict[str, Any]]:
    """Answers on which a level or a verdict hangs, with what changes, in words' parts."""
    return [
        {
            "question": spec.questions[row.question],
            "direction": row.direction,
            "level": "level" in row.changes,
            "dimensions": [
                spec.dimension_by_code[code] for code in row.changes if code in spec.dimension_by_code
            ],
            "uses": [spec.use_case_by_code[code] for code in row.changes if code in spec.use_case_by_code],
        }
        for row in found.load_bearing
    ]


def contradictions(spec: FrameworkSpec, found: Results) -> list[dict[str, Any]]:
    """The consistency rules that are met, with the questions they name."""
    rules = {rule.code: rule for rule in spec.flags}
    return [
        {
            "text": flag.text,
            "questions": [
                spec.questions[code]
                for code in (
                    rules[flag.rule].when.question,
                    *(part.question for part in rules[flag.rule].any_of),
                )
            ],
        }
        for flag in found.flags
    ]
