"""The worker's way in: the Celery app, the limits of its children and their sweep."""

import contextlib
import os
import resource
import tempfile
import threading
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bami_site.settings")

MEMORY = 1536 * 1024 * 1024  # bytes of address space of a child
FILE_SIZE = 50 * 1024 * 1024  # bytes of one file that it writes

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
    from reports.pdf import RenderingUnavailable, weasyprint  # noqa: PLC0415  # settings are read only now

    with contextlib.suppress(RenderingUnavailable):  # each report says so itself
        weasyprint()


@worker_process_init.connect
def limit_child(**kwargs: Any) -> None:
    """Bound what rendering may take, and give it a private temporary folder."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    tempfile.tempdir = tempfile.mkdtemp(prefix="bami-worker-")
    from reports.pdf import RenderingUnavailable, warm_up  # noqa: PLC0415  # apps are ready only now

    with contextlib.suppress(RenderingUnavailable):  # each report says so itself
        warm_up()


@worker_process_init.connect
def start_sweep(**kwargs: Any) -> None:
    """Look for late jobs from a thread of the child, also while it renders; a child that dies is replaced.

    The main process has no thread of ours: a lock that a thread holds during a fork stays shut in the child.
    """
    from records.jobs import sweep_for_ever  # noqa: PLC0415  # apps are ready only now

    threading.Thread(target=sweep_for_ever, args=(threading.Event(),), daemon=True).start()
