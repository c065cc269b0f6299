"""What the findings must say of uses and plan, and of a review beside them, told a second time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from assessments.engine.display import whole
from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import DpmmStatement, Inputs, LevelReply, NotApplicable
from frameworks.document.shapes import FrameworkSpec
from tests.property.engine_strategies import levels_of

HALF = Fraction(1, 2)
VERDICTS = ("ready", "ready_bounded", "near", "premature")


def all_not_applicable(spec: FrameworkSpec, inputs: Inputs, code: str) -> bool:
    return all(
        isinstance(inputs.replies.get(question.code), NotApplicable)
        for question in spec.dimension_by_code[code].questions
    )


def uses_told_twice(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
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


def review_told_twice(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
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


def plan_told_twice(spec: FrameworkSpec, inputs: Inputs, results: Any) -> dict[str, dict]:
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
                ) or (all_not_applicable(spec, inputs, code))
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
        if not all(all_not_applicable(spec, inputs, code) for code in results.targets):
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
