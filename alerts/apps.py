"""The application and what it registers when it starts."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"
