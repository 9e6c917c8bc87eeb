"""The addresses of tenancy, object by object."""

from django.urls import path

from tenancy import api_key_views, audit_views, export_views, member_views, views

SETTINGS = "o/<slug:org>/settings/"

urlpatterns = [
    # The person
    path("profile/", views.profile, name="profile"),
    path("organizations/new/", views.organization_new, name="organization_new"),
    path("invitations/<str:token>/", member_views.membership_invite_accept, name="membership_invite_accept"),
    # The organization
    path(SETTINGS, views.settings_home, name="settings_home"),
    path(SETTINGS + "organization/", views.settings_organization, name="settings_organization"),
    # Members and those invited
    path(SETTINGS + "members/", member_views.settings_members, name="settings_members"),
    path(SETTINGS + "members/<uuid:pk>/role/", member_views.membership_role, name="membership_role"),
    path(SETTINGS + "members/<uuid:pk>/removal/", member_views.membership_removal, name="membership_removal"),
    path(SETTINGS + "members/invites/", member_views.membership_invite, name="membership_invite"),
    path(
        SETTINGS + "members/invites/<uuid:pk>/mail/",
        member_views.membership_invite_resend,
        name="membership_invite_resend",
    ),
    path(
        SETTINGS + "members/invites/<uuid:pk>/revocation/",
        member_views.membership_invite_revocation,
        name="membership_invite_revocation",
    ),
    # API keys
    path(SETTINGS + "api/", api_key_views.settings_api_keys, name="settings_api_keys"),
    path(SETTINGS + "api/<uuid:pk>/revocation/", api_key_views.api_key_revocation, name="api_key_revocation"),
    # Audit log
    path(SETTINGS + "audit/", audit_views.settings_audit, name="settings_audit"),
    path(SETTINGS + "audit/export/", audit_views.audit_export, name="audit_export"),
    # Exports
    path(SETTINGS + "exports/", export_views.settings_exports, name="settings_exports"),
    path(SETTINGS + "exports/<uuid:pk>/file/", export_views.export_file, name="export_file"),
]
