"""The addresses of customers, object by object."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
