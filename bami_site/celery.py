"""The worker's way in: the Celery app, the limits of its children and their sweep."""

import atexit
import contextlib
import fcntl
import gc
import os
import resource
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bami_site.settings")

MEMORY = 1536 * 1024 * 1024  # bytes of address space of a child
FILE_SIZE = 50 * 1024 * 1024  # bytes of one file that it writes
FOLDERS = "bami-rendering-"  # how the names of the children's temporary folders begin

app = Celery("bami_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(**kwargs: Any) -> None:
    """The file broker needs its folders wherever something is sent: in the web server and in commands too."""
    options = app.conf.broker_transport_options
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if folder := options.get(name):
            Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)


@worker_init.connect
def import_renderer(**kwargs: Any) -> None:
    """In the main process: its children share the import, so one that replaces another is ready at once."""
    from reports.pdf import RenderingUnavailable, import_all  # noqa: PLC0415  # settings are read only now

    with contextlib.suppress(RenderingUnavailable):  # each report says so itself
        import_all()
    gc.collect()
    gc.freeze()  # else the first collection of a child would write to all that it shares


@worker_init.connect
def tidy_up(**kwargs: Any) -> None:
    """When the main process ends, its children are gone; they themselves end without such words."""
    atexit.register(remove_left)


@worker_process_init.connect
def limit_child(**kwargs: Any) -> None:
    """Bound what rendering may take, and give it a private temporary folder."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    tempfile.tempdir = private_folder()
    from reports.pdf import RenderingUnavailable, warm_up  # noqa: PLC0415  # apps are ready only now

    with contextlib.suppress(RenderingUnavailable):  # each report says so itself
        warm_up()


@worker_process_init.connect
def start_sweep(**kwargs: Any) -> None:
    """Look for late jobs from a thread of the child, also while it renders; a child that dies is replaced.

    The main process has no thread of ours: a lock that a thread holds during a fork stays shut in the child.
    """
    from accounts.services import engagements, waitlist  # noqa: PLC0415  # apps are ready only now
    from records import jobs, mail  # noqa: PLC0415  # the same

    sweeps = (jobs.sweep, mail.sweep, waitlist.sweep, engagements.sweep)
    threading.Thread(target=jobs.sweep_for_ever, args=(threading.Event(), sweeps), daemon=True).start()


def private_folder() -> str:
    """A temporary folder of this process alone; what killed processes left behind is removed first."""
    remove_left()
    while True:
        folder = tempfile.mkdtemp(prefix=FOLDERS)
        fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)  # stays open as long as the process lives
        if Path(folder).is_dir():  # else it was taken for unused before it was locked
            return folder


def remove_left() -> None:
    """Remove the folders of children that are gone, however they went: a lock tells which are in use."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        with contextlib.suppress(OSError):  # in use, not ours, or gone
            remove_unused(folder)


def remove_unused(folder: Path) -> None:
    """Remove a folder of ours that no process holds; raises OSError where one does."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(opened).st_uid == os.getuid():
            shutil.rmtree(folder)
    finally:
        os.close(opened)
