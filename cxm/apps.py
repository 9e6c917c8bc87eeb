"""The roof as a Django application, for its template tags and commands."""

from django.apps import AppConfig


class CxmConfig(AppConfig):
    name = "cxm"
