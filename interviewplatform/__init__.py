"""The Django project: settings, routes, processes. It has no domain code."""

from interviewplatform.celery import app as celery_app

__all__ = ["celery_app"]
