"""Laws of framework documents: parse and dump undo each other, spelling is nothing, damage is reported."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frameworks.document.checks import load_framework, parse_framework
from frameworks.document.digest import canonical_json, content_digest
from frameworks.document.dump import dump_document, write_yaml
from frameworks.document.faults import DocumentFaults
from frameworks.document.reading import read_document
from frameworks.document.text import tidy_text
from frameworks.document.versions import version_key
from tests.data.malformed_content import TINY, at, drop, put, tiny_document

TEXTS = (
    st.text(max_size=60).filter(lambda text: tidy_text(text)[1] is None).map(lambda text: tidy_text(text)[0])
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.dates()
    | TEXTS
    | st.sampled_from(
        ["NO", "1.10", "12:34:56", "2026-09-30", "2026-02-31", "~", "null", "0x1", "=", "<<", "- a", "# b"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(TEXTS | st.sampled_from(list(tiny_document())), VALUES, max_size=6)


def walk(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every place of a document with what stands there."""
    if isinstance(value, dict):
        pairs = [(f"{place}.{key}" if place else key, held) for key, held in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{place}[{index}]", held) for index, held in enumerate(value)]
    else:
        pairs = []
    for inner, held in pairs:
        yield inner, held
        yield from walk(held, inner)


PLACES = list(walk(tiny_document()))
TINY_SPEC = load_framework(TINY.read_bytes())


def places_of_faults(document: Any) -> list[str]:
    with pytest.raises(DocumentFaults) as caught:
        parse_framework(document)
    return [fault.place for fault in caught.value.faults]


def frameworks() -> st.SearchStrategy[Any]:
    """Sound documents: the tiny one with other texts, weights, gates, weeks, threshold and date."""
    words = TEXTS.filter(str.strip)
    changes: dict[str, st.SearchStrategy[Any]] = {
        place: words
        for place, value in PLACES
        if isinstance(value, str)
        and re.search(r"\.(summary|why|text|because|meaning|task|view|owner)$", place)
    }
    changes |= {place: st.integers(1, 2**63 - 1) for place, _ in PLACES if place.endswith(".weight")}
    changes |= {place: st.booleans() for place, _ in PLACES if place.endswith(".gate")}
    changes |= {
        place: st.none() | words for place, _ in PLACES if place.endswith((".not_applicable", ".caveat"))
    }
    changes |= {
        place: st.tuples(st.integers(1, 99), st.integers(0, 99)).map(lambda pair: [pair[0], sum(pair)])
        for place, _ in PLACES
        if place.endswith(".weeks")
    }
    changes["policy.threshold"] = st.fractions(0, 1, max_denominator=99).filter(bool).map(str)
    changes["status_as_of"] = st.dates() | st.dates().map(date.isoformat)
    some = st.lists(st.sampled_from(sorted(changes)), max_size=8, unique=True)
    return some.flatmap(
        lambda places: st.fixed_dictionaries({place: changes[place] for place in places})
    ).map(changed)


def changed(changes: dict[str, Any]) -> Any:
    document = tiny_document()
    for place, value in changes.items():
        put(document, place, value)
    return document


@settings(deadline=None, max_examples=60)
@given(frameworks())
def test_parse_and_dump_undo_each_other(document):
    spec = parse_framework(document)
    dumped = dump_document(spec)
    assert parse_framework(dumped) == spec
    assert dump_document(parse_framework(dumped)) == dumped
    assert spec.content_digest == content_digest(dumped)
    assert json.loads(canonical_json(dumped)) == dumped


@settings(deadline=None, max_examples=60)
@given(frameworks())
def test_export_import_export_is_byte_equal(document):
    exported = write_yaml(dump_document(parse_framework(document)))
    assert write_yaml(dump_document(load_framework(exported))) == exported


@settings(deadline=None, max_examples=150)
@given(DOCUMENTS)
@example({"a": "x\n\n y"})
@example({"a": " lead\n"})
@example({"a": "trail \nx"})
@example({"a": "\n"})
@example({"a": "one\ttab\n\ttwo"})
@example({"a": "word " * 60 + "# no comment"})
@example({"a": "word: " * 60 + "- no list"})
@example({"a": "long" * 40 + " and 'quoted' " + 'with "both" kinds' * 5})
@example({"a": "two  blanks " * 30 + "end"})
@example({"a": ["x: y", "[z", "&a", "*b", "!c", "%d", "@e", "`f", "'g", '"h', "|", ">", "---", "..."]})
def test_what_is_written_is_read_back_the_same(document):
    written = write_yaml(document)
    assert read_document(written) == document
    assert write_yaml(read_document(written)) == written


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same mapping with its keys in another order at every depth."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], chance) for key in chance.sample(sorted(value), len(value))}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    return value


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.booleans(), st.integers(20, 200))
def test_the_digest_does_not_see_order_formatting_or_type_of_date(chance, flow, width):
    document = shuffled({**tiny_document(), "status_as_of": date(2026, 9, 30)}, chance)
    text = yaml.dump(
        document, Dumper=yaml.CSafeDumper, default_flow_style=flow, width=width, indent=4, sort_keys=False
    )
    assert load_framework(text) == TINY_SPEC


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_edit_of_the_file_is_sound_or_has_faults(data):
    raw = bytearray(TINY.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.sampled_from([0, 1, 2, 30])))
        raw[start:end] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"\n", b": ", b"- ", b"[", b"}", b"*a", b"!x "])
        )
    try:
        spec = load_framework(bytes(raw))
    except DocumentFaults as faults:
        assert all(fault.place and fault.message for fault in faults.faults)
    else:
        assert parse_framework(dump_document(spec)) == spec


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_text_is_read_or_has_faults(text):
    try:
        document = read_document(text)
    except DocumentFaults as faults:
        assert all(fault.place and fault.message for fault in faults.faults)
    else:
        assert isinstance(document, dict)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_json_anywhere_is_sound_or_has_faults(data):
    document = tiny_document()
    for place in data.draw(st.lists(st.sampled_from([place for place, _ in PLACES]), min_size=1, max_size=3)):
        value = data.draw(JSON)
        try:
            put(document, place, value)
        except (IndexError, KeyError, TypeError):
            continue  # an earlier change took the place away
    try:
        spec = parse_framework(document)
    except DocumentFaults as faults:
        assert all(fault.place and fault.message for fault in faults.faults)
    else:
        assert parse_framework(dump_document(spec)) == spec


MAY_BE_LEFT_OUT = re.compile(r"use_cases\[\d+\]\.critical\[\d+\]\.level")
KEYS = [place for place, _ in PLACES if not place.endswith("]") and not MAY_BE_LEFT_OUT.fullmatch(place)]
MAPPINGS = ["", *(place for place, value in PLACES if isinstance(value, dict))]
WRONG_TYPES: dict[type, list[Any]] = {
    str: [None, 7, True, 1.5, [], {}, ""],
    int: [None, "7", True, 1.5, [], {}],
    bool: [None, "true", 1, [], {}],
    list: [None, "a", 7, True, {}],
    dict: [None, "a", 7, True, []],
    type(None): [7, True, [], {}, ""],
}
COUNTED = {
    "levels": 6,
    "areas": 4,
    "evidence_grades": 4,
    "dimensions": 5,
    "headlines": 6,
    "anchors": 6,
    "weeks": 2,
}


def test_a_missing_key_is_reported_wherever_it_is():
    for place in KEYS:
        assert places_of_faults(drop(tiny_document(), place))[0] == place


def test_an_unknown_key_is_reported_wherever_it_is():
    for place in MAPPINGS:
        added = f"{place}.colour".lstrip(".")
        assert places_of_faults(put(tiny_document(), added, "blue")) == [added]


def may_hold(place: str, value: object) -> bool:
    """Where null or a whole number is as good as what stands there."""
    if place == "policy.threshold":
        return value == 1
    return value is None and place.endswith((".caveat", ".not_applicable"))


@pytest.mark.parametrize("turn", [0, 1])
def test_a_value_of_another_type_is_reported_wherever_it_is(turn):
    document = tiny_document()
    for count, (place, value) in enumerate(PLACES):
        wrongs = WRONG_TYPES[type(value)]
        wrong = wrongs[(2 * count + turn) % len(wrongs)]  # two at each place, all of them over the document
        if not may_hold(place, wrong):
            assert place in places_of_faults(put(document, place, wrong)), (place, wrong)
            put(document, place, value)


def test_a_number_out_of_range_is_reported_wherever_it_is():
    for place, value in PLACES:
        if type(value) is int:
            wrong = [-1, 2**63] if place.endswith(".weight") or ".weeks[" in place else [-1, 6]
            for number in wrong:
                assert places_of_faults(put(tiny_document(), place, number))[0] == place, (place, number)


def test_an_unknown_code_is_reported_wherever_a_code_is_named():
    named = [
        place
        for place, value in PLACES
        if isinstance(value, str)
        and re.search(
            r"(\.(dimension|question|area)|(areas|roles|references|proxies|prerequisites|raises)\[\d+\])$",
            place,
        )
    ]
    assert len(named) > 100
    for place in named:
        assert places_of_faults(put(tiny_document(), place, "NOWHERE"))[0] == place


def test_a_code_given_twice_is_reported_wherever_a_code_is_given():
    lists = ["areas", "roles", "references", "dimensions", "impact_classes", "use_cases", "actions", "flags"]
    lists += [f"dimensions[{index}].questions" for index in range(5)]
    for place in lists:
        document = tiny_document()
        held = at(document, place)
        held.append(dict(held[0]))
        assert f"{place}[{len(held) - 1}].code" in places_of_faults(document)


def test_a_code_named_twice_in_a_list_is_reported():
    lists = re.compile(r"(areas|roles|references|proxies|prerequisites|raises)$")
    for place, value in PLACES:
        if lists.search(place) and value and isinstance(value[0], str):
            document = tiny_document()
            at(document, place).append(value[0])
            assert f"{place}[{len(value)}]" in places_of_faults(document)


def test_a_list_cut_short_is_reported_where_its_length_is_given():
    for place, value in PLACES:
        name = place.rpartition(".")[2]
        count = 5 if place == "dpmm.levels" else COUNTED.get(name) if isinstance(value, list) else None
        if count is None or (name == "areas" and place != "areas"):
            continue
        for index in range(count):
            assert places_of_faults(drop(tiny_document(), f"{place}[{index}]"))[0] == place


def test_a_ceiling_or_minimum_taken_away_is_reported():
    for index in range(25):
        assert places_of_faults(drop(tiny_document(), f"dpmm.ceilings[{index}]"))[0] == "dpmm.ceilings"
    for use_case in range(2):
        for index in range(5):
            place = f"use_cases[{use_case}].minima"
            assert places_of_faults(drop(tiny_document(), f"{place}[{index}]")) == [place]


@given(st.lists(st.lists(st.integers(0, 999), min_size=1, max_size=4), min_size=1, max_size=6))
def test_versions_sort_as_their_parts(parts):
    versions = [".".join(map(str, numbers)) for numbers in parts]
    assert [list(version_key(version)) for version in sorted(versions, key=version_key)] == sorted(parts)
