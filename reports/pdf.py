"""HTML to PDF: the only place that knows WeasyPrint, and the one fetcher it may use."""

from __future__ import annotations

import base64
import ctypes
import gc
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

FACES = {
    "asset:sans-regular.ttf": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "asset:sans-italic.ttf": ("font_source_sans_pro", "SourceSansPro-It.ttf"),
    "asset:sans-semibold.ttf": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    "asset:sans-bold.ttf": ("font_source_sans_pro", "SourceSansPro-Bold.ttf"),
    "asset:serif-semibold.ttf": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
}
# What words are set in; where the serif of a heading lacks a sign, the first of these has it.
UPRIGHT = ("asset:sans-regular.ttf", "asset:sans-semibold.ttf", "asset:sans-bold.ttf")
DIRECTIONS = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
STYLE = settings.BASE_DIR / "static" / "css" / "report.css"
# Rules of the renderer for what no report has: they match every element, which then costs six more styles.
NOT_OURS = re.compile(r"^::(?:marker|(?:foot)?note-\w+) \{[^}]*\}\n", re.MULTILINE)
COUNTERS = re.compile(r"@counter-style [^{]*\{[^}]*\}")  # the renderer adds its own all the same
AFTER_WORDS = re.compile(r' (?=<span class="(?:code|tag|met)">)')
MISSING_LIBRARIES = (
    "This server cannot make PDF files: it lacks Pango. Install libpango-1.0-0, libpangoft2-1.0-0 and "
    "libharfbuzz-subset0, then ask again. Nothing is lost."
)


class RenderingUnavailable(Exception):
    """The system libraries that draw text are missing."""


class Blocked(Exception):
    """The document asked for something that is not one of our own files."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished file."""

    content: bytes
    pages: int


def html_to_pdf(html: str) -> Printed:
    """A tagged PDF/UA-1 of the HTML, styled by our print stylesheet; reads our own files and nothing else.

    Characters that our typefaces lack are printed as their codes. Raises RenderingUnavailable where the
    system libraries are missing, Blocked for any other address.
    """
    gc.disable()  # drawing makes many small objects that live until the end
    try:
        return draw(breakable(printable(html)))
    finally:
        gc.enable()
        gc.collect()  # here, where the pages are no longer named: the next report needs their room
        give_back()


def give_back() -> None:
    """Return what was freed to the system: the C library of Linux keeps 35 MB of a report otherwise."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # of glibc alone
        trim(0)


def draw(html: str) -> Printed:
    """The file of a document whose every character can be printed."""
    renderer = weasyprint()
    fetcher = report_fetcher()
    fonts = renderer.text.fonts.FontConfiguration()
    try:
        style = renderer.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=fetcher, font_config=fonts)
        source = source_class()(string=html, url_fetcher=fetcher, base_url="asset:")
        document = source.render(stylesheets=[style], font_config=fonts)
        number = len(document.pages)
        for page in document.pages:
            page.paint = partial(paint_packed, page.paint)
        return Printed(document.write_pdf(pdf_variant="pdf/ua-1", finisher=let_go_of_pages), number)
    except renderer.urls.FatalURLFetchingError as error:
        # It derives from BaseException: named, or it would end the worker.
        raise Blocked(str(error)) from error


def paint_packed(paint: Callable[[Any, float], None], stream: Any, scale: float) -> None:
    """Draw a page, and keep its thousands of commands as one text: 5 MB less of a report of 40 pages."""
    paint(stream, scale)
    stream.stream[:] = [b"\n".join(map(as_bytes, stream.stream))]


def as_bytes(part: Any) -> bytes:
    """A part of a page's commands as it stands in the file: bytes, a text, or an object of the file."""
    if isinstance(part, bytes):
        return part
    data: bytes = part.data if hasattr(part, "data") else str(part).encode("ascii")
    return data


def let_go_of_pages(document: Any, file: Any) -> None:
    """Once all is drawn, what was laid out is in the way of the file that is put together."""
    for page in document.pages:
        del page.paint  # ours names the page, which would keep it
    document.pages.clear()


def weasyprint() -> Any:
    """The package, imported once it is asked for: it is slow to import, and only the worker needs it.

    Raises RenderingUnavailable where the system libraries are missing.
    """
    try:
        import weasyprint as package  # noqa: PLC0415  # see above
    except OSError as error:
        raise RenderingUnavailable(MISSING_LIBRARIES) from error
    return package


@cache
def source_class() -> Any:
    """The renderer's HTML, styled by its own sheet less NOT_OURS: a sixth less memory and no other page."""
    renderer = weasyprint()
    rules = COUNTERS.sub("", NOT_OURS.sub("", renderer.html.UA))
    sheet = renderer.CSS(string=rules, url_fetcher=report_fetcher())

    class Source(renderer.HTML):  # type: ignore[name-defined, misc]  # WeasyPrint is untyped
        def _ua_stylesheets(self, forms: bool = False) -> list[object]:
            return [sheet]

    return Source


def printable(text: str) -> str:
    """The text with each run of characters that our typefaces lack as its codes: "[U+1F44D]".

    Signs that turn the direction of writing are among them, so that a line reads as it was typed.
    """
    return lacking().sub(lambda run: f"[{' '.join(f'U+{ord(sign):04X}' for sign in run[0])}]", text)


def breakable(html: str) -> str:
    """The page with a place to break before each code and tag that follows words.

    WeasyPrint (70) breaks after the first word instead, where words fill a line and their space does not fit.
    """
    return AFTER_WORDS.sub("<span> </span>", html)


@cache
def lacking() -> re.Pattern[str]:
    """Matches what is missing from any upright face of the text; line breaks and tabs are no glyphs."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # only the worker needs it

    covered = set.intersection(*(set(TTFont(BytesIO(face(url)), lazy=True).getBestCmap()) for url in UPRIGHT))
    kept = (covered | {0x09, 0x0A, 0x0D}) - DIRECTIONS
    return re.compile(f"[^{''.join(re.escape(chr(code)) for code in sorted(kept))}]+")


def report_fetcher() -> object:
    """The only fetcher: our own files by `asset:` address and PNG data; everything else is refused."""
    urls = weasyprint().urls

    class ReportFetcher(urls.URLFetcher):  # type: ignore[name-defined, misc]  # WeasyPrint is untyped
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if url in FACES:
                return urls.URLFetcherResponse(url, BytesIO(face(url)), {"Content-Type": "font/ttf"})
            if url.startswith("data:image/png;base64,"):
                return super().fetch(url, headers)
            raise urls.FatalURLFetchingError(f"blocked: {url[:80]}")

    return ReportFetcher(allowed_protocols=("asset", "data"), allow_redirects=False)


@cache
def face(url: str) -> bytes:
    """The bytes of one of the shipped typefaces."""
    package, name = FACES[url]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return (Path(spec.origin).parent / "files" / name).read_bytes()


def faces_within(text: str) -> list[tuple[int, str]]:
    """Weight and base64 of the two upright faces, cut down to the signs of a text, as WOFF2."""
    from fontTools import subset  # noqa: PLC0415  # slow to import

    found = []
    for weight, url in ((400, "asset:sans-regular.ttf"), (600, "asset:sans-semibold.ttf")):
        options = subset.Options(flavor="woff2", layout_features=["kern"], notdef_outline=True)
        font = subset.load_font(BytesIO(face(url)), options)
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(font)
        file = BytesIO()
        subset.save_font(font, file, options)
        found.append((weight, base64.b64encode(file.getvalue()).decode()))
    return found


def width_of(text: str, size: float, weight: int) -> float:
    """How wide a text stands in our upright face of this weight (400, else 600), without kerning."""
    wide, missing = advances("asset:sans-regular.ttf" if weight == 400 else "asset:sans-semibold.ttf")
    return size * sum(wide.get(ord(sign), missing) for sign in text)


@cache
def advances(url: str) -> tuple[dict[int, float], float]:
    """The width of each sign of a typeface in ems, by its code; and of one that is taken from another."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # slow to import

    font = TTFont(BytesIO(face(url)), lazy=True)
    units, metrics = font["head"].unitsPerEm, font["hmtx"]
    return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}, 1.0


def import_all() -> None:
    """What the children of a worker share: the package, its rules and what our typefaces have; no drawing.

    Raises RenderingUnavailable where the system libraries are missing.
    """
    source_class()
    lacking()


def warm_up() -> None:
    """Render one tiny document, so that the first report does not wait for imports and fonts."""
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    html_to_pdf(
        "<!doctype html><html lang='en'><head><title>Warm-up</title></head><body><p>Ready</p></body></html>"
    )
