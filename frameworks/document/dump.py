"""A framework document on its way out: from the shapes to a mapping, and from a mapping to YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml import CSafeDumper

from frameworks.document.fields import Field, Item, ListOf
from frameworks.document.layout import DOCUMENT
from frameworks.document.shapes import FrameworkSpec

WIDTH = 100
FOLDED_FROM = 88  # characters: what is longer would not fit on one line with its indentation
_SHORT = re.compile(r"[\w.-]{1,40}")
_BLOCK = re.compile(
    r"[^\s](?:.*[^\s])?(?:\n+[^\s](?:.*[^\s])?)+\n?"
)  # lines that YAML's literal style keeps as they are
_PARAGRAPH = re.compile(r"\S+(?: \S+)*")  # words with one blank between: folding and reading keeps them


def dump_document(spec: FrameworkSpec) -> dict[str, Any]:
    """The canonical mapping of a framework, keys in the order of the format; its digest is the spec's."""
    document: dict[str, Any] = DOCUMENT.dump(spec)
    return document


def write_yaml(document: Mapping[str, Any]) -> str:
    """The document as YAML to read and edit; what `read_document` gives is read back the same.

    Keys come in the order of the format, unknown ones after them by name, so that the same document is
    always the same text. Long texts are folded, those with line breaks stand as they are, and neither
    needs quotes. A document with faults is written as it is.
    """
    text: str = yaml.dump(
        _ordered(document, DOCUMENT), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH
    )
    return text


def _ordered(value: Any, field: Field | None) -> Any:
    """The value with the keys of its mappings in the order of the layout."""
    if isinstance(value, Mapping):
        known = field.fields if isinstance(field, Item) else {}
        keys = [key for key in known if key in value] + sorted(key for key in value if key not in known)
        return {key: _ordered(value[key], known.get(key)) for key in keys}
    if isinstance(value, list | tuple):
        inner = field.item if isinstance(field, ListOf) else None
        return [_ordered(item, inner) for item in value]
    return value


class _Dumper(CSafeDumper):
    """Block style; lists of codes and numbers on one line; no aliases, which the reader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    on_one_line = all(
        isinstance(item, int) or (isinstance(item, str) and _SHORT.fullmatch(item)) for item in items
    )
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=on_one_line)


def _represent_text(dumper: _Dumper, text: str) -> yaml.Node:
    style = None
    if "\n" in text and _BLOCK.fullmatch(text):
        style = "|"
    elif len(text) > FOLDED_FROM and _PARAGRAPH.fullmatch(text):
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(str, _represent_text)
