"""The difference between two documents as a table of cases: one change, and everything that is said of it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from frameworks.document.difference import Change, Difference, ItemDifference, find_difference
from frameworks.document.parts import move_before
from frameworks.document.wording import compare_wording
from tests.data.malformed_content import at, drop, put, tiny_document

Q = "dimensions[0].questions[0]"


def told(difference: Difference) -> list[Any]:
    """A difference in short: (kind, code, status) of items, with what is told of each."""
    return [short(item) for section in difference for item in section.items]


def short(item: ItemDifference) -> Any:
    parts: list[Any] = [item.kind, item.code, item.status]
    if item.status != "changed":
        return tuple(parts)
    if item.move:
        parts.append(f"{item.move.before} → {item.move.after}")
    return (*parts, *(of_field(change) for change in item.changes))


def of_field(change: Change) -> Any:
    if change.kind == "codes":
        return (change.key, f"+{' '.join(change.added)} -{' '.join(change.removed)}")
    if change.kind == "value":
        return (change.key, change.before, change.after)
    marked = [
        "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in side)
        for side in (change.old, change.new)
    ]
    return (change.key, *marked)


def replace(place: str, value: object):
    return lambda document: put(document, place, value)


def swapped(document: Any) -> Any:
    move_before(document["dimensions"][0]["questions"], "D1-BBB", "D1-AAA")
    return document


def to_another_dimension(document: Any) -> Any:
    question = document["dimensions"][0]["questions"].pop(1)
    document["dimensions"][1]["questions"].append(question)
    return document


def another_question(document: Any) -> Any:
    question = {**document["dimensions"][0]["questions"][1], "code": "D1-NEW", "title": "New"}
    document["dimensions"][0]["questions"].insert(1, question)
    return document


def other_order_of_rows(document: Any) -> Any:
    document["dpmm"]["ceilings"].reverse()
    return document


CASES: list[tuple[str, Any, list[Any]]] = [
    ("nothing", lambda document: document, []),
    ("the order of the crosswalk's rows, which means nothing", other_order_of_rows, []),
    (
        "a question reworded",
        replace(f"{Q}.text", "How far is that in place: capture at source?"),
        [
            (
                "question",
                "D1-AAA",
                "changed",
                (
                    "text",
                    "How far is [this] in place: capture at source?",
                    "How far is [that] in place: capture at source?",
                ),
            )
        ],
    ),
    (
        "an anchor",
        replace(f"{Q}.anchors[3]", "Capture at source: routine."),
        [
            (
                "question",
                "D1-AAA",
                "changed",
                ("anchors/3", "Capture at source: [controlled].", "Capture at source: [routine]."),
            )
        ],
    ),
    ("a weight", replace(f"{Q}.weight", 2), [("question", "D1-AAA", "changed", ("weight", 1, 2))]),
    (
        "a gate set",
        replace("dimensions[0].questions[1].gate", True),
        [("question", "D1-BBB", "changed", ("gate", False, True))],
    ),
    (
        "no longer quick",
        replace(f"{Q}.quick", False),
        [("question", "D1-AAA", "changed", ("quick", True, False))],
    ),
    (
        "not applicable allowed",
        replace(f"{Q}.not_applicable", "No such line."),
        [("question", "D1-AAA", "changed", ("not_applicable", "", "[No such line.]"))],
    ),
    (
        "areas in another order",
        replace("dimensions[0].questions[1].areas", ["data", "partnerships"]),
        [("question", "D1-BBB", "changed", ("areas", "+ -"))],
    ),
    (
        "a reference taken away, an area added",
        lambda document: put(put(document, f"{Q}.references", []), f"{Q}.areas", ["data", "governance"]),
        [("question", "D1-AAA", "changed", ("areas", "+governance -"), ("references", "+ -REF-1"))],
    ),
    ("a question added", another_question, [("question", "D1-NEW", "added")]),
    ("a question removed", lambda document: drop(document, Q), [("question", "D1-AAA", "removed")]),
    ("questions swapped", swapped, [("question", "D1-BBB", "changed", "2 → 1")]),
    (
        "a question in another dimension",
        to_another_dimension,
        [("question", "D1-BBB", "changed", ("dimension", "D1", "D2"))],
    ),
    (
        "texts of a dimension and of a level",
        lambda document: put(
            put(document, "dimensions[1].headlines[0]", "None."), "levels[5].name", "Shared"
        ),
        [
            ("dimension", "D2", "changed", ("headlines/0", "[Model governance: absent].", "[None].")),
            ("level", "5", "changed", ("name", "[Federated and assured]", "[Shared]")),
        ],
    ),
    (
        "a ceiling",
        lambda document: put(
            put(document, "dpmm.ceilings[0].ring_fenced", 3), "dpmm.ceilings[0].because", "Why."
        ),
        [
            (
                "ceiling",
                "1/D1",
                "changed",
                ("ring_fenced", 1, 3),
                ("because", "[What plant level 1 carries].", "[Why]."),
            )
        ],
    ),
    (
        "a use case's minimum, critical question and DPMM minimum",
        lambda document: put(
            put(put(document, "use_cases[0].minima[0].level", 4), "use_cases[0].dpmm.site_wide", 5),
            "use_cases[0].critical",
            [{"question": "D1-AAA", "level": 1}, {"question": "D3-BBB"}],
        ),
        [
            (
                "use_case",
                "UC01",
                "changed",
                ("minima/D1/level", 2, 4),
                ("critical/D1-AAA", None, 1),
                ("critical/D3-BBB", None, "dimension"),
                ("dpmm/site_wide", 3, 5),
                ("critical/D2-AAA", 3, None),
                ("critical/D4-BBB", "dimension", None),
            )
        ],
    ),
    (
        "actions, flags, references, glossary: all else",
        lambda document: put(
            put(
                put(put(document, "actions[0].weeks", [9, 13]), "flags[0].any_of[0].at_most", 2),
                "references[0].status",
                "draft",
            ),
            "glossary[0].meaning",
            "Anything fitted.",
        ),
        [
            ("action", "A-D1-01", "changed", ("weeks", [8, 13], [9, 13])),
            ("flag", "F01", "changed", ("any_of/D1-AAA/at_most", 1, 2)),
            ("reference", "REF-1", "changed", ("status", "final", "draft")),
            ("term", "Model", "changed", ("meaning", "Anything [trained].", "Anything [fitted].")),
        ],
    ),
    (
        "the document's own",
        lambda document: put(
            put(put(document, "version", "1.1"), "policy.threshold", "2/3"),
            "reading_rules",
            ["Read.", "Answer."],
        ),
        [
            (
                "framework",
                "",
                "changed",
                ("version", "1.0", "1.1"),
                ("policy/threshold", "3/4", "2/3"),
                ("reading_rules", "+Read. Answer. -Choose the highest level that is true today."),
            )
        ],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_change_is_told_whole_and_nothing_else(case):
    _, change, expected = case
    assert told(find_difference(tiny_document(), change(tiny_document()))) == expected


def test_one_way_and_the_other_mirror_each_other():
    before, after = tiny_document(), another_question(swapped(tiny_document()))
    there, back = find_difference(before, after), find_difference(after, before)
    assert told(there) == [("question", "D1-BBB", "changed", "2 → 1"), ("question", "D1-NEW", "added")]
    assert told(back) == [("question", "D1-AAA", "changed", "3 → 1"), ("question", "D1-NEW", "removed")]


def test_what_is_added_or_removed_is_told_with_all_its_fields():
    document = another_question(tiny_document())
    (section,) = find_difference(tiny_document(), document)
    (added,) = section.items
    assert (added.name, added.within, section.count("added")) == ("New", "D1", 1)
    keys = [change.key for change in added.changes]
    assert keys[:3] == ["title", "text", "why"]
    assert keys[-1] == "dimension"
    assert {change.before for change in added.changes} == {None}
    (removed,) = find_difference(document, tiny_document())[0].items
    assert [change.key for change in removed.changes] == keys
    assert {change.after for change in removed.changes} == {None}


BROKEN = [
    {},
    {"dimensions": "none", "levels": [1, 2], "dpmm": [], "use_cases": {"a": 1}},
    {"dimensions": [{"code": "D1", "questions": [{"code": "A"}, {"code": "A"}, "B", {"title": "C"}]}]},
    {"use_cases": [{"code": "U", "minima": [{"level": 1}], "critical": "x"}], "title": 7, "odd key": [1]},
    {
        "dpmm": {"ceilings": [{"dpmm": 1}, {"dpmm": 1}, {}]},
        "flags": [{"code": "F", "when": 3, "any_of": [{}]}],
    },
]


@pytest.mark.parametrize("broken", BROKEN)
def test_documents_that_are_none_are_compared_all_the_same(broken):
    assert find_difference(broken, broken) == ()
    assert find_difference(tiny_document(), broken)
    assert find_difference(broken, tiny_document())


def test_a_code_given_twice_hides_nothing():
    document = tiny_document()
    twin = {**at(document, Q), "title": "Its twin"}
    document["dimensions"][0]["questions"].append(twin)
    assert told(find_difference(tiny_document(), document)) == [("question", "D1-AAA #2", "added")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("", "new"), ("old", ""), ("a  b\n", "a b\n\n"), ("é!", "e!"), ("x y z", "z y x")],
)
def test_pieces_joined_are_the_texts_again(before, after):
    old, new = compare_wording(before, after)
    assert ("".join(piece.text for piece in old), "".join(piece.text for piece in new)) == (before, after)
    shared = ["".join(piece.text for piece in side if not piece.is_changed) for side in (old, new)]
    assert shared[0] == shared[1]


def test_texts_made_to_be_slow_to_compare_are_rewritten_whole():
    before, after = tiny_document(), tiny_document()
    for dimension in (0, 1, 2, 3, 4):
        for place in range(6):
            put(before, f"dimensions[{dimension}].headlines[{place}]", "a " * 390 + "x")
            put(after, f"dimensions[{dimension}].headlines[{place}]", "b a " * 190 + "y")
    begun = time.process_time()
    assert len(find_difference(before, after)[0].items) == 5
    assert time.process_time() - begun < 5
