"""Two states of a site side by side, by code: what rose, what fell, and because of what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from assessments.charts.changes import (
    APART,
    FELL,
    ROSE,
    SAME,
    AnswerChange,
    Comparison,
    DimensionChange,
    Side,
    UseChange,
    moved,
)
from assessments.charts.levels import claimed_level
from assessments.charts.rules.shapes import FACT, Evidence, Finding
from assessments.engine.display import whole
from assessments.engine.shapes import VERDICTS, Blocker, DimensionScore, Reading
from frameworks.document.shapes import QuestionSpec

BESIDE = ("evidenced", "validated")  # the readings beside the claimed one, which the headline is


def compare(before: Side, after: Side) -> Comparison:
    """What is different in `after`: the claimed reading, as the headline is, then the others. Across
    versions by code."""
    dimensions = tuple(_dimensions(before, after))
    uses = tuple(_uses(before, after))
    old, new = before.spec.questions, after.spec.questions
    reworded = tuple(new[code] for code in new if code in old and is_reworded(old[code], new[code]))
    added = tuple(new[code] for code in new if code not in old)
    removed = tuple(old[code] for code in old if code not in new)
    said = [
        *_level(before, after),
        *_index(before, after),
        *_beside(before, after),
        *(row.finding for row in dimensions if row.finding),
        *_claims(dimensions),
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
        findings=tuple(said) or (_nothing(dimensions, uses),),
    )


def _level(before: Side, after: Side) -> Iterator[Finding]:
    """The level of the site, and the dimensions that made it move: those that stood below the higher one.

    On the other side each of them has a higher level or, left out, none.
    """
    old, new = before.results.readings.claimed, after.results.readings.claimed
    if old.level == new.level:
        return
    below: tuple[str, ...] = ()
    if old.level is not None and new.level is not None:
        low, high = (old, new.level) if new.level > old.level else (new, old.level)
        below = tuple(
            code
            for code in after.spec.dimension_by_code
            if code in new.dimensions
            and code in old.dimensions
            and (level := low.dimensions[code].effective_level) is not None
            and level < high
        )
    apart = tuple(code for code in below if None in (old.dimensions[code].level, new.dimensions[code].level))
    values = {
        "before": old.level,
        "after": new.level,
        "dimensions": tuple(code for code in below if code not in apart),
        "apart": apart,  # left out on one side
    }
    yield Finding("cmp_level", FACT, "standing", values, tuple(Evidence("dimension", code) for code in below))


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


def _beside(before: Side, after: Side) -> Iterator[Finding]:
    """What moved in the evidenced and in the validated reading: level, index, dimensions."""
    for name in BESIDE:
        old: Reading | None = getattr(before.results.readings, name)
        new: Reading | None = getattr(after.results.readings, name)
        levels = (old.level if old else None, new.level if new else None)
        if levels[0] != levels[1]:
            values = {"reading": name, "before": levels[0], "after": levels[1]}
            yield Finding("cmp_reading_level", FACT, "standing", values)
        exact = (old.index if old else None, new.index if new else None)
        if exact[0] != exact[1]:
            values = {"reading": name, "before": whole(exact[0]), "after": whole(exact[1])}
            yield Finding("cmp_reading_index", FACT, "standing", values)
        if old and new:
            yield from _reading_dimensions(name, old, new)


def _reading_dimensions(name: str, old: Reading, new: Reading) -> Iterator[Finding]:
    """The dimensions that a reading puts at another level; those that have none on a side are said apart."""
    ways = {
        code: moved(old.dimensions[code].level, new.dimensions[code].level)
        for code in new.dimensions
        if code in old.dimensions
    }
    rose, fell = (tuple(code for code, way in ways.items() if way == asked) for asked in (ROSE, FELL))
    if rose or fell:
        shown = tuple(Evidence("dimension", code) for code in (*rose, *fell))
        values = {"reading": name, "rose": rose, "fell": fell}
        yield Finding("cmp_reading_dimensions", FACT, "standing", values, shown)


def _claims(dimensions: tuple[DimensionChange, ...]) -> Iterator[Finding]:
    """The dimensions that claim more or less under a ceiling that lets them count the same."""
    ways = {
        row.dimension.code: moved(row.before.level, row.after.level)
        for row in dimensions
        if row.before and row.after and row.moved == SAME
    }
    rose, fell = (tuple(code for code, way in ways.items() if way == asked) for asked in (ROSE, FELL))
    if rose or fell:
        shown = tuple(Evidence("dimension", code) for code in (*rose, *fell))
        yield Finding("cmp_claims", FACT, "standing", {"rose": rose, "fell": fell}, shown)


def _nothing(dimensions: tuple[DimensionChange, ...], uses: tuple[UseChange, ...]) -> Finding:
    """Nothing moved: both have the same, or what only one version asks for is all that differs."""
    is_asked = any(None in (row.before, row.after) for row in dimensions) or any(
        None in (row.before, row.after) for row in uses
    )
    return Finding("cmp_asked" if is_asked else "cmp_nothing", FACT, "standing", {})


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
            validated=(
                old.validated.dimensions[code].level if was and old.validated else None,
                new.validated.dimensions[code].level if now and new.validated else None,
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
    if old == new and was.left_out == now.left_out:
        return None
    if old is None or new is None:
        apart = {
            "dimension": now.code,
            "before": old,
            "after": new,
            "is_left_out": now.left_out,
            "was_left_out": was.left_out,
        }
        return Finding("cmp_scored", FACT, "standing", apart, (Evidence("dimension", now.code),))
    is_up = new > old
    low = was if is_up else now
    edge = max(old, new)
    by_answers = low.level is not None and low.level < edge
    by_ceiling = low.sustained is not None and low.sustained < edge
    answers, states = _deciding(before, after, was, now, is_up) if by_answers else ((), ())
    values = {
        "dimension": now.code,
        "before": old,
        "after": new,
        "answers": answers,
        "states": states,
        "by_answers": by_answers,
        "by_ceiling": by_ceiling,
        "ceilings": (was.sustained, now.sustained),
        "dpmm": (_dpmm(before), _dpmm(after)),
    }
    shown = tuple(Evidence("question", code) for code in (*answers, *(code for code, _ in states)))
    return Finding("cmp_rose" if is_up else "cmp_fell", FACT, "standing", values, shown)


def _deciding(
    before: Side, after: Side, was: DimensionScore, now: DimensionScore, is_up: bool
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The answers that moved the level, and those that are not scored on one side, with what they became.

    They are those that held the level back before and no longer do, or do so now. Where none of them did,
    every answer of the dimension that moved the same way, or became or was something else than a level;
    none where only questions that a version lacks made the difference.
    """
    needs = {need.question: need.need for need in (was.why if is_up else now.why)}
    old, new = _levels(before), _levels(after)
    low, high = (old, new) if is_up else (new, old)
    was_state, state = ({row.question: row.state for row in side.record.answers} for side in (before, after))
    common = [
        code
        for code, dimension in after.spec.dimension_of.items()
        if dimension == now.code and code in old and code in new
    ]
    moving = [code for code in common if moved(low[code], high[code]) == ROSE]
    turned = [code for code in common if None in (low[code], high[code]) and was_state[code] != state[code]]
    held = [code for code in moving if code in needs and (high[code] or 0) >= needs[code]]
    freed = [code for code in turned if code in needs]
    if held or freed:
        moving, turned = held, freed
    return tuple(moving), tuple(
        (code, state[code] if new[code] is None else f"was_{was_state[code]}") for code in turned
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
