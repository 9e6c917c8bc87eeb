"""The application and what it registers when it starts."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self):
        from surveys import receivers  # noqa: F401  (listens to the floors below)
