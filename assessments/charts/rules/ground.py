"""Rules on what a result rests on: replies, gates, evidence, review, contradictions, load-bearing answers."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.findings import is_unsure, is_without_evidence
from assessments.charts.levels import lowest_areas
from assessments.charts.rules.shapes import (
    DECISION,
    FACT,
    LIMIT,
    STRENGTH,
    Case,
    Evidence,
    Finding,
    of_dimensions,
    of_questions,
)


def incomplete(case: Case) -> Iterator[Finding]:
    """Some questions have no reply yet (Method, section 1)."""
    done = case.results.completeness
    if 0 < done.replied < done.asked:
        values = {"replied": done.replied, "asked": done.asked, "n": done.asked - done.replied}
        codes = (row.question for row in case.answers if row.state == "unanswered")
        yield Finding("incomplete", LIMIT, "ground", values, of_questions(codes))


def answer_rest(case: Case) -> Iterator[Finding]:
    """What is open in a draft is answered before anything else is decided (section 1)."""
    done = case.results.completeness
    if case.is_draft and done.replied < done.asked:
        values = {"n": done.asked - done.replied, "replied": done.replied, "asked": done.asked}
        codes = (row.question for row in case.answers if row.state == "unanswered")
        yield Finding("answer_rest", DECISION, "ground", values, of_questions(codes))


def gates_unanswered(case: Case) -> Iterator[Finding]:
    """Gate questions without a reply hold nothing back yet (section 3); their replies may lower a level."""
    codes = tuple(
        row.question
        for row in case.answers
        if row.state == "unanswered" and case.spec.questions[row.question].gate
    )
    if codes and case.results.completeness.replied:
        yield Finding("gates_unanswered", LIMIT, "ground", {"n": len(codes)}, of_questions(codes))


def rests_on_unknown(case: Case) -> Iterator[Finding]:
    """So many replies of "don't know", which count as level 0 (section 1), that the result rests on them."""
    done = case.results.completeness
    if is_unsure(len(done.unknown), done.replied):
        values = {"n": len(done.unknown), "replied": done.replied}
        yield Finding("rests_on_unknown", LIMIT, "ground", values, of_questions(done.unknown))


def unknown(case: Case) -> Iterator[Finding]:
    """A few replies of "don't know"."""
    done = case.results.completeness
    if done.unknown and not is_unsure(len(done.unknown), done.replied):
        yield Finding("unknown", LIMIT, "ground", {"n": len(done.unknown)}, of_questions(done.unknown))


def left_out(case: Case) -> Iterator[Finding]:
    """Dimensions whose every question is not applicable (section 3)."""
    codes = tuple(code for code, row in case.claimed.items() if row.left_out)
    if codes and case.counted:
        yield Finding(
            "left_out", FACT, "ground", {"dimensions": codes, "n": len(codes)}, of_dimensions(codes)
        )


def evidence_short(case: Case) -> Iterator[Finding]:
    """Dimensions that claim more than their evidence carries (section 2); or none does."""
    evidenced = case.results.readings.evidenced.dimensions
    scored = [(code, row.level, evidenced[code].level) for code, row in case.claimed.items()]
    rows = tuple(
        (code, claims, carried)
        for code, claims, carried in scored
        if claims is not None and carried is not None and carried < claims
    )
    if rows:
        shown = tuple(Evidence("dimension", code, carried, claims) for code, claims, carried in rows)
        yield Finding("evidence_short", LIMIT, "ground", {"n": len(rows), "rows": rows}, shown)
    elif any(claims for _, claims, _ in scored):
        yield Finding("evidence_carries", STRENGTH, "ground", {"n": len(unbacked_of(case))})


def evidence_holds(case: Case) -> Iterator[Finding]:
    """Answers that claim enough for the next evidenced level of a dimension and lack the evidence."""
    evidenced = case.results.readings.evidenced.dimensions
    levels = {row.question: row.level for row in case.answers}
    shown = tuple(
        Evidence("question", need.question, need.have, need.need)
        for code, row in case.claimed.items()
        if row.level is not None and (evidenced[code].level or 0) < row.level
        for need in evidenced[code].why
        if (levels[need.question] or 0) >= need.need
    )
    if shown:
        yield Finding("evidence_holds", DECISION, "ground", {"n": len(shown)}, shown)


def without_evidence(case: Case) -> Iterator[Finding]:
    """Answers above what their evidence grade carries."""
    rows = unbacked_of(case)
    if rows:
        values = {"n": len(rows), "of": sum(row.level is not None for row in case.answers), "rows": rows}
        shown = of_questions(code for code, *_ in rows)
        yield Finding("without_evidence", LIMIT, "ground", values, shown)


def unbacked_of(case: Case) -> tuple[tuple[str, int, str, int], ...]:
    """(question, level claimed, grade, what that carries) of each answer above what its grade carries."""
    return tuple(
        (row.question, row.level or 0, row.grade, case.spec.support[row.grade or "E0"])
        for row in case.answers
        if is_without_evidence(case.spec, row.level, row.grade)
    )


def reviewed(case: Case) -> Iterator[Finding]:
    """What a finished review changed, and what of it the site disputes; a limit where it lowered a claim."""
    if case.review is None:
        return
    changes = case.review.changes
    values = {"n": len(changes), "decided": len(case.review.decisions), "disputed": case.disputed}
    claims = {row.question: row.level or 0 for row in case.answers}
    is_lowered = any((row.level or 0) < claims[row.question] for row in changes)
    tone = LIMIT if is_lowered else FACT if changes else STRENGTH
    yield Finding("reviewed", tone, "ground", values, of_questions(row.question for row in changes))


def validated_apart(case: Case) -> Iterator[Finding]:
    """Dimensions whose validated level is not the evidenced one (section 2)."""
    held = case.results.readings
    if held.validated is None:
        return
    rows = tuple(
        (code, held.evidenced.dimensions[code].level, held.validated.dimensions[code].level)
        for code in case.claimed
        if held.evidenced.dimensions[code].level != held.validated.dimensions[code].level
    )
    if rows:
        shown = tuple(Evidence("dimension", code, before, after) for code, before, after in rows)
        yield Finding("validated_apart", FACT, "ground", {"n": len(rows), "rows": rows}, shown)


def contradictions(case: Case) -> Iterator[Finding]:
    """Consistency rules of the content that are met (section 9)."""
    if case.results.flags:
        rules = {rule.code: rule for rule in case.spec.flags}
        codes = dict.fromkeys(rules[flag.rule].when.question for flag in case.results.flags)
        values = {"n": len(case.results.flags)}
        yield Finding("contradictions", LIMIT, "ground", values, of_questions(codes))


def load_bearing(case: Case) -> Iterator[Finding]:
    """Answers of which one level less changes a level or a verdict (section 9)."""
    falling = [row for row in case.results.load_bearing if row.direction == "down"]
    if falling:
        codes = tuple(row.question for row in falling)
        values = {"n": len(codes), "level": sum("level" in row.changes for row in falling)}
        yield Finding("load_bearing", FACT, "ground", values, of_questions(codes))


def highest_answers(case: Case) -> Iterator[Finding]:
    """How many answers stand at the highest level that any claims."""
    levels = [row.level for row in case.answers if row.level is not None]
    if levels:
        top = max(levels)
        codes = tuple(row.question for row in case.answers if row.level == top)
        values = {"n": len(codes), "of": case.results.completeness.replied, "level": top}
        yield Finding("highest_answers", FACT, "ground", values, of_questions(codes))


def lowest_area(case: Case) -> Iterator[Finding]:
    """The areas with the lowest mean level (section 5)."""
    areas, mean = lowest_areas(case.spec, case.results.readings.claimed)
    if areas:
        codes = tuple(area.code for area in areas)
        values = {"areas": codes, "mean": mean, "is_all": len(codes) == len(case.spec.areas)}
        yield Finding("lowest_area", FACT, "ground", values, tuple(Evidence("area", code) for code in codes))
