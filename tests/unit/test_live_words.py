"""The words beside an answer: what it moved, and what the ladder of its dimension shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.charts.levels import LadderRow
from assessments.engine.moves import KINDS, Move
from assessments.engine.shapes import VERDICTS
from assessments.templatetags.said.ladder import ladder, levels
from assessments.templatetags.said.moves import MOVES
from assessments.templatetags.sentences import told
from tests.engine_builders import DIMENSIONS, make_framework, make_use_case

SPEC = make_framework(use_cases=[make_use_case("UC1", dict.fromkeys(DIMENSIONS, 3), bounded=2, site_wide=3)])
DIMENSION = f"D1 {SPEC.dimension_by_code['D1'].short_name}"
USE_CASE = f"UC1 {SPEC.use_case_by_code['UC1'].name}"
LEVELS = [f"{step.level} {step.name}" for step in SPEC.levels]
PLANT = f"DPMM 2 {SPEC.dpmm.levels[1].name}"
ROW = LadderRow(
    code="D1", name="Data", score="3.4", claimed=3, evidenced=2, validated=None, counts=3,
    sustained=None, ring_fenced=None, target=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (Move("claimed", "D1", None, 0), f"{DIMENSION} has its first level: 0."),
        (Move("claimed", "D1", 2, 3), f"{DIMENSION} rises to 3."),
        (Move("claimed", "D1", 3, 0), f"{DIMENSION} falls to 0."),
        (Move("claimed", "D1", 0, None), f"{DIMENSION} has no level any more."),
        (Move("held", "D1", 4, 3), "The ceiling lets 3 of it count."),
        (Move("evidenced", "D1", None, 1), "Evidenced in D1: level 1."),
        (Move("evidenced", "D1", 0, 1), "Evidenced in D1: level 1, up from 0."),
        (Move("evidenced", "D1", 2, 1), "Evidenced in D1: level 1, down from 2."),
        (Move("evidenced", "D1", 2, None), "Nothing of D1 is evidenced any more."),
        (Move("plant", "", None, 2), f"The answers now give {PLANT}."),
        (Move("plant", "", 3, 2), f"The answers now give {PLANT}."),
        (Move("plant", "", 1, None), "The answers give no DPMM level any more."),
        (Move("site", "", None, 0), f"The whole has its first level: {LEVELS[0]}."),
        (Move("site", "", 0, 1), f"The whole rises to {LEVELS[1]}."),
        (Move("site", "", 5, 4), f"The whole falls to {LEVELS[4]}."),
        (Move("site", "", 1, None), "The whole has no level any more."),
        (Move("verdict", "UC1", "near", "ready"), f"{USE_CASE} is now ready."),
        (Move("verdict", "UC1", "near", "ready_bounded"), f"{USE_CASE} is now ready, bounded."),
        (Move("verdict", "UC1", "premature", "near"), f"{USE_CASE} is now near."),
        (Move("verdict", "UC1", "near", "premature"), f"{USE_CASE} is now premature."),
        (Move("index", "", None, 0), "The index is 0 of 100."),
        (Move("index", "", 40, 44), "The index is 44 of 100, it was 40."),
        (Move("index", "", 1, None), "There is no index any more."),
    ],
)
def test_what_an_answer_moved(move, words):
    assert told(move, SPEC) == words


def test_every_kind_of_move_and_every_verdict_has_its_words():
    assert set(MOVES) == set(KINDS)
    assert all(told(Move("verdict", "UC1", None, verdict), SPEC) for verdict in VERDICTS)


@pytest.mark.parametrize(
    ("changes", "short", "whole"),
    [
        ({}, "3 claimed, 2 evidenced", "Data: level 3 claimed, 2 evidenced"),
        ({"claimed": 0, "evidenced": 0}, "0 claimed, 0 evidenced", "Data: level 0 claimed, 0 evidenced"),
        ({"claimed": None, "evidenced": None}, "no level yet", "Data: no level yet"),
        ({"claimed": None, "evidenced": None, "left_out": True}, "left out", "Data: left out"),
        (
            {"validated": 0, "sustained": 2, "ring_fenced": 3, "target": 4},
            "3 claimed, 2 evidenced",
            "Data: level 3 claimed, 2 evidenced, 0 validated, ceiling 2, one line up to 3, target 4",
        ),
        (
            {"claimed": None, "evidenced": None, "sustained": 0, "ring_fenced": 1},
            "no level yet",
            "Data: no level yet, ceiling 0, one line up to 1",
        ),
    ],
)
def test_what_the_ladder_of_a_dimension_shows(changes, short, whole):
    row = replace(ROW, **changes)
    assert (levels(row), ladder(row)) == (short, whole)
