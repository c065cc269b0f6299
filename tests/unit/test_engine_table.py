"""The read-only mapping of the engine: nothing changes it, and it compares, hashes and travels."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import MutableMapping
from types import MappingProxyType

import pytest

from assessments.engine.shapes import Inputs, LevelReply, Table

DEEDS = {
    "set": lambda table: table.__setitem__("c", 3),
    "set anew": lambda table: table.__setitem__("a", 3),
    "delete": lambda table: table.__delitem__("a"),
    "update": lambda table: table.update({"c": 3}),
    "update by name": lambda table: table.update(c=3),
    "in place": lambda table: table.__ior__({"c": 3}),
    "clear": lambda table: table.clear(),
    "pop": lambda table: table.pop("a"),
    "pop with another": lambda table: table.pop("z", None),
    "popitem": lambda table: table.popitem(),
    "setdefault": lambda table: table.setdefault("c", 3),
    "setdefault of what is there": lambda table: table.setdefault("a"),
    "an attribute": lambda table: setattr(table, "note", 3),
}


@pytest.fixture
def table():
    return Table({"a": 1, "b": 2})


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_nothing_changes_a_table(table, deed):
    with pytest.raises((TypeError, AttributeError)):
        deed(table)
    assert list(table.items()) == [("a", 1), ("b", 2)]


def test_every_method_that_changes_a_mapping_is_refused():
    changing = {name for name in vars(MutableMapping) if callable(getattr(dict, name, None))}
    changing = {name for name in changing if name not in vars(object)} | {"__ior__"}
    assert {name for name in changing if getattr(Table, name) is not Table._refuse} == set()
    assert len(changing) == 8


def test_a_statement_that_would_change_it_is_refused(table):
    held = table
    with pytest.raises(TypeError):
        held |= {"c": 3}
    with pytest.raises(TypeError):
        del held["a"]
    assert held is table
    assert table == {"a": 1, "b": 2}


def test_what_it_was_made_of_may_change_afterwards():
    entries = {"a": 1}
    table = Table(entries)
    entries["a"] = 2
    assert table == {"a": 1}
    replies = {"D1-A": LevelReply(1)}
    inputs = Inputs(replies)
    replies["D1-A"] = LevelReply(5)
    assert inputs == Inputs({"D1-A": LevelReply(1)})


def test_it_equals_any_mapping_with_the_same_entries_in_whatever_order(table):
    others = (Table({"b": 2, "a": 1}), {"b": 2, "a": 1}, MappingProxyType({"a": 1, "b": 2}))
    assert [table == other for other in others] == [True] * 3
    assert [other == table for other in others] == [True] * 3
    assert table not in (Table({"a": 1}), {"a": 1, "b": 3}, [("a", 1), ("b", 2)], None)


def test_equal_tables_have_one_hash(table):
    assert len({table, Table({"b": 2, "a": 1}), Table({"a": 1})}) == 2
    assert hash(table) == hash(frozenset(table.items()))
    assert len({Inputs({"D1-A": LevelReply(1)}), Inputs({"D1-A": LevelReply(1)})}) == 1
    with pytest.raises(TypeError):
        hash(Table({"a": []}))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_survives_being_pickled(table, protocol):
    same = pickle.loads(pickle.dumps(table, protocol))
    assert (type(same), list(same.items()), hash(same)) == (Table, [("a", 1), ("b", 2)], hash(table))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_a_table_too(table, copied):
    held = Table({"inner": table})
    same = copied(held)
    assert (type(same), same) == (Table, held)
    assert type(same["inner"]) is Table
    with pytest.raises(TypeError):
        same["inner"]["c"] = 3


def test_what_is_made_from_it_may_be_changed(table):
    for other in (dict(table), table | {}, {**table}, table.copy()):
        assert type(other) is dict
        other["c"] = 3
    assert table == {"a": 1, "b": 2}


def test_it_is_written_as_an_object_and_says_what_it_is(table):
    assert json.loads(json.dumps(table)) == {"a": 1, "b": 2}
    assert repr(table) == "Table({'a': 1, 'b': 2})"
