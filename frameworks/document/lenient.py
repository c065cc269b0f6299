"""A framework document as far as it can be read: for a preview of a draft that still has faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frameworks.document.faults import Faults
from frameworks.document.layout import DOCUMENT
from frameworks.document.shapes import FrameworkSpec


class _Unheard(Faults):
    """Takes every fault and keeps none: the draft's own pages list them."""

    def add(self, place: str, message: str, code: str = "", **about: object) -> None:
        pass


def read_leniently(document: Mapping[str, Any]) -> FrameworkSpec:
    """The shapes of any mapping, with empty texts and lowest figures where something else was expected.

    Codes may repeat and may name what is not there; nothing here says so.
    """
    spec: FrameworkSpec = DOCUMENT.complete(DOCUMENT.read(document, "", _Unheard()))
    return spec
