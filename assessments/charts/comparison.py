"""Two states of a site side by side, by code: what rose, what fell, and because of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from assessments.charts.levels import claimed_level
from assessments.charts.rules.shapes import FACT, Evidence, Finding
from assessments.engine.display import whole
from assessments.engine.record import AnswerRecord, AssessmentRecord
from assessments.engine.shapes import VERDICTS, Blocker, DimensionScore, Results
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec, UseCaseSpec

ROSE, FELL, SAME, APART = "rose", "fell", "same", "apart"  # apart: not comparable


@dataclass(frozen=True)
class Side:
    """One of the two: content, record and results."""

    spec: FrameworkSpec
    record: AssessmentRecord
    results: Results


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """One dimension on both sides; None where a version does not have it."""

    dimension: DimensionSpec
    before: DimensionScore | None
    after: DimensionScore | None
    evidenced: tuple[int | None, int | None]
    moved: str  # of the level that counts
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One question whose answer or wording differs; None where a version does not have it."""

    question: QuestionSpec
    before: AnswerRecord | None
    after: AnswerRecord | None
    levels: tuple[int | None, int | None]
    moved: str
    is_reworded: bool


@dataclass(frozen=True, slots=True)
class UseChange:
    """One AI use whose verdict differs, or that only one version has."""

    use_case: UseCaseSpec
    before: str | None
    after: str | None
    moved: str
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two sides."""

    before: Side
    after: Side
    is_across_versions: bool
    dimensions: tuple[DimensionChange, ...]
    answers: tuple[AnswerChange, ...]  # of questions that both have, where the answer differs
    reworded: tuple[QuestionSpec, ...]
    added: tuple[QuestionSpec, ...]
    removed: tuple[QuestionSpec, ...]
    uses: tuple[UseChange, ...]
    findings: tuple[Finding, ...]  # the sentences, the whole first


def compare(before: Side, after: Side) -> Comparison:
    """What is different in `after`; claimed reading, as the headline is. Across versions by code."""
    dimensions = tuple(_dimensions(before, after))
    uses = tuple(_uses(before, after))
    old, new = before.spec.questions, after.spec.questions
    reworded = tuple(new[code] for code in new if code in old and is_reworded(old[code], new[code]))
    added = tuple(new[code] for code in new if code not in old)
    removed = tuple(old[code] for code in old if code not in new)
    said = [
        *_level(before, after),
        *_index(before, after),
        *(row.finding for row in dimensions if row.finding),
        *(row.finding for row in uses if row.finding),
    ]
    return Comparison(
        before=before,
        after=after,
        is_across_versions=before.spec.content_digest != after.spec.content_digest,
        dimensions=dimensions,
        answers=tuple(_answers(before, after)),
        reworded=reworded,
        added=added,
        removed=removed,
        uses=uses,
        findings=tuple(said) or (Finding("cmp_nothing", FACT, "standing", {}),),
    )


def moved(before: int | None, after: int | None) -> str:
    """Whether a number rose, fell or stayed; apart where one side has none."""
    if before == after:
        return SAME
    if before is None or after is None:
        return APART
    return ROSE if after > before else FELL


def _level(before: Side, after: Side) -> Iterator[Finding]:
    """The level of the site, and the dimensions that made it move: those that stood below the higher one."""
    old, new = before.results.readings.claimed, after.results.readings.claimed
    if old.level == new.level:
        return
    codes: tuple[str, ...] = ()
    if old.level is not None and new.level is not None:
        low, high = (old, new.level) if new.level > old.level else (new, old.level)
        codes = tuple(
            code
            for code in after.spec.dimension_by_code
            if code in low.dimensions
            and code in old.dimensions
            and (level := low.dimensions[code].effective_level) is not None
            and level < high
        )
    values = {"before": old.level, "after": new.level, "dimensions": codes}
    yield Finding("cmp_level", FACT, "standing", values, tuple(Evidence("dimension", code) for code in codes))


def _index(before: Side, after: Side) -> Iterator[Finding]:
    old, new = before.results.readings.claimed, after.results.readings.claimed
    values = {
        "before": whole(old.index),
        "after": whole(new.index),
        "held_before": whole(old.held_back),
        "held_after": whole(new.held_back),
    }
    if old.index != new.index and None not in (old.index, new.index):
        yield Finding("cmp_index", FACT, "standing", values)


def _dimensions(before: Side, after: Side) -> Iterator[DimensionChange]:
    old, new = before.results.readings, after.results.readings
    specs = {**before.spec.dimension_by_code, **after.spec.dimension_by_code}
    for code in dict.fromkeys(chain(after.spec.dimension_by_code, before.spec.dimension_by_code)):
        was, now = old.claimed.dimensions.get(code), new.claimed.dimensions.get(code)
        finding = _why(before, after, was, now) if was and now else None
        yield DimensionChange(
            dimension=specs[code],
            before=was,
            after=now,
            evidenced=(
                old.evidenced.dimensions[code].level if was else None,
                new.evidenced.dimensions[code].level if now else None,
            ),
            moved=moved(was.effective_level, now.effective_level) if was and now else APART,
            finding=finding,
        )


def _why(before: Side, after: Side, was: DimensionScore, now: DimensionScore) -> Finding | None:
    """Why the level that counts is another one: answers, the ceiling, or both (Method, sections 3 and 4).

    What counts is the lower of level and ceiling. So it rose because of whichever stood below what counts
    now, and fell because of whichever stands below what counted before.
    """
    old, new = was.effective_level, now.effective_level
    if old == new:
        return None
    if old is None or new is None:
        apart = {"dimension": now.code, "before": old, "after": new, "is_left_out": now.left_out}
        return Finding("cmp_scored", FACT, "standing", apart, (Evidence("dimension", now.code),))
    is_up = new > old
    low = was if is_up else now
    edge = max(old, new)
    by_answers = low.level is not None and low.level < edge
    by_ceiling = low.sustained is not None and low.sustained < edge
    answers = _deciding(before, after, was, now, is_up) if by_answers else ()
    values = {
        "dimension": now.code,
        "before": old,
        "after": new,
        "answers": answers,
        "by_answers": by_answers,
        "by_ceiling": by_ceiling,
        "ceilings": (was.sustained, now.sustained),
        "dpmm": (_dpmm(before), _dpmm(after)),
    }
    shown = tuple(Evidence("question", code) for code in answers)
    return Finding("cmp_rose" if is_up else "cmp_fell", FACT, "standing", values, shown)


def _deciding(
    before: Side, after: Side, was: DimensionScore, now: DimensionScore, is_up: bool
) -> tuple[str, ...]:
    """The answers that moved the level: those that held it back before and no longer do, or do so now.

    Where none of them did, every answer of the dimension that moved the same way; none where only
    questions that came, went or do not apply any more made the difference.
    """
    needs = {need.question: need.need for need in (was.why if is_up else now.why)}
    old, new = _levels(before), _levels(after)
    if not is_up:
        old, new = new, old
    common = [
        code
        for code, dimension in after.spec.dimension_of.items()
        if dimension == now.code and code in old and code in new
    ]
    rising = [code for code in common if (new[code] or 0) > (old[code] or 0)]
    return tuple(code for code in rising if code in needs and (new[code] or 0) >= needs[code]) or tuple(
        rising
    )


def _levels(side: Side) -> dict[str, int | None]:
    return {row.question: claimed_level(row) for row in side.record.answers}


def _dpmm(side: Side) -> int | None:
    return side.results.dpmm.level if side.results.dpmm else None


def _answers(before: Side, after: Side) -> Iterator[AnswerChange]:
    old = {row.question: row for row in before.record.answers}
    for row in after.record.answers:
        earlier = old.get(row.question)
        if earlier is None or (earlier.state, earlier.level, earlier.grade) == (
            row.state,
            row.level,
            row.grade,
        ):
            continue
        question = after.spec.questions[row.question]
        levels = (claimed_level(earlier), claimed_level(row))
        was_text = before.spec.questions[row.question]
        yield AnswerChange(question, earlier, row, levels, moved(*levels), is_reworded(was_text, question))


def is_reworded(old: QuestionSpec, new: QuestionSpec) -> bool:
    """Whether what is asked, or what a level means, reads otherwise."""
    return (old.title, old.text, old.anchors) != (new.title, new.text, new.anchors)


def _uses(before: Side, after: Side) -> Iterator[UseChange]:
    old, new = before.results.use_cases, after.results.use_cases
    specs = {**before.spec.use_case_by_code, **after.spec.use_case_by_code}
    for code in dict.fromkeys(chain(after.spec.use_case_by_code, before.spec.use_case_by_code)):
        was, now = old.get(code), new.get(code)
        if was is None or now is None:
            here = now.verdict if now else None
            yield UseChange(specs[code], was.verdict if was else None, here, APART, None)
        elif was.verdict != now.verdict:
            # VERDICTS begins with the best.
            is_up = VERDICTS.index(now.verdict) < VERDICTS.index(was.verdict)
            low, high = (was.blockers, now.blockers) if is_up else (now.blockers, was.blockers)
            causes = _eased(low, high)
            values = {
                "use": code,
                "before": was.verdict,
                "after": now.verdict,
                "is_up": is_up,
                "causes": causes,
            }
            finding = Finding("cmp_use", FACT, "uses", values, (Evidence("use_case", code),))
            yield UseChange(specs[code], was.verdict, now.verdict, ROSE if is_up else FELL, finding)


def _eased(worse: tuple[Blocker, ...], better: tuple[Blocker, ...]) -> tuple[tuple[str, str], ...]:
    """What is short on the worse side and not, or less so, on the better one."""
    left = {(row.kind, row.code): row.need - (row.have or 0) for row in better}
    return tuple(
        (row.kind, row.code or "")
        for row in worse
        if row.need - (row.have or 0) > left.get((row.kind, row.code), 0)
    )
