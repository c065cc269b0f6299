"""Each sentence of the findings is true of its data, over generated frameworks and replies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import given, settings

from assessments.charts.planning import plant_rises, projection_rows, turns
from assessments.charts.rules import findings_of, heads_of
from assessments.engine.display import whole
from assessments.engine.evaluate import evaluate
from assessments.engine.ground import tally_dimension
from assessments.engine.shapes import Inputs, NotApplicable
from assessments.templatetags.sentences import follows_of, sentence_of
from frameworks.document.shapes import FrameworkSpec
from tests.property.engine_strategies import cases, laws, levels_of
from tests.property.told_twice import record_of, told_twice
from tests.property.told_twice_plan import plant_by_week


@settings(laws, max_examples=500)
@given(cases())
def test_each_sentence_is_true_of_its_data_and_none_is_missing(case):
    spec, inputs = case
    results = evaluate(spec, inputs)
    found = findings_of(spec, record_of(spec, inputs), results)
    once = {row.code: dict(row.values) for row in found if row.code not in ("next_level", "blocks_most")}
    assert once == told_twice(spec, inputs, results)
    assert len(once) == sum(row.code not in ("next_level", "blocks_most") for row in found)
    claimed = results.readings.claimed
    held = {row.values["dimension"]: row for row in found if row.code == "next_level"}
    assert set(held) == {
        code
        for code, row in claimed.dimensions.items()
        if claimed.level is not None and row.level == row.effective_level == claimed.level and row.why
    }
    for code, row in held.items():
        needs = claimed.dimensions[code].why
        assert claimed.level is not None
        assert row.values["n"] == len(needs)
        assert row.values["next"] == row.values["level"] + 1 == claimed.level + 1
        assert row.values["steps"] == sum(need.need - need.have for need in needs)
        assert row.values["gates"] == sum(spec.questions[need.question].gate for need in needs)
        _check_how_many(spec, inputs, needs, row.values)
    short = [(row.values["least"], row.values["steps"]) for row in found if row.code == "next_level"]
    assert short == sorted(short, reverse=True), "the furthest short comes first"
    for row in found:
        if row.code == "blocks_most":
            _check_blocker(inputs, results, row)
        _check_words(spec, row)


@laws
@given(cases())
def test_where_the_plan_raises_the_digital_plant_the_projection_says_so(case):
    spec, inputs = case
    results = evaluate(spec, inputs)
    rises = plant_rises(spec, results, record_of(spec, inputs).answers)
    if results.dpmm is None:
        assert not rises
        return
    plant, held = plant_by_week(spec, inputs, results), results.dpmm.level
    rows = projection_rows(spec, results, None, rises)
    for row in rows:
        dpmm = plant[row["week"]]
        assert (row["rise"].dpmm if row["rise"] else held) == dpmm
        if row["rise"]:
            carries = [
                (spec.ceilings[held, code].sustained, spec.ceilings[dpmm, code].sustained)
                for code in spec.dimension_by_code
            ]
            assert row["rise"].lifts == any(high > low for low, high in carries)
        held = dpmm
    assert len(rows) == len(plant)
    told = {row["week"] for row in turns(spec, results, (), None, rises)}
    assert set(rises) <= told


# Of each set a heading prints the first that holds: one always does.
HEADINGS = (
    {"nothing_answered", "all_left_out", "no_level", "level"},
    {"no_plant", "above_plant", "plant_carries", "nothing_answered", "all_left_out", "no_level"},
    {"plan", "no_targets", "anchor_tasks", "gaps_unknown", "foundation", "no_action"},
)


@laws
@given(cases())
def test_a_heading_always_has_a_sentence_and_says_what_the_findings_say(case):
    spec, inputs = case
    results = evaluate(spec, inputs)
    found = {row.code: row for row in findings_of(spec, record_of(spec, inputs), results)}
    assert all(codes & set(found) for codes in HEADINGS)
    heads = heads_of(spec, results)
    assert heads == {code: found[code] for code in heads}
    assert {"projected", "longest_chain"} <= set(heads) or not results.roadmap.actions


def _check_how_many(spec: FrameworkSpec, inputs: Inputs, needs: Any, said: Mapping[str, Any]) -> None:
    """So many answers at the level that they need bring the next level, whichever they are; fewer than the
    least never do, whatever the gates. A question that is not applicable may keep it from that."""
    codes = [need.question for need in needs]
    dimension = spec.dimension_by_code[said["dimension"]]
    levels = levels_of(spec, inputs)
    floor = said["next"] - spec.policy.gate_slack
    assert said["floor"] == floor
    assert said["low_gates"] == tuple(
        code for code in codes if spec.questions[code].gate and levels[code] < floor
    )

    def reaches(raised: Iterable[str], gates: Iterable[str] = (), out: frozenset[str] = frozenset()) -> bool:
        after = {**levels, **{code: max(levels[code], floor) for code in gates}}
        after |= dict.fromkeys(raised, said["need"])
        level = tally_dimension(dimension, after, out, spec.policy).level
        return level is not None and level >= said["next"]

    out = frozenset(code for code, reply in inputs.replies.items() if isinstance(reply, NotApplicable))
    assert said["is_capped"] == (not reaches(codes, out=out))
    if said["is_capped"]:
        return
    every = [set(some) for some in combinations(codes, said["enough"])]
    assert all(reaches(some, said["low_gates"], out) for some in every)
    held = {row.code: row.weight for row in dimension.questions if row.code in levels}
    share = Fraction(sum(w for code, w in held.items() if levels[code] >= said["next"]), sum(held.values()))
    if share >= spec.policy.threshold:  # gates alone, each of which counts
        assert said["least"] == said["enough"] == len(codes)
        assert not any(reaches(some) for some in combinations(codes, len(codes) - 1))
        return
    assert said["need"] == said["next"]
    fewer = [combinations(codes, said[name] - 1) for name in ("least", "enough")]
    gates = said["low_gates"] if floor < said["need"] else ()  # else a gate that rises is one of them
    assert not any(reaches(some, gates) for some in fewer[0])
    assert any(reaches(some, said["low_gates"]) for some in combinations(codes, said["least"]))
    assert not all(reaches(some, gates) for some in fewer[1])
    if said["low_gates"]:
        without = [code for code in codes if code not in said["low_gates"]]
        assert not reaches(without)


def _check_blocker(inputs: Inputs, results: Any, row) -> None:
    looked_at = inputs.use_cases or tuple(results.use_cases)
    blocked: dict[tuple[str, str | None], int] = {}
    for code in looked_at:
        for blocker in results.use_cases[code].blockers:
            key = (blocker.kind, blocker.code)
            blocked[key] = blocked.get(key, 0) + 1
    values = row.values
    assert values["n"] == max(blocked.values()) == blocked[values["kind"], values["code"] or None] > 1
    assert values["of"] == len(looked_at)
    assert len(row.evidence) == values["n"]


def _check_words(spec: FrameworkSpec, row) -> None:
    """The words hold the counts, one is not said as many, and nothing of a template is left over."""
    text, more = sentence_of(spec, row), follows_of(spec, row)
    assert text and not text.endswith("."), text
    assert not more or more.endswith("."), more
    for words in (text, more):
        assert not re.search(r"[%{}]|(?<!^)None\b|Fraction|  ", words), words
        assert not re.search(
            r"(?<![\d/,.])\b1 (answers|questions|dimensions|gaps|steps|points|uses|claims|changes)\b", words
        )
        assert not re.search(
            r"(?<!\bof )\b([02-9]|1\d+) (answer|question|dimension|gap|step|point|change) ", words
        )
    if "n" in row.values and row.values["n"] > 1 and row.code not in ("no_plant", "left_out", "incomplete"):
        assert str(row.values["n"]) in text + more or len(row.evidence) <= 4 or "more" in text + more


def test_a_share_of_a_point_is_said_as_such():
    assert whole(Fraction(1, 3)) == 0
