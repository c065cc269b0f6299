"""What the findings must say of a case, told a second time from the replies and the results alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from assessments.engine.display import tenths, whole
from assessments.engine.record import AssessmentRecord, DpmmRecord, PlanRecord
from assessments.engine.shapes import Inputs, LevelReply, NotApplicable, Unknown
from frameworks.document.shapes import FrameworkSpec
from tests.property.engine_strategies import levels_of
from tests.property.told_twice_plan import (
    all_not_applicable,
    plan_told_twice,
    review_told_twice,
    uses_told_twice,
)
from tests.records import answer_record, make_record, make_review, open_record


def record_of(spec: FrameworkSpec, inputs: Inputs) -> AssessmentRecord:
    """The record that tells the engine the same."""
    answers = []
    for code in spec.questions:
        reply = inputs.replies.get(code)
        if isinstance(reply, LevelReply):
            answers.append(answer_record(code, reply.level, grade=reply.evidence))
        elif isinstance(reply, Unknown):
            answers.append(answer_record(code, None, state="unknown", grade=""))
        elif isinstance(reply, NotApplicable):
            answers.append(answer_record(code, None, state="not_applicable", grade="", reason=reply.reason))
        else:
            answers.append(open_record(code))
    record = make_record(
        spec,
        answers=tuple(answers),
        dpmm=DpmmRecord(
            inputs.dpmm.source if inputs.dpmm else "not_known",
            inputs.dpmm.level if inputs.dpmm else None,
            "",
            "",
            "",
        ),
        use_cases=inputs.use_cases,
        targets=dict(inputs.targets),
        plan=PlanRecord("", inputs.plan.capacity, inputs.plan.blackout_weeks),
    )
    if inputs.validated is None:
        return record
    review = make_review()
    accepted = review.decisions[0]
    decisions = tuple(
        replace(accepted, question=code, kind="set", level=inputs.validated[code])
        if code in inputs.validated
        else replace(accepted, question=code, kind="accepted", level=None)
        for code in spec.questions
    )
    return replace(record, review=replace(review, decisions=decisions))


def told_twice(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
    """What each rule must say, reckoned here a second time from inputs and results."""
    said: dict[str, dict] = {}
    claimed, evidenced = results.readings.claimed, results.readings.evidenced
    rows, carried = claimed.dimensions, evidenced.dimensions
    levels, order = levels_of(spec, inputs), list(spec.dimension_by_code)
    asked, replied = len(spec.questions), len(inputs.replies)
    out = {code for code, row in rows.items() if row.level is None and all_not_applicable(spec, inputs, code)}
    counted = [code for code in order if code not in out]
    lowered = [code for code in order if rows[code].level != rows[code].effective_level]
    if not replied:
        said["nothing_answered"] = {"asked": asked}
    elif not counted:
        said["all_left_out"] = {}
    elif claimed.level is None:
        said["no_level"] = {"dimensions": tuple(code for code in counted if rows[code].level is None)}
    else:
        setters = tuple(code for code in counted if rows[code].effective_level == claimed.level)
        said["level"] = {"level": claimed.level, "dimensions": setters, "all": len(counted)}
    if claimed.level is not None:
        validated = results.readings.validated.level if results.readings.validated else None
        said["readings"] = {"claimed": claimed.level, "evidenced": evidenced.level, "validated": validated}
        without = min(rows[code].level for code in counted)
        if without > claimed.level:
            said["plant_limits"] = {"level": claimed.level, "without": without}
    if claimed.index is not None:
        said["index"] = {
            "index": tenths(claimed.index),
            "held_back": tenths(claimed.index_without_ceilings - claimed.index),
            "is_held": claimed.index_without_ceilings > claimed.index,
            "without": tenths(claimed.index_without_ceilings),
            "evidenced": tenths(evidenced.index),
            "is_provisional": any(rows[code].score is None for code in counted),
        }
    if results.dpmm is None:
        said["no_plant"] = {"n": sum(code not in levels for code in spec.dpmm.proxies)}
        said["state_plant"] = {}
    else:
        held = results.dpmm.level
        carries = [spec.ceilings[held, code].sustained for code in order]
        said["plant_spans"] = {"dpmm": held, "lowest": min(carries), "highest": max(carries)}
        if lowered:
            told = tuple((code, rows[code].level, rows[code].effective_level) for code in lowered)
            said["above_plant"] = {"dpmm": held, "n": len(told), "all": len(counted), "rows": told}
            for step in range(held + 1, 6):
                sustained = {code: spec.ceilings[step, code].sustained for code in lowered}
                freed = tuple(
                    (code, rows[code].effective_level, min(rows[code].level, sustained[code]))
                    for code in lowered
                    if min(rows[code].level, sustained[code]) > rows[code].effective_level
                )
                if freed:
                    still = sum(rows[code].level > sustained[code] for code in lowered)
                    said["plant_step"] = {"dpmm": step, "rows": freed, "n": len(freed), "still": still}
                    break
        elif any(row.level is not None for row in rows.values()):
            points = claimed.held_back
            said["plant_carries"] = {
                "dpmm": held,
                "held_back": whole(points),
                "is_held": bool(points),
                "is_claimed": any(row.level for row in rows.values()),
            }
        if beyond := tuple(c for c in order if (rows[c].level or 0) > spec.ceilings[held, c].ring_fenced):
            said["ahead"] = {"dimensions": beyond}
    if kept := tuple(
        code
        for code in counted
        if claimed.level is not None
        and rows[code].level == rows[code].effective_level == claimed.level < 5
        and not rows[code].why
    ):
        said["capped"] = {"dimensions": kept, "level": claimed.level}
        assert claimed.level == spec.policy.not_applicable_cap
        assert all(
            any(isinstance(inputs.replies.get(row.code), NotApplicable) for row in part.questions)
            for part in spec.dimensions
            if part.code in kept
        )
    if 0 < replied < asked:
        said["incomplete"] = {"replied": replied, "asked": asked, "n": asked - replied}
    if replied < asked:  # all that is generated is a draft
        said["answer_rest"] = {"replied": replied, "asked": asked, "n": asked - replied}
    gates = [code for code, q in spec.questions.items() if q.gate and code not in inputs.replies]
    if gates and replied:
        said["gates_unanswered"] = {"n": len(gates)}
    if n := sum(isinstance(reply, Unknown) for reply in inputs.replies.values()):
        if Fraction(n, replied) > Fraction(1, 4):
            said["rests_on_unknown"] = {"n": n, "replied": replied}
        else:
            said["unknown"] = {"n": n}
    if out and counted:
        said["left_out"] = {"dimensions": tuple(c for c in order if c in out), "n": len(out)}
    if inputs.validated is not None:
        said["reviewed"] = {"n": len(inputs.validated), "decided": asked, "disputed": 0}
        after = results.readings.validated.dimensions
        if moved := tuple(
            (c, carried[c].level, after[c].level) for c in order if carried[c].level != after[c].level
        ):
            said["validated_apart"] = {"n": len(moved), "rows": moved}
    support = {grade.grade: grade.supports for grade in spec.evidence_grades}
    given = {code: inputs.replies[code] for code in spec.questions if code in inputs.replies}
    answered = [reply for reply in given.values() if isinstance(reply, LevelReply)]
    unbacked = tuple(
        (code, reply.level, reply.evidence, support[reply.evidence])
        for code, reply in given.items()
        if isinstance(reply, LevelReply) and reply.level > support[reply.evidence]
    )
    apart = tuple((c, rows[c].level, carried[c].level) for c in order if rows[c].level != carried[c].level)
    if apart:
        assert all(low < high for _, high, low in apart)
        said["evidence_short"] = {"n": len(apart), "rows": apart}
        holding = [
            need for code, _, _ in apart for need in carried[code].why if levels[need.question] >= need.need
        ]
        if holding:
            said["evidence_holds"] = {"n": len(holding)}
    elif any(row.level for row in rows.values()):
        said["evidence_carries"] = {"n": len(unbacked)}
    if unbacked:
        said["without_evidence"] = {"n": len(unbacked), "of": len(answered), "rows": unbacked}
    if answered:
        top = max(reply.level for reply in answered)
        n = sum(reply.level == top for reply in answered)
        said["highest_answers"] = {"n": n, "of": replied, "level": top}
    if results.flags:
        said["contradictions"] = {"n": len(results.flags)}
    down = [row for row in results.load_bearing if row.direction == "down"]
    if down:
        said["load_bearing"] = {"n": len(down), "level": sum("level" in row.changes for row in down)}
    means = {code: mean for code, mean in claimed.areas.items() if mean is not None}
    if means:
        low = tenths(min(means.values()))
        codes = tuple(a.code for a in spec.areas if a.code in means and tenths(means[a.code]) == low)
        said["lowest_area"] = {"areas": codes, "mean": low, "is_all": len(codes) == len(spec.areas)}
    said |= uses_told_twice(spec, inputs, results) | plan_told_twice(spec, inputs, results)
    said |= review_told_twice(spec, inputs, results)
    return said
