"""The roof: composes the applications and is imported by none of them."""

from cxm.celery import app as celery_app

__all__ = ["celery_app"]
