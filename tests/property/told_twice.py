"""What the findings must say of a case, told a second time from the replies and the results alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from assessments.engine.display import tenths, whole
from assessments.engine.evaluate import evaluate
from assessments.engine.record import AssessmentRecord, DpmmRecord, PlanRecord
from assessments.engine.shapes import DpmmStatement, Inputs, LevelReply, NotApplicable, Unknown
from frameworks.document.shapes import FrameworkSpec
from tests.property.engine_strategies import levels_of
from tests.records import answer_record, make_record, make_review, open_record

HALF = Fraction(1, 2)
VERDICTS = ("ready", "ready_bounded", "near", "premature")


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
    out = {
        code for code, row in rows.items() if row.level is None and _all_not_applicable(spec, inputs, code)
    }
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
    said |= _uses(spec, inputs, results) | _plan(spec, inputs, results)
    said |= _reviewed_plan(spec, inputs, results)
    return said


def _all_not_applicable(spec: FrameworkSpec, inputs: Inputs, code: str) -> bool:
    return all(
        isinstance(inputs.replies.get(question.code), NotApplicable)
        for question in spec.dimension_by_code[code].questions
    )


def _uses(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
    said: dict[str, dict] = {}
    verdicts = {code: row.verdict for code, row in results.use_cases.items()}
    validated = _validated(spec, inputs)
    by_claims = _by_claims(spec, inputs, results, validated)
    if verdicts:
        said["verdicts"] = {name: list(verdicts.values()).count(name) for name in VERDICTS}
        said["verdicts"]["by_claims"] = bool(by_claims)
    if by_claims:
        said["by_claims"] = {"n": len(by_claims), "rows": tuple(by_claims.items())}
    near = tuple(
        (use.code, row.kind, row.code, row.need)
        for use in spec.use_cases
        for row in results.use_cases[use.code].blockers[:1]
        if len(results.use_cases[use.code].blockers) == 1
        and row.have is not None
        and row.need == row.have + 1
    )
    if near:
        said["one_step_away"] = {"n": len(near), "rows": near}
    chosen = inputs.use_cases
    if chosen:
        held = [verdicts[code] for code in chosen]
        ready, bounded = held.count("ready"), held.count("ready_bounded")
        by = not by_claims.keys().isdisjoint(chosen)
        said["chosen_ready"] = {"n": len(held), "ready": ready, "bounded": bounded, "by_claims": by}
        if kept := tuple(code for code in chosen if verdicts[code] == "ready_bounded"):
            by = not by_claims.keys().isdisjoint(kept)
            said["keep_bounded"] = {"uses": kept, "n": len(kept), "by_claims": by}
    return said


def _validated(spec: FrameworkSpec, inputs: Inputs) -> dict[str, int]:
    """The validated level of every scored question; empty before a review."""
    if inputs.validated is None:
        return {}
    support = {grade.grade: grade.supports for grade in spec.evidence_grades}
    return {
        code: inputs.validated.get(code, min(reply.level, support[reply.evidence]))
        if isinstance(reply, LevelReply)
        else inputs.validated.get(code, 0)
        for code, reply in inputs.replies.items()
        if not isinstance(reply, NotApplicable)
    }


def _by_claims(spec: FrameworkSpec, inputs: Inputs, results: Any, validated: Mapping[str, int]) -> dict:
    """What the uses that are credible lack by the validated levels, from a second evaluation of these."""
    if inputs.validated is None or results.dpmm is None:
        return {}
    replies = {code: LevelReply(validated[code]) for code in validated}
    out = {code: reply for code, reply in inputs.replies.items() if code not in validated}
    then = evaluate(spec, Inputs(replies | out, DpmmStatement(results.dpmm.level, "assessed")))
    found = {}
    for use in spec.use_cases:
        before, after = results.use_cases[use.code].verdict, then.use_cases[use.code].verdict
        if before not in VERDICTS[:2] or VERDICTS.index(after) <= VERDICTS.index(before):
            continue
        short: list[tuple[str, str | None, int | None, int]] = []
        for minimum in sorted(use.minima, key=lambda row: row.dimension):
            row = then.readings.claimed.dimensions[minimum.dimension]
            have = row.effective_level
            if before == "ready_bounded" and row.level is not None and row.ring_fenced is not None:
                have = min(row.level, row.ring_fenced)
            if (have or 0) < minimum.level and not row.left_out:
                short.append(("dimension", minimum.dimension, have, minimum.level))
        short += [
            (blocker.kind, blocker.code, blocker.have, blocker.need)
            for blocker in then.use_cases[use.code].blockers
            if blocker.kind == "question"
        ]
        found[use.code] = tuple(short)
    return found


def _reviewed_plan(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
    """Where validated levels and plan part: targets that it leaves a step to, and what it takes as done."""
    said: dict[str, dict] = {}
    validated, road = _validated(spec, inputs), results.roadmap
    below = []
    for code, level in ((code, validated[code]) for code in spec.questions if code in validated):
        if spec.dimension_of[code] not in results.targets:
            continue
        target = results.targets[spec.dimension_of[code]]
        for use in (spec.use_case_by_code[use] for use in inputs.use_cases):
            minima = {row.dimension: row.level for row in use.minima}
            for row in use.critical:
                if row.question == code:
                    least = minima[spec.dimension_of[code]] if row.level is None else row.level
                    target = max(target, least)
        for step in range(level, target):
            planned = [spec.action_by_code[row.action] for row in road.actions]
            if any(code in row.raises and row.from_level <= step < row.to_level for row in planned):
                continue
            if not any((row.question, row.from_level) == (code, step) for row in road.anchor_tasks):
                below.append((code, level, target))
                break
    if below:
        said["review_below"] = {"n": len(below), "rows": tuple(below)}
    undone = tuple(
        (row.code, code, validated[code], row.to_level)
        for row in map(spec.action_by_code.get, road.waived)
        for code in row.raises
        if validated.get(code, row.to_level) < row.to_level
    )
    if undone:
        said["review_undone"] = {"n": len({row[0] for row in undone}), "rows": undone}
    return said


def _plan(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
    said: dict[str, dict] = {}
    gaps, road, claimed = results.gaps, results.roadmap, results.readings.claimed
    if gaps.foundation:
        plant = plant_by_week(spec, inputs, results)
        needed: dict[int, tuple[str, ...]] = {}
        for row in sorted(gaps.foundation, key=lambda row: row.dpmm_need):
            needed[row.dpmm_need] = (*needed.get(row.dpmm_need, ()), row.dimension)
        said["foundation"] = {
            "have": results.dpmm.level,
            "need": max(needed),
            "steps": tuple(needed.items()),
            "reached": tuple(
                (level, min(week for week, dpmm in plant.items() if dpmm >= level))
                for level in needed
                if any(dpmm >= level for dpmm in plant.values())
            ),
            "end": max(plant.values(), default=results.dpmm.level),
            "is_planned": bool(road.actions),
            "start_on": None,
            "held_back": whole(claimed.held_back),
            "is_held": bool(claimed.held_back),
        }
        for code, target in results.targets.items():  # what each level brings within reach, and no lower one
            for level in range(results.dpmm.level, 6):
                reaches = spec.ceilings[level, code].sustained >= target
                assert reaches == all(
                    code not in codes for need, codes in needed.items() if need > level
                ) or (_all_not_applicable(spec, inputs, code))
    if not results.targets:
        said["no_targets"] = {}
    elif gaps.questions:
        first = max(gaps.questions, key=lambda gap: gap.priority)
        said["gaps"] = {
            "n": len(gaps.questions),
            "question": first.question,
            "have": first.have,
            "target": first.target,
            "priority": first.priority,
        }
        met = [
            gap.question
            for gap in gaps.questions
            for code in [spec.dimension_of[gap.question]]
            if (level := claimed.dimensions[code].effective_level) is not None
            and level >= results.targets[code]
        ]
        if met:
            codes = tuple(dict.fromkeys(spec.dimension_of[code] for code in met))
            said["firm"] = {"n": len(met), "dimensions": codes}
    elif gaps.unanswered:
        said["gaps_unknown"] = {"n": len(gaps.unanswered)}
    elif not gaps.foundation:
        said["no_action"] = {}
        if not all(_all_not_applicable(spec, inputs, code) for code in results.targets):
            said["targets_met"] = {}
    if road.anchor_tasks:
        said["anchor_tasks"] = {"n": len(road.anchor_tasks)}
    if not road.actions:
        return said
    ends = {step.action: (step.start, step.end) for step in road.actions}
    last = road.projection[-1]
    said["plan"] = {
        "n": len(ends),
        "week": max(end for _, end in ends.values()),
        "from": whole(claimed.index),
        "to": whole(last.index),
        "is_raised": last.index > claimed.index,
        "level": claimed.level,
        "to_level": last.level,
    }
    path = road.critical_path
    said["longest_chain"] = {
        "n": len(path),
        "first": path[0],
        "start": ends[path[0]][0] + 1,
        "last": path[-1],
        "weeks": sum(ends[code][1] - ends[code][0] for code in path),
        "week": ends[path[-1]][1],
        "largest": None,
    }
    exact = [point for point in (claimed.index, *(row.index for row in road.projection)) if point is not None]
    assert len(exact) == 1 + len(road.projection)
    rises = [later - earlier for earlier, later in pairwise(exact)]
    said["projected"] = {"week": None, "rise": None}
    if max(rises) > 0:
        place = rises.index(max(rises))  # the first of equal steps
        week = road.projection[place].week
        codes = tuple(code for code, (_, end) in ends.items() if end == week)
        shown = floor(exact[place + 1] + HALF) - floor(exact[place] + HALF)
        said["projected"] = {"week": week, "rise": shown}
        if set(codes) & set(path):
            said["longest_chain"]["largest"] = week
        else:
            plant = {0: results.dpmm.level} | plant_by_week(spec, inputs, results) if results.dpmm else {}
            before = [dpmm for at, dpmm in plant.items() if at < week]
            dpmm = plant[week] if plant and plant[week] > before[-1] else None
            said["largest_step"] = {
                **said["projected"],
                "actions": codes,
                "start": min(ends[code][0] for code in codes) + 1,
                "start_on": None,
                "dpmm": dpmm,
                "lifts": dpmm is not None
                and any(
                    spec.ceilings[dpmm, code].sustained > spec.ceilings[before[-1], code].sustained
                    for code in spec.dimension_by_code
                ),
            }
    return said | _reached(inputs, results)


def _reached(inputs: Inputs, results: Any) -> dict[str, dict]:
    """The best news of the plan: when the level of the site rises first, and chosen uses the last time."""
    today, points = results.readings.claimed.level, results.roadmap.projection
    turns = [(row.level, row.week) for row in points if None not in (row.level, today) and row.level > today]
    verdicts = [{code: row.verdict for code, row in results.use_cases.items()}]
    verdicts += [verdicts[-1] | dict(row.verdicts) for row in points[:1]]
    for row in points[1:]:
        verdicts.append(verdicts[-1] | dict(row.verdicts))
    weeks = [0, *(row.week for row in points)]

    def state(place: int) -> list[str]:
        return [verdicts[place][code] for code in inputs.use_cases]

    last = state(len(verdicts) - 1)
    assert all(VERDICTS.index(now) <= VERDICTS.index(then) for then, now in zip(state(0), last, strict=True))
    good = [
        [verdict in VERDICTS[:2] and verdict for verdict in state(place)] for place in range(len(verdicts))
    ]
    by = next((week for week, row in zip(weeks, good, strict=True) if row == good[-1]), None) or None
    if not turns and by is None:
        return {}
    return {
        "plan_reaches": {
            "level": turns[0][0] if turns else None,
            "week": turns[0][1] if turns else None,
            "n": len(inputs.use_cases),
            "ready": last.count("ready"),
            "bounded": last.count("ready_bounded"),
            "by": by,
            "start_on": None,
            "replied": results.completeness.replied,
            "asked": results.completeness.asked,
        }
    }


def plant_by_week(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[int, int]:
    """The projected DPMM level by week, reckoned a second time: the projection stands under its ceilings."""
    levels, held = levels_of(spec, inputs), results.dpmm.level
    found = {}

    def middle(levels: Mapping[str, int]) -> int | None:
        held = sorted(levels[code] for code in spec.dpmm.proxies if code in levels)
        return None if len(held) < len(spec.dpmm.proxies) else min(max(held[len(held) // 2], 1), 4)

    today = middle(levels)
    for point in results.roadmap.projection:
        for step in results.roadmap.actions:
            action = spec.action_by_code[step.action]
            if step.end == point.week:
                levels |= {
                    code: max(levels[code], action.to_level) for code in action.raises if code in levels
                }
        after = middle(levels)
        dpmm = held if after is None or today is None else min(held + after - today, max(4, held))
        replies = {
            code: LevelReply(levels[code]) if code in levels else reply
            for code, reply in inputs.replies.items()
        }
        then = evaluate(spec, Inputs(replies, DpmmStatement(dpmm, "assessed"))).readings.claimed
        assert (then.index, then.level) == (point.index, point.level)
        found[point.week] = dpmm
    return found
