"""Faults of a framework document by example: a change of the tiny document and its whole list of faults."""

from __future__ import annotations

from fractions import Fraction

import pytest

from frameworks.document.checks import parse_framework
from frameworks.document.faults import DocumentFaults
from frameworks.document.layout import STATUSES
from tests.data.malformed_content import at, drop, put, tiny_document

LEVEL = "a whole number from 0 to 5"
DPMM_LEVEL = "a whole number from 1 to 5"
CODE = "a code (at most 40 letters, digits, - _ .)"
SHARE = "a fraction above 0 and at most 1, such as 3/4,"
VERSION = 'a version number in quotes, such as "1.10",'
QUOTES = "(text that looks like this needs quotes)"
NO_HIDDEN = "is not allowed: no control, invisible or direction-changing characters"


def faults_of(document):
    with pytest.raises(DocumentFaults) as caught:
        parse_framework(document)
    return [str(fault) for fault in caught.value.faults]


def test_the_tiny_document_becomes_shapes():
    spec = parse_framework(tiny_document())
    assert (spec.framework, spec.version, spec.status_as_of) == ("tiny", "1.0", "2026-09-30")
    assert spec.policy.threshold == Fraction(3, 4)
    assert spec.support == {"E0": 1, "E1": 2, "E2": 4, "E3": 5}
    assert list(spec.questions) == [f"D{d}-{name}" for d in range(1, 6) for name in ("AAA", "BBB")]
    assert spec.questions["D1-BBB"].areas == ("partnerships", "data")
    assert spec.ceilings[4, "D3"].ring_fenced == 5
    assert [(action.code, action.from_level, action.to_level, action.weeks) for action in spec.actions] == [
        ("A-D1-01", 0, 2, (8, 13)),
        ("A-D2-01", 0, 1, (2, 4)),
        ("A-D2-02", 1, 3, (10, 16)),
        ("A-D4-01", 1, 3, (4, 8)),
        ("A-D5-01", 0, 1, (3, 6)),
    ]
    assert spec.flags[0].any_of[0].at_most == 1
    assert hash(spec.dimensions) == hash(parse_framework(tiny_document()).dimensions)


Q = "dimensions[1].questions[0]"
WRONG: list[tuple[str, object, str]] = [
    # place, value, what is said of the place itself
    ("title", None, "text expected, null found"),
    ("title", 2024, f"text expected, 2024 found {QUOTES}"),
    ("title", 10**99, f"text expected, a number of more than 64 bits found {QUOTES}"),
    ("title", 1.5, "text expected, a decimal number found"),
    ("title", {}, "text expected, a mapping found"),
    ("title", b"", "text expected, a value of type bytes found"),
    ("title", "x" * 201, "200 characters at most expected, 201 found"),
    ("title", "\n \t", "text expected, an empty text found"),
    ("summary", "x" * 8001, "8,000 characters at most expected, 8,001 found"),
    ("summary", "e" + "\u0301" * 31, "30 combining marks in a row at most expected, more found"),
    ("summary", "\u0958" * 4001, "8,000 characters at most expected, 8,002 found"),  # NFC makes two of one
    ("summary", "a\u2066b", f"the character U+2066 {NO_HIDDEN}"),
    ("summary", "a\ud800b", f"the character U+D800 {NO_HIDDEN}"),
    ("summary", "a\r\nb", f"the character U+000D {NO_HIDDEN}"),
    ("framework", "two words", f"{CODE} expected, the text 'two words' found"),
    ("framework", "x" * 41, f"{CODE} expected, the text '{'x' * 40}…' found"),
    ("framework", "bami\n", f"{CODE} expected, the text 'bami\\n' found"),
    ("version", 1, f"{VERSION} expected, 1 found {QUOTES}"),
    ("version", "1.x", f"{VERSION} expected, the text '1.x' found"),
    ("status_as_of", "20260930", "a date such as 2026-09-30 expected, the text '20260930' found"),
    ("levels", "six", "a list of 6 expected, the text 'six' found"),
    ("levels[2]", "two", "a mapping expected, the text 'two' found"),
    ("levels[2].level", True, f"{LEVEL} expected, true found"),
    ("evidence_grades[1].grade", "E9", "one of E0, E1, E2, E3 expected, the text 'E9' found"),
    ("evidence_grades[1].supports", -1, f"{LEVEL} expected, -1 found"),
    ("evidence_grades[3].supports", 3, "at least 4 expected, as a grade before supports, 3 found"),
    ("policy.threshold", 0, f"{SHARE} expected, 0 found"),
    ("policy.threshold", True, f"{SHARE} expected, true found"),
    ("policy.threshold", "3/0", f"{SHARE} expected, the text '3/0' found"),
    ("policy.threshold", "0.75", f"{SHARE} expected, the text '0.75' found"),
    ("policy.threshold", "0/4", f"{SHARE} expected, the text '0/4' found"),
    ("policy.threshold", "5/4", f"{SHARE} expected, the text '5/4' found"),
    ("policy.gate_slack", 6, f"{LEVEL} expected, 6 found"),
    ("policy.not_applicable_cap", 6, f"{LEVEL} expected, 6 found"),
    ("references[0].status", "rumour", f"one of {', '.join(STATUSES)} expected, the text 'rumour' found"),
    ("dimensions[1].weight", 0, "a whole number of at least 1 expected, 0 found"),
    ("dimensions[1].weight", 2**63, f"a whole number of at least 1 expected, {2**63} found"),
    (f"{Q}.weight", "2", "a whole number of at least 1 expected, the text '2' found"),
    (f"{Q}.gate", "yes", "true or false expected, the text 'yes' found"),
    (f"{Q}.quick", 1, "true or false expected, 1 found"),
    (f"{Q}.not_applicable", "", "text or null expected, an empty text found"),
    (f"{Q}.areas", [], "at least 1 expected, 0 found"),
    (f"{Q}.areas[0]", "moon", "the code of an area expected, 'moon' is none"),
    (f"{Q}.roles[0]", "qb", "the code of a role expected, 'qb' is none"),
    (f"{Q}.anchors[3]", 3, f"text expected, 3 found {QUOTES}"),
    ("dpmm.levels[0].level", 0, f"{DPMM_LEVEL} expected, 0 found"),
    ("dpmm.proxies[1]", "D4-NONE", "the code of a question expected, 'D4-NONE' is none"),
    ("dpmm.proxies[1]", "D1-AAA", "'D1-AAA' is named twice in this list, first at dpmm.proxies[0]"),
    ("dpmm.proxies", [], "an odd number expected, 0 found"),
    ("use_cases[0].impact_class", "E", "one of A, B, C, D expected, the text 'E' found"),
    ("use_cases[0].critical[1].level", None, f"{LEVEL} expected, null found"),
    ("use_cases[0].dpmm.bounded", 0, f"{DPMM_LEVEL} expected, 0 found"),
    ("use_cases[1].code", "UC01", "the use case 'UC01' is given twice, first at use_cases[0].code"),
    ("actions[0].to", 0, "a level above 0 (from) expected, 0 found"),
    ("actions[0].effort", "XL", "one of S, M, L expected, the text 'XL' found"),
    ("actions[0].weeks[0]", 0, "a whole number from 1 to 520 expected, 0 found"),
    ("actions[0].weeks[1]", 521, "a whole number from 1 to 520 expected, 521 found"),
    ("actions[0].weeks", [3], "2 expected, 1 found"),
    ("actions[0].weeks", [4, 3], "the low figure first expected, 4 before 3 found"),
    ("actions[0].raises", [], "at least 1 expected, 0 found"),
    ("actions[0].roles", [], "at least 1 expected, 0 found"),
    ("actions[0].area", "moon", "the code of an area expected, 'moon' is none"),
    ("actions[0].dimension", "D9", "the code of a dimension expected, 'D9' is none"),
    ("actions[2].prerequisites[0]", "A-D9-01", "the code of an action expected, 'A-D9-01' is none"),
    ("flags[0].any_of", [], "at least 1 expected, 0 found"),
    ("flags[0].when.question", "D9", "the code of a question expected, 'D9' is none"),
    ("flags[0].when.at_least", 6, f"{LEVEL} expected, 6 found"),
]  # fmt: skip


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row[0])
def test_a_wrong_value_is_the_only_fault(row):
    place, value, message = row
    assert faults_of(put(tiny_document(), place, value)) == [f"{place}: {message}"]


FARTHER = [
    # place, value, all faults: some stand where the value clashes, not where it is
    (f"{Q}.quick", False, ["dimensions[1].questions: 2 quick questions expected, 1 found"]),
    (
        "dpmm.ceilings[3].dimension",
        "D9",
        [
            "dpmm.ceilings[3].dimension: the code of a dimension expected, 'D9' is none",
            "dpmm.ceilings: a row for DPMM level 1 and D4 expected, none found",
        ],
    ),
    (
        "dpmm.ceilings[3].sustained",
        2,
        [
            "dpmm.ceilings[3].ring_fenced: at least 2 expected, as sustained, 1 found",
            "dpmm.ceilings[8].sustained: at least 2 expected, as at DPMM level 1, 1 found",
        ],
    ),
    (
        "dpmm.ceilings[24].sustained",
        4,
        [
            "dpmm.ceilings[24].sustained: at least 5 expected, as at DPMM level 4, 4 found",
            "dpmm.ceilings[24].sustained: 5 expected at the highest DPMM level, 4 found",
        ],
    ),
    (
        "impact_classes[1].code",
        "E",
        [
            "impact_classes[1].code: one of A, B, C, D expected, the text 'E' found",
            "use_cases[0].impact_class: the code of an impact class expected, 'B' is none",
        ],
    ),
    (
        "use_cases[0].minima[0].level",
        4,
        [
            "use_cases[0].minima[0].level: at most 3 expected, "
            "all that DPMM level 2 (bounded) carries ring-fenced, 4 found",
            "use_cases[0].minima[0].level: at most 3 expected, "
            "all that DPMM level 3 (site_wide) carries sustained, 4 found",
        ],
    ),
    (
        "use_cases[0].minima[4].dimension",
        "D1",
        [
            "use_cases[0].minima[4].dimension: 'D1' is named twice in this list, "
            "first at use_cases[0].minima[0].dimension",
            "use_cases[0].minima: a minimum for D5 expected, none found",
        ],
    ),
    (
        "use_cases[0].critical[1].question",
        "D2-AAA",
        [
            "use_cases[0].critical[1].question: 'D2-AAA' is named twice in this list, "
            "first at use_cases[0].critical[0].question"
        ],
    ),
    (
        "use_cases[0].dpmm.bounded",
        4,
        ["use_cases[0].dpmm.site_wide: at least 4 expected, as bounded, 3 found"],
    ),
    (
        "actions[0].prerequisites",
        ["A-D2-02"],
        ["actions[2].prerequisites[1]: prerequisites form a cycle: A-D1-01 needs A-D2-02 needs A-D1-01"],
    ),
]


@pytest.mark.parametrize(("place", "value", "faults"), FARTHER)
def test_a_clash_is_reported_where_it_shows(place, value, faults):
    assert faults_of(put(tiny_document(), place, value)) == faults


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("impact_classes", []),
        ("glossary", []),
        ("reading_rules", []),
        ("flags", []),
        ("use_cases", []),
        ("actions", []),
        ("use_cases[0].critical", []),
        ("use_cases[0].references", []),
        (f"{Q}.roles", []),
        (f"{Q}.not_applicable", "No model is used."),
        ("policy.threshold", "1"),
        ("dpmm.version", "3.0"),
        ("dimensions[0].weight", 1_000_000),
        ("version", "1.10"),
        ("title", "Readiness für Größe, 成熟度 and 🧬"),
    ],
)
def test_a_document_may_say_so(place, value):
    parse_framework(put(tiny_document(), place, value))


CITING = [
    *(f"dimensions[{d}].questions[{q}]" for d in range(5) for q in range(2)),
    *(f"use_cases[{index}]" for index in range(2)),
    *(f"actions[{index}]" for index in range(5)),
]
REMOVED = [
    ("levels[2]", ["levels: 6 expected, 5 found"]),
    ("areas[3]", [
        "areas: 4 expected, 3 found",
        "dimensions[0].questions[1].areas[0]: the code of an area expected, 'partnerships' is none",
        "dimensions[2].questions[1].areas[0]: the code of an area expected, 'partnerships' is none",
    ]),
    ("evidence_grades[0]", ["evidence_grades: 4 expected, 3 found"]),
    ("dimensions[0].headlines[0]", ["dimensions[0].headlines: 6 expected, 5 found"]),
    (f"{Q}.anchors[5]", [f"{Q}.anchors: 6 expected, 5 found"]),
    ("dpmm.levels[4]", ["dpmm.levels: 5 expected, 4 found"]),
    ("dpmm.proxies[2]", ["dpmm.proxies: an odd number expected, 2 found"]),
    ("dpmm.ceilings[7]", ["dpmm.ceilings: a row for DPMM level 2 and D3 expected, none found"]),
    ("use_cases[1].minima[2]", ["use_cases[1].minima: a minimum for D3 expected, none found"]),
    ("actions[1]", ["actions[1].prerequisites[0]: the code of an action expected, 'A-D2-01' is none"]),
    ("dpmm.ceilings", ["dpmm.ceilings: a list expected, but the key is missing"]),
    ("dpmm", ["dpmm: a mapping expected, but the key is missing"]),
    ("policy.gate_slack", [f"policy.gate_slack: {LEVEL} expected, but the key is missing"]),
    ("version", [f"version: {VERSION} expected, but the key is missing"]),
    ("dimensions[3].questions", ["dimensions[3].questions: a list expected, but the key is missing"]),
    ("references[0].code", [
        f"references[0].code: {CODE} expected, but the key is missing",
        *(f"{place}.references[0]: the code of a reference expected, 'REF-1' is none" for place in CITING),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "faults"), REMOVED)
def test_what_is_missing_has_these_faults(place, faults):
    assert faults_of(drop(tiny_document(), place)) == faults


def test_levels_out_of_order_are_reported_one_by_one():
    document = tiny_document()
    levels = at(document, "levels")
    levels[1], levels[2] = levels[2], levels[1]
    grades = at(document, "evidence_grades")
    grades[0]["grade"], grades[1]["grade"] = "E1", "E0"
    assert faults_of(document) == [
        "levels[1].level: 1 expected, 2 found: they stand in order",
        "levels[2].level: 2 expected, 1 found: they stand in order",
        "evidence_grades[0].grade: E0 expected, E1 found: they stand in order",
        "evidence_grades[1].grade: E1 expected, E0 found: they stand in order",
    ]


def test_codes_given_twice_are_reported_with_the_first():
    document = tiny_document()
    put(document, "levels[5].level", 4)
    put(document, "areas[3].code", "data")
    put(document, "glossary[1]", {"term": "Model", "meaning": "Another."})
    put(document, "roles[1]", {"code": "qa", "name": "Again"})
    put(document, "flags[1]", at(document, "flags[0]"))
    put(document, "dpmm.levels[4].level", 4)
    assert [fault for fault in faults_of(document) if "twice" in fault] == [
        "levels[5].level: the level 4 is given twice, first at levels[4].level",
        "areas[3].code: the area 'data' is given twice, first at areas[0].code",
        "roles[1].code: the role 'qa' is given twice, first at roles[0].code",
        "glossary[1].term: the glossary term 'Model' is given twice, first at glossary[0].term",
        "flags[1].code: the flag 'F01' is given twice, first at flags[0].code",
        "dpmm.levels[4].level: the DPMM level 4 is given twice, first at dpmm.levels[3].level",
    ]


def test_a_broken_part_hides_no_fault_elsewhere():
    document = tiny_document()
    put(document, "dimensions[0]", "not a dimension")
    put(document, "levels", None)
    put(document, "actions[0].weeks", [9, 3])
    put(document, "actions[1].area", "moon")
    put(document, "use_cases[1].dpmm.site_wide", 2)
    put(document, "colour", "blue")
    keys = ", ".join(tiny_document())
    unknown = "the code of a dimension expected, 'D1' is none"
    carried = "all that DPMM level 2 (site_wide) carries sustained"
    assert faults_of(document) == [
        f"colour: unknown key; the keys here are {keys}",
        "levels: a list of 6 expected, null found",
        "dimensions[0]: a mapping expected, the text 'not a dimension' found",
        *(
            f"dpmm.ceilings[{row}].dimension: the code of a dimension expected, 'D1' is none"
            for row in range(0, 25, 5)
        ),
        *(f"use_cases[{index}].minima[0].dimension: {unknown}" for index in range(2)),
        f"actions[0].dimension: {unknown}",
        "actions[1].area: the code of an area expected, 'moon' is none",
        "use_cases[1].dpmm.site_wide: at least 3 expected, as bounded, 2 found",
        f"use_cases[1].minima[0].level: at most 2 expected, {carried}, 3 found",
        f"use_cases[1].minima[1].level: at most 3 expected, {carried}, 4 found",
        f"use_cases[1].minima[2].level: at most 2 expected, {carried}, 3 found",
        f"use_cases[1].minima[3].level: at most 1 expected, {carried}, 3 found",
        f"use_cases[1].minima[4].level: at most 3 expected, {carried}, 4 found",
        "actions[0].weeks: the low figure first expected, 9 before 3 found",
    ]


def test_every_cycle_of_prerequisites_is_reported():
    document = tiny_document()
    put(document, "actions[0].prerequisites", ["A-D1-01", "A-D2-02"])
    put(document, "actions[1].prerequisites", ["A-D2-02"])
    assert faults_of(document) == [
        "actions[0].prerequisites[0]: prerequisites form a cycle: A-D1-01 needs A-D1-01",
        "actions[1].prerequisites[0]: prerequisites form a cycle: A-D2-02 needs A-D2-01 needs A-D2-02",
        "actions[2].prerequisites[1]: prerequisites form a cycle: A-D1-01 needs A-D2-02 needs A-D1-01",
    ]


def test_a_long_chain_of_prerequisites_is_no_cycle_and_needs_no_recursion():
    document = tiny_document()
    last = at(document, "actions[4]")
    chain = [
        {**last, "code": f"A{n}", "prerequisites": [f"A{n + 1}"] if n < 4_999 else []} for n in range(5_000)
    ]
    assert len(parse_framework(put(document, "actions", [*at(document, "actions"), *chain])).actions) == 5_005


@pytest.mark.parametrize("document", [None, [], "text", 7, True])
def test_what_is_no_mapping_is_refused(document):
    (fault,) = faults_of(document)
    assert fault.startswith("document: a mapping expected, ")


def test_keys_of_any_kind_are_only_unknown():
    document = dict([*tiny_document().items(), (7, 1), ("<b>\u202e", 2)])
    keys = ", ".join(tiny_document())
    assert faults_of(document) == [
        f"'int': unknown key; the keys here are {keys}",
        f"'<b>\\u202e': unknown key; the keys here are {keys}",
    ]


def test_more_faults_than_anybody_reads_end_the_reading():
    faults = faults_of({f"key_{number}": number for number in range(10_000)})
    assert len(faults) == 2_001
    assert faults[-1] == "document: more than 2,000 faults; these are the first"
