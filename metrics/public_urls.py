"""The addresses of people without an account. They are answered before sessions and sign-in (cxm/public_pages.py)."""

from django.urls import path

from metrics.sharing import public_views

urlpatterns = [
    path("share/<str:token>/", public_views.shared_dashboard, name="shared_dashboard"),
    path("tv/<str:token>/", public_views.tv, name="tv"),
]
