"""What one change of the answers moved: rules over the results before and after it, as codes and values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.engine.display import whole
from assessments.engine.shapes import BriefResults
from frameworks.document.shapes import FrameworkSpec

# In the order in which they are told.
KINDS = ("claimed", "held", "evidenced", "plant", "site", "verdict", "index")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that differs after a change.

    claimed, evidenced: the level of a dimension, 0 to 5 (Method, sections 2 and 3). held: that dimension
    claims more than its ceiling lets count, `after` of which counts (section 4). plant: the DPMM level
    that the answers themselves give. site: the level of the whole. verdict: of a use case (section 6).
    index: 0 to 100, rounded (section 5). None is "no level" or "no index".
    """

    kind: str  # one of KINDS
    code: str  # of the dimension or the use case; else empty
    before: int | str | None
    after: int | str | None

    @property
    def is_up(self) -> bool:
        """Whether a number rose; from none to some is up, to none is down."""
        if isinstance(self.after, int):
            return not isinstance(self.before, int) or self.after > self.before
        return False


def moves_between(spec: FrameworkSpec, before: BriefResults, after: BriefResults) -> tuple[Move, ...]:
    """What moved between two results of one assessment, most telling first; empty where nothing did."""
    found = (
        *_levels(spec, before, after),
        _move("plant", _plant(before), _plant(after)),
        _move("site", before.readings.claimed.level, after.readings.claimed.level),
        *(
            _move("verdict", before.verdicts[code], after.verdicts[code], code)
            for code in spec.use_case_by_code
        ),
        _move("index", whole(before.readings.claimed.index), whole(after.readings.claimed.index)),
    )
    return tuple(move for move in found if move)


def _levels(spec: FrameworkSpec, before: BriefResults, after: BriefResults) -> Iterator[Move | None]:
    claims = before.readings.claimed.dimensions, after.readings.claimed.dimensions
    for code in spec.dimension_by_code:
        was, stands = claims[0][code], claims[1][code]
        claimed = _move("claimed", was.level, stands.level, code)
        yield claimed
        if claimed and claimed.is_up and stands.effective_level != stands.level:
            yield Move("held", code, was.effective_level, stands.effective_level)
    for code in spec.dimension_by_code:
        was, stands = (results.readings.evidenced.dimensions[code] for results in (before, after))
        yield _move("evidenced", was.level, stands.level, code)


def _plant(results: BriefResults) -> int | None:
    return results.dpmm.level if results.dpmm else None


def _move(kind: str, before: int | str | None, after: int | str | None, code: str = "") -> Move | None:
    return Move(kind, code, before, after) if before != after else None
