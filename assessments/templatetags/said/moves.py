"""Words of what an answer moved."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from assessments.engine.moves import Move
from assessments.templatetags.said.names import dpmm, level
from frameworks.document.shapes import FrameworkSpec


def _turn(move: Move, first: str, up: str, down: str) -> str:
    """The words of a level that is there now: for the first time, or higher or lower than before."""
    if move.before is None:
        return first
    return up if move.is_up else down


def _claimed(spec: FrameworkSpec, move: Move) -> str:
    dimension = f"{move.code} {spec.dimension_by_code[move.code].short_name}"
    if move.after is None:
        return _("%(dimension)s has no level any more.") % {"dimension": dimension}
    text = _turn(
        move,
        first=_("%(dimension)s has its first level: %(level)d."),
        up=_("%(dimension)s rises to %(level)d."),
        down=_("%(dimension)s falls to %(level)d."),
    )
    return text % {"dimension": dimension, "level": move.after}


def _held(spec: FrameworkSpec, move: Move) -> str:
    return _("The ceiling lets %(level)d of it count.") % {"level": move.after}


def _evidenced(spec: FrameworkSpec, move: Move) -> str:
    if move.after is None:
        return _("Nothing of %(code)s is evidenced any more.") % {"code": move.code}
    text = _turn(
        move,
        first=_("Evidenced in %(code)s: level %(level)d."),
        up=_("Evidenced in %(code)s: level %(level)d, up from %(before)d."),
        down=_("Evidenced in %(code)s: level %(level)d, down from %(before)d."),
    )
    return text % {"code": move.code, "level": move.after, "before": move.before}


def _plant(spec: FrameworkSpec, move: Move) -> str:
    if not isinstance(move.after, int):
        return _("The answers give no DPMM level any more.")
    return _("The answers now give %(plant)s.") % {"plant": dpmm(spec, move.after)}


def _site(spec: FrameworkSpec, move: Move) -> str:
    if not isinstance(move.after, int):
        return _("The whole has no level any more.")
    text = _turn(
        move,
        first=_("The whole has its first level: %(level)s."),
        up=_("The whole rises to %(level)s."),
        down=_("The whole falls to %(level)s."),
    )
    return text % {"level": level(spec, move.after)}


def _verdict(spec: FrameworkSpec, move: Move) -> str:
    texts = {
        "ready": _("%(use_case)s is now ready."),
        "ready_bounded": _("%(use_case)s is now ready, bounded."),
        "near": _("%(use_case)s is now near."),
        "premature": _("%(use_case)s is now premature."),
    }
    return texts[str(move.after)] % {"use_case": f"{move.code} {spec.use_case_by_code[move.code].name}"}


def _index(spec: FrameworkSpec, move: Move) -> str:
    if move.after is None:
        return _("There is no index any more.")
    if move.before is None:
        return _("The index is %(index)d of 100.") % {"index": move.after}
    return _("The index is %(index)d of 100, it was %(before)d.") % {
        "index": move.after, "before": move.before,
    }  # fmt: skip


MOVES: dict[str, Callable[[FrameworkSpec, Move], str]] = {
    "claimed": _claimed,
    "held": _held,
    "evidenced": _evidenced,
    "plant": _plant,
    "site": _site,
    "verdict": _verdict,
    "index": _index,
}
