"""Two wordings side by side: which words of each are not in the other, and what one says beyond the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

MOST_COMPARED = 160_000  # pairs of words of one text; beyond that its middle counts as rewritten whole
SMALL = 3  # letters of a word that says nothing by itself
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_WHOLE = re.compile(r"\s+|\w+(?:[-‑'’]\w+)*|[^\w\s]")  # a compound is one word


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; changed: it is not in the other wording."""

    text: str
    is_changed: bool


Pieces = tuple[Piece, ...]


@dataclass
class Patience:
    """How many pairs of words may still be compared: what is beyond counts as rewritten whole."""

    pairs: int = 3_000_000

    def allows(self, old: list[str], new: list[str]) -> bool:
        """Whether these two may be compared; counts them."""
        work = len(old) * len(new)
        if work > min(MOST_COMPARED, self.pairs):
            return False
        self.pairs -= work
        return True


def compare_wording(before: str, after: str, patience: Patience | None = None) -> tuple[Pieces, Pieces]:
    """Both texts in pieces: what they share and what only one has. Joined, the pieces are the text again."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    start = _same_at_start(old, new)
    end = _same_at_start(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    middle = _blocks(old[start:old_end], new[start:new_end], patience or Patience())
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for old_part, new_part, is_changed in [
        (old[:start], new[:start], False),
        *middle,
        (old[old_end:], new[new_end:], False),
    ]:
        _add(sides[0], old_part, is_changed=is_changed)
        _add(sides[1], new_part, is_changed=is_changed)
    return tuple(sides[0]), tuple(sides[1])


def _same_at_start(old: list[str], new: list[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _blocks(old: list[str], new: list[str], patience: Patience) -> list[tuple[list[str], list[str], bool]]:
    """(part of the old, part of the new, whether they differ), in order."""
    if not patience.allows(old, new):
        return [(old, new, True)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    # A blank alone between two changes belongs to them: the mark goes on over it.
    return [
        (old[a:b], new[c:d], kind != "equal" or all(map(str.isspace, old[a:b])))
        for kind, a, b, c, d in matcher.get_opcodes()
    ]


def _add(side: list[Piece], tokens: list[str], *, is_changed: bool) -> None:
    text = "".join(tokens)
    if text and side and side[-1].is_changed == is_changed:
        side[-1] = Piece(side[-1].text + text, is_changed)
    elif text:
        side.append(Piece(text, is_changed))


@lru_cache(maxsize=4096)
def mark_new_words(below: str, text: str) -> Pieces:
    """A text in pieces: what it says that the one below does not (changed), and what both say.

    Small words alone are no news; between two new words they belong to them. Forms of one word, such
    as "list" and "listed", are the same; a compound, such as "role-based", is new with any of its parts.
    Joined, the pieces are the text again.
    """
    known = {word.casefold() for word in _WORD.findall(below)}
    tokens = _WHOLE.findall(text)
    telling = [[part for part in _WORD.findall(token) if _is_telling(part)] for token in tokens]
    is_new = [
        any(not any(_is_same_word(part, word) for word in known) for part in parts) for parts in telling
    ]
    is_known = [bool(parts) and not new for parts, new in zip(telling, is_new, strict=True)]
    side: list[Piece] = []
    for start, end in _runs(is_new, is_known):
        _add(side, tokens[start:end], is_changed=is_new[start])
    return tuple(side)


def _runs(is_new: list[bool], is_known: list[bool]) -> list[tuple[int, int]]:
    """Stretches of tokens, new ones and others by turns; each new one begins and ends with a new word."""
    news = [place for place, new in enumerate(is_new) if new]
    stretches: list[tuple[int, int]] = []
    for place in news:
        if stretches and not any(is_known[stretches[-1][1] : place]):
            stretches[-1] = (stretches[-1][0], place + 1)
        else:
            stretches.append((place, place + 1))
    bounds = [0, *(bound for stretch in stretches for bound in stretch), len(is_new)]
    return [(start, end) for start, end in pairwise(bounds) if start < end]


def _is_telling(token: str) -> bool:
    """Whether a token says something by itself: a longer word, an abbreviation, a number."""
    return token[0].isalnum() and (len(token) > SMALL or not token.islower())


def _is_same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one: they share all but their last letters."""
    shorter, longer = sorted((one.casefold(), other), key=len)
    return shorter == longer or (
        len(shorter) > SMALL and len(longer) - len(shorter) <= SMALL and longer.startswith(shorter)
    )
