"""The application and what it registers when it starts."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
