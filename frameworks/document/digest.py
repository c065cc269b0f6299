"""The canonical JSON of a framework document and its digest."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any


def canonical_json(document: Mapping[str, Any]) -> str:
    """The document as JSON with one spelling only.

    Sorted keys, no insignificant blanks, nothing escaped that need not be, NFC text, dates as ISO text
    (framework document format). TypeError or ValueError for what is not JSON-like, RecursionError beyond
    Python's depth; a document that was read or checked raises none of them.
    """
    return json.dumps(
        _plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_digest(document: Mapping[str, Any]) -> str:
    """`sha256:` and the SHA-256 of the UTF-8 canonical JSON, in hexadecimal."""
    return "sha256:" + hashlib.sha256(canonical_json(document).encode("utf-8")).hexdigest()


def _plain(value: object) -> object:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case date():
            return value.isoformat()
        case Mapping():
            return {_plain(key): _plain(held) for key, held in value.items()}
        case list() | tuple():
            return [_plain(held) for held in value]
        case _:
            return value
