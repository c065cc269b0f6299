"""Each cause that a comparison names is true, and the other way round all is reversed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.charts.changes import Side
from assessments.charts.comparison import compare
from assessments.charts.levels import claimed_level
from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import VERDICTS
from assessments.templatetags.sentences import sentence_of
from tests.property.engine_strategies import frameworks, laws, told
from tests.property.test_rule_laws import record_of


@settings(laws, max_examples=200)
@given(st.data())
def test_each_cause_is_true_and_the_other_way_round_all_is_reversed(data):
    spec = data.draw(frameworks())
    sides = []
    for _ in range(2):
        inputs = data.draw(told(spec))
        sides.append(Side(spec, record_of(spec, inputs), evaluate(spec, inputs)))
    before, after = sides
    there, back = compare(before, after), compare(after, before)
    turned = {"rose": "fell", "fell": "rose", "same": "same", "apart": "apart"}
    assert [row.moved for row in there.dimensions] == [turned[row.moved] for row in back.dimensions]
    assert [row.moved for row in there.uses] == [turned[row.moved] for row in back.uses]
    levels = [{row.question: claimed_level(row) for row in one.record.answers} for one in sides]
    assert told_of(there) == moved_in(before, after)
    for row in there.findings:
        text = sentence_of(spec, row)
        assert text and "None" not in text and "%" not in text
        values = row.values
        if row.code == "cmp_level":
            _check_level(before, after, values)
        if row.code == "cmp_use":
            _check_use(before, after, values)
        if row.code not in ("cmp_rose", "cmp_fell"):
            continue
        assert values["by_answers"] or values["by_ceiling"]
        was, now = (one.results.readings.claimed.dimensions[values["dimension"]] for one in sides)
        assert (values["before"], values["after"]) == (was.effective_level, now.effective_level)
        if values["by_ceiling"]:
            ceilings = [one if one is not None else 6 for one in values["ceilings"]]
            assert (ceilings[1] > ceilings[0]) is (row.code == "cmp_rose")
        for code in values["answers"]:
            assert spec.dimension_of[code] == values["dimension"]
            old, new = (one[code] for one in levels)
            assert old is not None and new is not None and new != old
            assert (new > old) is (row.code == "cmp_rose")
        for code, state in values["states"]:
            assert spec.dimension_of[code] == values["dimension"]
            assert None in (levels[0][code], levels[1][code])
            ((was_state, now_state),) = [
                (one.state, other.state)
                for one, other in zip(before.record.answers, after.record.answers, strict=True)
                if one.question == code
            ]
            assert was_state != now_state
            assert state == (f"was_{was_state}" if now_state in ("level", "unknown") else now_state)
        assert values["answers"] or values["states"] or not values["by_answers"]


def told_of(found):
    """What the sentences say, by rule and subject; of a finding that nothing differs, nothing."""
    return {
        (row.code, row.values.get("dimension") or row.values.get("use") or row.values.get("reading"))
        for row in found.findings
        if row.code != "cmp_nothing"
    }


def moved_in(before, after):
    """What must be said, reckoned here a second time: nothing that differs is kept back."""
    said: set[tuple[str, str | None]] = set()
    old, new = before.results.readings, after.results.readings
    if old.claimed.level != new.claimed.level:
        said.add(("cmp_level", None))
    if old.claimed.index != new.claimed.index and None not in (old.claimed.index, new.claimed.index):
        said.add(("cmp_index", None))
    for name in ("evidenced", "validated"):
        was, now = getattr(old, name), getattr(new, name)
        if (was and was.level) != (now and now.level):
            said.add(("cmp_reading_level", name))
        if (was and was.index) != (now and now.index):
            said.add(("cmp_reading_index", name))
        if (
            was
            and now
            and any(_is_moved(was.dimensions[code].level, row.level) for code, row in now.dimensions.items())
        ):
            said.add(("cmp_reading_dimensions", name))
    for code, now in new.claimed.dimensions.items():
        was = old.claimed.dimensions[code]
        if None not in (was.level, now.level):
            if was.effective_level != now.effective_level:
                way = "rose" if now.effective_level > was.effective_level else "fell"
                said.add((f"cmp_{way}", code))
            elif was.level != now.level:
                said.add(("cmp_claims", None))
        elif (was.level, was.left_out) != (now.level, now.left_out):
            said.add(("cmp_scored", code))
    return said | {
        ("cmp_use", code)
        for code, row in after.results.use_cases.items()
        if row.verdict != before.results.use_cases[code].verdict
    }


def _is_moved(was, now):
    return was != now and None not in (was, now)


def _check_level(before, after, values):
    """The dimensions named moved past the lower level themselves; those left out have none on one side."""
    old, new = (one.results.readings.claimed for one in (before, after))
    assert (values["before"], values["after"]) == (old.level, new.level)
    if None in (old.level, new.level):
        assert not values["dimensions"] and not values["apart"]
        return
    edge = max(old.level, new.level)
    is_up = new.level > old.level
    assert values["dimensions"] or values["apart"]
    for code in values["dimensions"]:
        was, now = old.dimensions[code].effective_level, new.dimensions[code].effective_level
        assert (was < edge <= now) if is_up else (now < edge <= was)
    for code in values["apart"]:
        assert (new if is_up else old).dimensions[code].left_out
        assert (old if is_up else new).dimensions[code].effective_level < edge


def _check_use(before, after, values):
    """The verdict went the way it is said to, and each cause is less short on the better side."""
    was, now = (one.results.use_cases[values["use"]] for one in (before, after))
    assert (values["before"], values["after"]) == (was.verdict, now.verdict)
    assert values["is_up"] is (VERDICTS.index(now.verdict) < VERDICTS.index(was.verdict))
    worse, better = (was, now) if values["is_up"] else (now, was)
    short = [
        {(row.kind, row.code or ""): row.need - (row.have or 0) for row in one.blockers}
        for one in (worse, better)
    ]
    for cause in values["causes"]:
        assert short[0][cause] > short[1].get(cause, 0)
