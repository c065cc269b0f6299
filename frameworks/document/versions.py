"""Version numbers of frameworks: their form and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_LENGTH = 20
_FORM = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")


def is_version(text: str) -> bool:
    """Whether a text is a version number: digits and dots, no leading zeros, 20 characters at most."""
    return len(text) <= MAX_LENGTH and _FORM.fullmatch(text) is not None


def version_key(version: str) -> tuple[int, ...]:
    """Key to sort versions by, part by part: 1.10 comes after 1.9. ValueError for what is no version."""
    if not is_version(version):
        raise ValueError(f"not a version number: {version!r}")
    return tuple(int(part) for part in version.split("."))


def next_version(published: Iterable[str]) -> str:
    """The number to propose after those that are published: the highest with its last part raised by one."""
    highest = max(map(version_key, published), default=None)
    if highest is None:
        return "1.0"
    return ".".join(map(str, (*highest[:-1], highest[-1] + 1)))
