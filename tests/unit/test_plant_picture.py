"""The crosswalk as a picture: walls, what is beyond them, and which DPMM level lifts what."""

from __future__ import annotations

from assessments.charts.plant import HEIGHT, STEP, plant_picture
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord
from tests.builders import bami_spec
from tests.records import answer_record, make_record, open_record

SPEC = bami_spec()


def picture_of(level: int | None, dpmm: int | None):
    answers = tuple(
        open_record(code) if level is None else answer_record(code, level) for code in SPEC.questions
    )
    stated = DpmmRecord("assessed" if dpmm else "not_known", dpmm, "", "", "")
    record = make_record(SPEC, answers=answers, dpmm=stated)
    return plant_picture(SPEC, evaluate(SPEC, record.inputs()))


def test_a_claim_stands_under_its_wall_and_what_is_beyond_is_hatched():
    picture = picture_of(4, 2)
    for column in picture.columns:
        sustained = SPEC.ceilings[2, column.dimension.code].sustained
        assert column.wall_y == HEIGHT - sustained * STEP
        assert column.beyond == (5 - sustained) * STEP
        assert column.claimed_bar == (HEIGHT - 4 * STEP, 4 * STEP)
        assert column.is_lowered == (sustained < 4)
        raised = [lift.level for lift in column.lifts]
        assert raised == sorted(set(raised))
        assert all(lift.level > sustained for lift in column.lifts)


def test_each_dpmm_level_says_what_it_lowers_and_where_a_claim_is_freed():
    picture = picture_of(4, 2)
    assert [is_here for _, is_here, _ in picture.rows] == [False, True, False, False, False]
    for place, column in enumerate(picture.columns):
        cells = [cells[place] for _, _, cells in picture.rows]
        for level, cell in enumerate(cells, 1):
            ceiling = SPEC.ceilings[level, column.dimension.code]
            assert (cell.sustained, cell.counts) == (ceiling.sustained, min(4, ceiling.sustained))
            assert cell.lowers == (ceiling.sustained < 4)
        freed = [level for level, cell in enumerate(cells, 1) if cell.frees]
        lowered = [level for level, cell in enumerate(cells, 1) if cell.lowers]
        assert freed == ([max(lowered) + 1] if lowered and max(lowered) >= 2 else [])


def test_without_a_dpmm_level_or_an_answer_there_is_no_wall_and_no_bar():
    picture = picture_of(None, None)
    for column in picture.columns:
        assert (column.wall_y, column.beyond, column.lifts) == (None, 0, ())
        assert (column.claimed_bar, column.evidenced_bar) == (None, None)
    assert not any(cell.lowers or cell.frees for _, _, cells in picture.rows for cell in cells)


def test_level_0_is_drawn_as_a_stub():
    assert {column.claimed_bar for column in picture_of(0, 3).columns} == {(HEIGHT - 3, 3)}
