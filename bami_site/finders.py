"""Finds the static files of front-end libraries inside the Python packages that ship them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.core.files.storage.base import Storage

# package, folder inside it, prefix under /static/, files
LIBRARIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "bootstrap",
        "",
        "bootstrap",
        ("css/bootstrap.min.css", "css/bootstrap.min.css.map"),
    ),
    ("plotly", "package_data", "plotly", ("plotly.min.js",)),
)


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return Path(next(iter(spec.submodule_search_locations)))


class PackageFinder(BaseFinder):
    """Serves just the listed files, each under its library's prefix."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.stores = []
        for package, folder, prefix, files in LIBRARIES:
            store = FileSystemStorage(location=package_folder(package) / folder)
            store.prefix = prefix  # type: ignore[attr-defined]  # read by collectstatic
            self.stores.append((store, prefix, files))
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [
            store.path(name)
            for store, prefix, files in self.stores
            for name in files
            if path == f"{prefix}/{name}"
        ]
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for store, _prefix, files in self.stores:
            for name in files:
                yield name, store
