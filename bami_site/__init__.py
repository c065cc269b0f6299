"""The project: joins the apps and owns no rules of its own."""

from bami_site.celery import app as celery_app

__all__ = ["celery_app"]
