"""The addresses of customers, object by object."""

from django.urls import path

from customers import views
from customers.importing import views as importing

urlpatterns = [
    # Customers
    path("o/<slug:org>/customers/", views.customer_list, name="customer_list"),
    path("o/<slug:org>/customers/new/", views.customer_new, name="customer_new"),
    path("o/<slug:org>/customers/<uuid:pk>/edit/", views.customer_edit, name="customer_edit"),
    path("o/<slug:org>/customers/<uuid:pk>/erasure/", views.customer_erasure, name="customer_erasure"),
    path("o/<slug:org>/customers/<uuid:pk>/suppression/", views.customer_suppression, name="customer_suppression"),
    # Imports
    path("o/<slug:org>/customers/imports/", importing.import_list, name="import_list"),
    path("o/<slug:org>/customers/imports/new/", importing.import_new, name="import_new"),
    path("o/<slug:org>/customers/imports/<uuid:pk>/", importing.import_job, name="import_job"),
    path("o/<slug:org>/customers/imports/<uuid:pk>/mapping/", importing.import_mapping, name="import_mapping"),
    path("o/<slug:org>/customers/imports/<uuid:pk>/reading/", importing.import_reading, name="import_reading"),
    path("o/<slug:org>/customers/imports/<uuid:pk>/run/", importing.import_run, name="import_run"),
    path("o/<slug:org>/customers/imports/<uuid:pk>/refusals.csv", importing.import_refusals, name="import_refusals"),
    path("o/<slug:org>/customers/imports/<uuid:pk>/removal/", importing.import_removal, name="import_removal"),
]
