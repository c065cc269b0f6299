"""Fields of a document named by codes, where faults can be mended, and shapes of a document with faults."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from frameworks.document.checks import parse_framework
from frameworks.document.editing import find_slot, is_code, mark_of, to_store, too_much
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.lenient import read_leniently
from frameworks.document.mending import find_mend
from frameworks.document.parts import Naming, move_before, named_by, new_question
from frameworks.document.versions import next_version
from tests.data.malformed_content import at, drop, put, tiny_document
from tests.unit.test_document_checks import FARTHER, WRONG

Q = "dimensions[0].questions[0]"
# name of the field, where it stands in the document, another value
FIELDS: list[tuple[str, str, Any]] = [
    ("version", "version", "1.1"),
    ("levels/5/name", "levels[5].name", "Shared"),
    ("dimensions/D2/short_name", "dimensions[1].short_name", "Governance"),
    ("dimensions/D2/weight", "dimensions[1].weight", 3),
    ("dimensions/D2/headlines/0", "dimensions[1].headlines[0]", "None."),
    ("questions/D1-AAA/title", f"{Q}.title", "Capture"),
    ("questions/D1-AAA/gate", f"{Q}.gate", False),
    ("questions/D1-AAA/not_applicable", f"{Q}.not_applicable", "No line."),
    ("questions/D1-AAA/areas", f"{Q}.areas", ["governance", "data"]),
    ("questions/D1-AAA/anchors/5", f"{Q}.anchors[5]", "Joint."),
    ("ceilings/1/D1/because", "dpmm.ceilings[0].because", "Why."),
    ("ceilings/5/D5/sustained", "dpmm.ceilings[24].sustained", 4),
    ("use_cases/UC01/minima/D1/level", "use_cases[0].minima[0].level", 1),
    ("use_cases/UC01/dpmm/bounded", "use_cases[0].dpmm.bounded", 1),
]
NONE = [
    *(
        "",
        "title",
        "framework",
        "levels/6/name",
        "levels/5/level",
        "dimensions/D9/name",
        "dimensions/D1/code",
    ),
    *("questions/D1-AAA", "questions/D1-AAA/code", "questions/D1-AAA/anchors/6", "questions/D9-AAA/title"),
    *(
        "questions/D1-AAA/anchors/-1",
        "ceilings/6/D1/sustained",
        "ceilings/1/D9/sustained",
        "ceilings/1/D1/dpmm",
    ),
    *(
        "use_cases/UC09/dpmm/bounded",
        "use_cases/UC01/name",
        "use_cases/UC01/minima/D9/level",
        "actions/A-D1-01/title",
    ),
    *("use_cases/UC01/critical/D9-AAA", "questions/D1-AAA/title/x", "/".join("x" * 40)),
]


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row[0])
def test_a_field_is_read_and_written_where_its_name_says(row):
    name, place, value = row
    document = tiny_document()
    slot = find_slot(document, name)
    assert slot.value == at(document, place)
    slot.put(value)
    assert document == put(tiny_document(), place, value)
    assert find_slot(document, name).value == value


@pytest.mark.parametrize("name", NONE)
def test_a_name_that_is_none_finds_nothing(name):
    document = tiny_document()
    assert find_slot(document, name) is None
    assert document == tiny_document()


@pytest.mark.parametrize(
    "broken", [{}, {"dimensions": 7, "levels": [1], "dpmm": [], "use_cases": [{"code": "UC01"}]}]
)
def test_a_document_that_is_none_has_no_fields(broken):
    before = copy.deepcopy(broken)
    found = [name for name, _, _ in FIELDS if find_slot(broken, name)]
    assert found == ["version"]
    assert broken == before


def test_rows_that_are_missing_are_made():
    document = drop(drop(tiny_document(), "dpmm.ceilings[0]"), "use_cases[0].minima[0]")
    for name in ("ceilings/1/D1/sustained", "use_cases/UC01/minima/D1/level"):
        slot = find_slot(document, name)
        assert slot.value is None
        slot.put(1)
        find_slot(document, name.rpartition("/")[0] + "/because").put("Why.")
    assert document["dpmm"]["ceilings"][-1] == {
        "dpmm": 1,
        "dimension": "D1",
        "sustained": 1,
        "because": "Why.",
    }
    assert document["use_cases"][0]["minima"][-1] == {"dimension": "D1", "level": 1, "because": "Why."}


def test_anchors_that_are_missing_are_made():
    document = put(tiny_document(), f"{Q}.anchors", ["Only one."])
    find_slot(document, "questions/D1-AAA/anchors/3").put("The fourth.")
    assert at(document, f"{Q}.anchors") == ["Only one.", "", "", "The fourth.", "", ""]


def test_a_critical_question_is_one_field():
    document = tiny_document()
    name = "use_cases/UC01/critical/D1-AAA"
    before = copy.deepcopy(at(document, "use_cases[0].critical"))
    values = []
    for value in ("dimension", 4, "no"):
        values.append(find_slot(document, name).value)
        find_slot(document, name).put(value)
        values.append(at(document, "use_cases[0].critical")[len(before) :])
    assert values == [
        "no",
        [{"question": "D1-AAA"}],
        "dimension",
        [{"question": "D1-AAA", "level": 4}],
        4,
        [],
    ]
    assert at(document, "use_cases[0].critical") == before


STORED = [
    # field, value, stored, what is wrong
    ("questions/D1-AAA/title", "  Cafe\u0301 ", "Café", ""),
    ("questions/D1-AAA/title", "", "", ""),
    ("questions/D1-AAA/not_applicable", " ", None, ""),
    ("questions/D1-AAA/references", [], [], ""),
    ("questions/D1-AAA/title", "x" * 8001, "x" * 8001, "8,000 characters at most expected, 8,001 found"),
    (
        "questions/D1-AAA/title",
        "a\x00b",
        "a\x00b",
        "the character U+0000 is not allowed: no control, invisible or direction-changing characters",
    ),
    ("questions/D1-AAA/weight", 0, 0, "a whole number of at least 1 expected, 0 found"),
    ("questions/D1-AAA/weight", "two", "two", "a whole number of at least 1 expected, the text 'two' found"),
    ("questions/D1-AAA/gate", "yes", "yes", "true or false expected, the text 'yes' found"),
    (
        "questions/D1-AAA/roles",
        ["qa", "b c"],
        ["qa", "b c"],
        "a code (at most 40 letters, digits, - _ .) expected, the text 'b c' found",
    ),
    ("ceilings/1/D1/sustained", 6, 6, "a whole number from 0 to 5 expected, 6 found"),
    (
        "use_cases/UC01/critical/D1-AAA",
        "maybe",
        "maybe",
        "a whole number from 0 to 5 expected, the text 'maybe' found",
    ),
    ("version", "1.x", "1.x", "a version number in quotes, such as \"1.10\", expected, the text '1.x' found"),
]


@pytest.mark.parametrize("row", STORED)
def test_what_may_be_stored(row):
    name, value, stored, wrong = row
    assert to_store(find_slot(tiny_document(), name).field, value) == (stored, wrong)


def test_a_mark_tells_values_apart():
    values = [None, "", "a", "b", 1, "1", True, [], ["a"], ["a", "b"], ["b", "a"]]
    assert len({mark_of(value) for value in values}) == len(values)
    assert mark_of("Café") == mark_of("Cafe\u0301")


def test_moving_and_naming():
    document = tiny_document()
    questions = document["dimensions"][0]["questions"]
    for code, before, expected in [
        ("D1-AAA", "", "BBB AAA"),
        ("D1-AAA", "D1-BBB", "AAA BBB"),
        ("D1-BBB", "D1-BBB", "AAA BBB"),
        ("D9", "", "AAA BBB"),
    ]:
        move_before(questions, code, before)
        assert [question["code"][3:] for question in questions] == expected.split()
    assert named_by(document, "D2-AAA") == [
        Naming("use_case", "UC01", at(document, "use_cases[0].name")),
        Naming("action", "A-D2-02", at(document, "actions[2].title")),
    ]
    assert [naming.kind for naming in named_by(document, "D1-AAA")] == ["proxies", "action", "flag"]
    assert named_by(document, "D5-BBB") == []
    assert set(new_question("D1-NEW", "New")) == set(at(document, Q))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("D1-NEW.2_b", True), ("", False), ("two words", False), ("x" * 41, False), ("é", False)],
)
def test_codes(text, expected):
    assert is_code(text) is expected


@pytest.mark.parametrize(
    ("published", "proposed"),
    [([], "1.0"), (["1.0"], "1.1"), (["1.9", "1.10"], "1.11"), (["2"], "3"), (["1.9.9", "1.9"], "1.9.10")],
)
def test_the_number_that_is_proposed(published, proposed):
    assert next_version(published) == proposed


def test_a_document_that_grew_beyond_the_format_says_so():
    document = tiny_document()
    assert too_much(document) == ""
    questions = document["dimensions"][0]["questions"]
    questions.extend(new_question(f"Q-{number}", "x") for number in range(1100))
    assert too_much(document) == "20,000 list entries and keys at most expected, more found"
    put(document, "glossary", [{"term": str(number), "meaning": "m" * 8000} for number in range(263)])
    assert too_much(document) == "2,097,152 bytes at most expected, more found"


# --- Where faults are mended ------------------------------------------------------------------------------


def faults_of(document: Any) -> list[Fault]:
    with pytest.raises(DocumentFaults) as caught:
        parse_framework(document)
    return list(caught.value.faults)


def mends_of(place: str, value: Any) -> list[tuple[str, str, str]]:
    document = put(tiny_document(), place, value)
    mends = [find_mend(document, fault) for fault in faults_of(document)]
    return [(mend.page, mend.kind + (f" {mend.code}" if mend.code else ""), mend.field) for mend in mends]


MENDS = [
    (f"{Q}.text", "", [("question", "question D1-AAA", "questions/D1-AAA/text")]),
    (f"{Q}.anchors[3]", "", [("question", "question D1-AAA", "questions/D1-AAA/anchors/3")]),
    (f"{Q}.anchors", ["a"] * 5, [("question", "question D1-AAA", "questions/D1-AAA/anchors/5")]),
    (f"{Q}.anchors", ["a"] * 7, [("yaml", "question D1-AAA", "")]),
    (f"{Q}.areas", [], [("question", "question D1-AAA", "questions/D1-AAA/areas")]),
    (f"{Q}.references[0]", "X", [("question", "question D1-AAA", "questions/D1-AAA/references")]),
    (f"{Q}.odd", 1, [("yaml", "question D1-AAA", "")]),
    (f"{Q}.quick", False, [("dimension", "dimension D1", "dimensions/D1/questions")]),
    ("dimensions[1].headlines[2]", "", [("dimension", "dimension D2", "dimensions/D2/headlines/2")]),
    ("levels[2].name", " ", [("levels", "level 2", "levels/2/name")]),
    ("version", "x", [("publication", "framework", "version")]),
    ("title", 7, [("yaml", "framework", "")]),
    ("policy.threshold", 2, [("yaml", "framework", "")]),
    ("dpmm.ceilings[0].because", "", [("crosswalk", "ceilings 1/D1", "ceilings/1/D1/because")]),
    ("use_cases[0].minima[0].level", 9, [("use_case", "use_case UC01", "use_cases/UC01/minima/D1/level")]),
    ("use_cases[0].dpmm.because", "", [("use_case", "use_case UC01", "use_cases/UC01/dpmm/because")]),
    (
        "use_cases[0].critical[0].question",
        "D9",
        [("use_case", "use_case UC01", "use_cases/UC01/critical/D9")],
    ),
    ("use_cases[0].summary", "", [("yaml", "use_case UC01", "")]),
    ("actions[2].prerequisites[0]", "A-D9-01", [("yaml", "action A-D2-02", "")]),
    ("references[0].status", "rumour", [("yaml", "reference REF-1", "")]),
]


@pytest.mark.parametrize("row", MENDS, ids=lambda row: row[0])
def test_where_a_fault_is_mended(row):
    place, value, expected = row
    assert mends_of(place, value) == expected


@pytest.mark.parametrize(
    ("place", "where"), [("dpmm.ceilings[0]", "matrix"), ("use_cases[0].minima[0]", "use_cases/UC01/minima")]
)
def test_a_missing_row_is_mended_where_its_field_stands(place, where):
    document = drop(tiny_document(), place)
    mends = [find_mend(document, fault) for fault in faults_of(document)]
    assert [mend.field for mend in mends if mend.page != "yaml"] == [where]


def test_what_is_not_the_first_of_its_code_is_mended_in_the_file():
    document = tiny_document()
    document["dimensions"][0]["questions"].append({**at(document, Q), "text": ""})
    document["dpmm"]["ceilings"].append({**at(document, "dpmm.ceilings[0]"), "because": ""})
    pages = {find_mend(document, fault).page for fault in faults_of(document)}
    assert pages == {"yaml", "dimension"}


@pytest.mark.parametrize("row", [*WRONG, *FARTHER], ids=lambda row: row[0])
def test_every_fault_leads_to_a_field_that_is_there_or_to_the_file(row):
    document = put(tiny_document(), row[0], row[1])
    for fault in faults_of(document):
        mend = find_mend(document, fault)
        is_part = mend.field == "matrix" or mend.field.endswith(("/minima", "/questions"))
        assert mend.page == "yaml" or is_part or find_slot(document, mend.field)


@pytest.mark.parametrize(
    "place",
    ["document", "line 3, column 7", "x.'odd key'", "dimensions[99].questions[0].text", "use_cases[9]", ""],
)
def test_a_place_that_is_nowhere_leads_to_the_file(place):
    assert find_mend(tiny_document(), Fault(place, "wrong")).page == "yaml"
    assert find_mend({}, Fault(place, "wrong")).page == "yaml"


# --- Shapes with faults -----------------------------------------------------------------------------------


def test_a_sound_document_is_the_same_leniently():
    assert read_leniently(tiny_document()) == parse_framework(tiny_document()).__class__(
        **{**vars(parse_framework(tiny_document())), "content_digest": ""}
    )


@pytest.mark.parametrize("row", [*WRONG, *FARTHER], ids=lambda row: row[0])
def test_a_document_with_a_fault_still_has_all_its_parts(row):
    spec = read_leniently(put(tiny_document(), row[0], row[1]))
    assert (len(spec.levels), len(spec.evidence_grades)) == (6, 4)
    assert all(
        len(question.anchors) == 6 for dimension in spec.dimensions for question in dimension.questions
    )
    assert all(isinstance(step.name, str) for step in spec.levels)


def test_anything_has_the_shapes_of_a_framework():
    spec = read_leniently({"dimensions": [{"code": "D1", "questions": [{"code": "A"}]}, 7]})
    assert [dimension.code for dimension in spec.dimensions] == ["D1", "", "", "", ""]
    assert spec.dimensions[0].questions[0].anchors == ("",) * 6
    assert [step.name for step in spec.levels] == [""] * 6
