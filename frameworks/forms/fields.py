"""Fields of a draft on a page and in what is posted from it: the value, and the mark of what was seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.forms.plain import plain_breaks
from frameworks.document.editing import (
    AS_ITS_DIMENSION,
    NOT_CRITICAL,
    CriticalLevel,
    find_slot,
    is_ticked,
    mark_in,
    to_store,
)
from frameworks.document.fields import Field, ListOf, Text, TrueFalse, Whole
from frameworks.document.parts import Document
from frameworks.forms.words import label_of
from frameworks.services.drafts import Change, Contested

VALUE, SEEN, CHOICE = "value:", "seen:", "choose:"
THEIRS, MINE = "theirs", "mine:"  # what is chosen of two: theirs, or mine over the value with this mark
MANY = 20  # codes: beyond that those not chosen are folded
_WHOLE = re.compile(r"-?[0-9]{1,18}")

Option = tuple[str, str]  # value, label
Group = tuple[str, tuple[Option, ...]]  # heading, options


class FieldsForm(forms.Form):
    """Fields of one page of a draft, each under its name; which fields the page holds, their marks tell."""

    op_id = forms.UUIDField()
    page = forms.CharField(max_length=120)

    def names(self) -> list[str]:
        """The fields that the page holds."""
        return [name.removeprefix(SEEN) for name in self.data if name.startswith(SEEN)]

    def typed(self) -> dict[str, list[str]]:
        """What was posted, good or bad, by field: the page gives it back."""
        return {name: _texts(self.data, name) for name in self.names()}

    def seen(self) -> dict[str, str]:
        """The marks of what the page showed, by field."""
        return {name: str(self.data.get(SEEN + name, "")) for name in self.names()}

    def choices(self) -> dict[str, str]:
        """What was chosen of two values, by field."""
        return {name: str(self.data[CHOICE + name]) for name in self.names() if CHOICE + name in self.data}

    def changes(self, document: Document) -> list[Change]:
        """The fields that this person changed: those whose value is not the one that the page showed."""
        seen, choices = self.seen(), self.choices()
        found = []
        for name, texts in self.typed().items():
            choice = choices.get(name, "")
            if choice == THEIRS:
                continue
            slot = find_slot(document, name)
            if slot is None:
                found.append(Change(name, "", seen[name]))  # the service says that it is not there
                continue
            value = value_of(slot.field, texts, slot.value)
            stored, _wrong = to_store(slot.field, value)
            if choice.startswith(MINE):
                found.append(Change(name, value, choice.removeprefix(MINE)))
            elif seen[name] not in (mark_in(slot.field, value), mark_in(slot.field, stored)):
                found.append(Change(name, value, seen[name]))
        return found


def _texts(posted: Any, name: str) -> list[str]:
    return [plain_breaks(text) for text in posted.getlist(VALUE + name)]


def value_of(field: Field, texts: Sequence[str], stands: Any) -> Any:
    """The value that controls of a field post; what is no number stays text, for the message."""
    if isinstance(field, TrueFalse):
        return bool(texts)
    if isinstance(field, ListOf):
        chosen = list(dict.fromkeys(text for text in texts if text))
        if not is_ticked(field) or not isinstance(stands, list):
            return chosen
        # Ticking has no order: what was there keeps its own.
        kept = [code for code in stands if code in chosen]
        return [*kept, *(code for code in chosen if code not in kept)]
    text = texts[0] if texts else ""
    if isinstance(field, Whole | CriticalLevel) and _WHOLE.fullmatch(text.strip()):
        return int(text)
    return text if isinstance(field, Text) else text.strip()


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as a page shows it.

    Kind: line, text, number, level, check, codes (ticked) or areas (in order). `texts` are the values of
    its controls, as they stand or as they were typed; `faults` what the parser says of it.
    """

    name: str
    label: str
    kind: str
    texts: tuple[str, ...]
    seen: str
    options: tuple[Option, ...] = ()
    groups: tuple[Group, ...] = ()  # the same options under headings, where there are many
    hint: str = ""
    rows: int = 3
    faults: tuple[str, ...] = ()
    error: str = ""
    contested: Contested | None = None
    choice: str = ""  # the mark of what stands, for who prefers their own value

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def stands(self) -> str:
        """What somebody else put there, in words."""
        return said(self.contested.stands, self.options) if self.contested else ""

    @property
    def mine(self) -> str:
        """What this person typed, in words."""
        if self.kind == "check":
            return said(bool(self.texts), ())
        labels = dict(self.options)
        return ", ".join(labels.get(text, text) for text in self.texts if text) or _("nothing")

    @property
    def is_option(self) -> bool:
        """Whether what stands is one of the choices."""
        return self.text in dict(self.options)

    @property
    def ticked(self) -> list[Option]:
        """The codes that are chosen, those that are not there included."""
        labels = dict(self.options)
        return [(text, labels.get(text, text)) for text in self.texts if text]

    @property
    def open(self) -> list[Option]:
        """The codes that are not chosen."""
        return [option for option in self.options if option[0] not in self.texts]

    @property
    def open_groups(self) -> list[Group]:
        """The codes that are not chosen, under their headings."""
        found = [
            (name, tuple(option for option in options if option[0] not in self.texts))
            for name, options in self.groups
        ]
        return [(name, options) for name, options in found if options]

    @property
    def is_long(self) -> bool:
        """Whether there are too many codes to show those that are not chosen."""
        return len(self.options) > MANY

    @property
    def places(self) -> list[tuple[int, str]]:
        """For areas: one choice for each place, from 1."""
        return [
            (place + 1, self.texts[place] if place < len(self.texts) else "")
            for place in range(len(self.options))
        ]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted and refused, or nothing: a page shows it in the place of what stands."""

    texts: Mapping[str, Sequence[str]]
    seen: Mapping[str, str]
    errors: Mapping[str, str]
    contested: Mapping[str, Contested]
    status: int = 200
    said: tuple[str, ...] = ()  # what is wrong with no field in particular


NOTHING_TYPED = Typed({}, {}, {}, {})


class DraftFields:
    """Makes the fields of a page from a document, its faults by field, and what was typed."""

    def __init__(
        self, document: Document, faults: Mapping[str, Sequence[str]], typed: Typed = NOTHING_TYPED
    ) -> None:
        self.document = document
        self.faults = faults
        self.typed = typed

    def field(
        self,
        name: str,
        *,
        label: str = "",
        options: Sequence[Option] = (),
        groups: Sequence[Group] = (),
        hint: str = "",
        rows: int = 3,
    ) -> FieldView:
        """One field; one that the document lacks is shown empty, and saving it will say so."""
        slot = find_slot(self.document, name)
        field, value = (slot.field, slot.value) if slot else (Text(), None)
        contested = self.typed.contested.get(name)
        return FieldView(
            name=name,
            label=label or label_of(name.rpartition("/")[2]),
            kind=_kind(field, rows),
            texts=tuple(self.typed.texts.get(name, _shown(field, value))),
            seen=self.typed.seen.get(name) or mark_in(field, value),
            options=tuple(options),
            groups=tuple(groups),
            hint=hint,
            rows=rows,
            faults=tuple(self.faults.get(name, ())),
            error=self.typed.errors.get(name, ""),
            contested=contested,
            choice=mark_in(field, contested.stands) if contested else "",
        )


def _kind(field: Field, rows: int) -> str:
    if isinstance(field, TrueFalse):
        return "check"
    if isinstance(field, ListOf):
        return "codes" if is_ticked(field) else "areas"
    if isinstance(field, CriticalLevel) or (isinstance(field, Whole) and field.high <= 5):
        return "level"
    if isinstance(field, Whole):
        return "number"
    return "line" if rows == 1 else "text"


def _shown(field: Field, value: Any) -> list[str]:
    """The values of a field's controls."""
    if isinstance(field, TrueFalse):
        return ["on"] if value is True else []
    if isinstance(value, list):
        return [str(item) for item in value]
    return [] if value is None else [str(value)]


def said(value: Any, options: Sequence[Option]) -> str:
    """A value in words."""
    labels = dict(options)
    if value is True or value is False:
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(labels.get(str(item), str(item)) for item in value) or _("nothing")
    if value in (None, ""):
        return _("nothing")
    if value == NOT_CRITICAL:
        return _("not critical")
    if value == AS_ITS_DIMENSION:
        return _("as its dimension")
    return labels.get(str(value), str(value))
