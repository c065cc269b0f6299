"""Words for the parts of a framework and for what differs between two versions."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.translation import gettext as _

from frameworks.document.difference import ADDED, CHANGED, REMOVED, Change, ItemDifference, Section
from frameworks.document.mending import Mend
from frameworks.forms.faults import sentence_of
from frameworks.forms.fields import said
from frameworks.forms.words import KINDS, label_of

register = template.Library()


@register.filter
def kind_name(kind: str) -> str:
    """What one item of a kind is called: "Question"."""
    return str(KINDS[kind][0])


@register.filter
def kind_names(kind: str) -> str:
    """What several are called: "Questions"."""
    return str(KINDS[kind][1])


@register.filter
def key_label(key: str) -> str:
    """What a field of the document is called: `anchors/3` is "Anchor 3"."""
    return label_of(key)


@register.filter
def field_label(name: str) -> str:
    """A field of a draft by its whole name: `questions/D1-INV/anchors/3` is "D1-INV, Anchor 3"."""
    section, _slash, rest = name.partition("/")
    code, _slash, key = rest.partition("/")
    if section == "ceilings":
        dimension, _slash, key = key.partition("/")
        code = f"DPMM {code}, {dimension}"
    if section == "levels":
        code = _("Level %(number)s") % {"number": code}
    return ", ".join(filter(None, [code, label_of(key) if key else "" if code else label_of(section)]))


@register.filter
def shown_code(item: ItemDifference) -> str:
    """The code of an item as people say it: a cell of the crosswalk is "DPMM 2, D1"."""
    return "DPMM " + item.code.replace("/", ", ") if item.kind == "ceiling" else item.code


@register.filter
def changed(section: Section) -> int:
    return section.count(CHANGED)


@register.filter
def added(section: Section) -> int:
    return section.count(ADDED)


@register.filter
def removed(section: Section) -> int:
    return section.count(REMOVED)


@register.filter
def value_before(change: Change) -> str:
    """The earlier value in words."""
    return _in_words(change.key, change.before)


@register.filter
def value_after(change: Change) -> str:
    """The later value in words."""
    return _in_words(change.key, change.after)


def _in_words(key: str, value: Any) -> str:
    if value is None:
        return _("not critical") if key.startswith("critical/") else "–"
    if key == "weeks" and isinstance(value, list) and len(value) == 2:
        return f"{value[0]}–{value[1]}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else said(value, ())


@register.filter
def sentence(mend: Mend) -> str:
    """A fault in the words of an editor."""
    return sentence_of(mend)
