"""The addresses of alerts, object by object."""

from django.urls import path

from alerts import deeds, quarantine_views, settings_views, views
from alerts.correspondence import views as correspondence
from alerts.correspondence.webhooks import inbound_mail
from alerts.notifying import channel_views, choice_views, delivery_views, inbox_views
from alerts.owners import absence_views, rule_views, team_views
from alerts.playbooks import playbook_views, template_views
from alerts.policies import calendar_views
from alerts.policies import views as policy_views
from alerts.proof.causes import views as cause_views
from alerts.proof.effect import views as effect_views
from alerts.proof.initiatives import leaving_views, message_views
from alerts.proof.initiatives import views as initiative_views
from alerts.proof.measures import views as loop_views
from alerts.proof.people import views as people_views
from alerts.proof.recovery import views as recovery_views
from alerts.rules.editor import views as rules
from alerts.work import pause_views, saved_view_views
from alerts.work import views as work_views
from alerts.work.bulk import views as bulk_views

NOTIFICATIONS = "o/<slug:org>/notifications/"
CHANNELS = "o/<slug:org>/settings/channels/"
SETTINGS = "o/<slug:org>/settings/"
ABSENCES = "o/<slug:org>/absences/"
FOLLOW_UP = "o/<slug:org>/followups/<int:number>/"
LOOP = "o/<slug:org>/loop/"
INITIATIVE = LOOP + "initiatives/<uuid:pk>/"
MESSAGE = LOOP + "messages/<uuid:pk>/"
BULK = "o/<slug:org>/followups/bulk/<uuid:pk>/"
VIEW = "o/<slug:org>/followups/views/<uuid:pk>/"

urlpatterns = [
    # Leaving, by customers who have no account
    path("leave/<str:token>/", leaving_views.leave, name="leave"),
    path("leave/<str:token>/return/", leaving_views.leave_return, name="leave_return"),
    # The queue
    path("o/<slug:org>/followups/", views.follow_up_queue, name="follow_up_queue"),
    path("o/<slug:org>/followups/set-aside/", quarantine_views.set_aside, name="set_aside"),
    path(
        "o/<slug:org>/followups/set-aside/answers/<uuid:pk>/",
        quarantine_views.evaluation_replay,
        name="evaluation_replay",
    ),
    path("o/<slug:org>/followups/set-aside/mails/<uuid:pk>/", quarantine_views.mail_replay, name="mail_replay"),
    path("o/<slug:org>/followups/set-aside/mails/", quarantine_views.mail_replays, name="mail_replays"),
    # Views kept by name
    path("o/<slug:org>/followups/views/", saved_view_views.saved_views, name="saved_views"),
    path(VIEW + "name/", saved_view_views.saved_view_name, name="saved_view_name"),
    path(VIEW + "deletion/", saved_view_views.saved_view_deletion, name="saved_view_deletion"),
    path(VIEW + "position/", saved_view_views.saved_view_position, name="saved_view_position"),
    # One deed to many
    path("o/<slug:org>/followups/bulk/", bulk_views.bulk_deeds, name="bulk_deeds"),
    path(BULK, bulk_views.bulk_deed, name="bulk_deed"),
    path(BULK + "plan/<slug:key>/", bulk_views.bulk_deed_plan, name="bulk_deed_plan"),
    path(BULK + "start/", bulk_views.bulk_deed_start, name="bulk_deed_start"),
    path(BULK + "undoing/", bulk_views.bulk_deed_undoing, name="bulk_deed_undoing"),
    # One follow-up, and what can be done with it
    path(FOLLOW_UP, views.follow_up_detail, name="follow_up_detail"),
    path(FOLLOW_UP + "acknowledgement/", deeds.follow_up_acknowledgement, name="follow_up_acknowledgement"),
    path(FOLLOW_UP + "contact/", deeds.follow_up_contact, name="follow_up_contact"),
    path(FOLLOW_UP + "resolution/", deeds.follow_up_resolution, name="follow_up_resolution"),
    path(FOLLOW_UP + "closure/", deeds.follow_up_closure, name="follow_up_closure"),
    path(FOLLOW_UP + "reopening/", deeds.follow_up_reopening, name="follow_up_reopening"),
    path(FOLLOW_UP + "owner/", deeds.follow_up_owner, name="follow_up_owner"),
    path(FOLLOW_UP + "notes/", work_views.follow_up_notes, name="follow_up_notes"),
    path(FOLLOW_UP + "replies/", deeds.follow_up_replies, name="follow_up_replies"),
    path(FOLLOW_UP + "replies/<uuid:pk>/resending/", correspondence.follow_up_resending, name="follow_up_resending"),
    # Beside the loop
    path(FOLLOW_UP + "watching/", work_views.follow_up_watching, name="follow_up_watching"),
    path(FOLLOW_UP + "unwatching/", work_views.follow_up_unwatching, name="follow_up_unwatching"),
    path(FOLLOW_UP + "priority/", work_views.follow_up_priority, name="follow_up_priority"),
    path(FOLLOW_UP + "tags/", work_views.follow_up_tags, name="follow_up_tags"),
    path(FOLLOW_UP + "merging/", work_views.follow_up_merging, name="follow_up_merging"),
    path(FOLLOW_UP + "presence/", work_views.follow_up_presence, name="follow_up_presence"),
    # Its clocks
    path(FOLLOW_UP + "waiting/", pause_views.follow_up_waiting, name="follow_up_waiting"),
    path(FOLLOW_UP + "snooze/", pause_views.follow_up_snooze, name="follow_up_snooze"),
    path(FOLLOW_UP + "resumption/", pause_views.follow_up_resumption, name="follow_up_resumption"),
    # What one is told
    path(NOTIFICATIONS, inbox_views.notification_list, name="notification_list"),
    path(NOTIFICATIONS + "bell/", inbox_views.notification_bell, name="notification_bell"),
    path(NOTIFICATIONS + "reading/", inbox_views.notification_reading, name="notification_reading"),
    path(NOTIFICATIONS + "choices/", choice_views.notification_choices, name="notification_choices"),
    path(NOTIFICATIONS + "<uuid:pk>/opening/", inbox_views.notification_opening, name="notification_opening"),
    # Proof that it was closed
    path(LOOP, loop_views.loop, name="loop"),
    path(LOOP + "effect/", effect_views.loop_effect, name="loop_effect"),
    path(LOOP + "team/", people_views.loop_team, name="loop_team"),
    path(LOOP + "team/<uuid:pk>/", people_views.loop_person, name="loop_person"),
    path(LOOP + "initiatives/", initiative_views.initiative_list, name="initiative_list"),
    path(LOOP + "initiatives/new/", initiative_views.initiative_new, name="initiative_new"),
    path(INITIATIVE, initiative_views.initiative_detail, name="initiative_detail"),
    path(INITIATIVE + "edit/", initiative_views.initiative_edit, name="initiative_edit"),
    path(INITIATIVE + "followups/", initiative_views.initiative_follow_ups, name="initiative_follow_ups"),
    path(INITIATIVE + "followups/<int:number>/removal/", initiative_views.initiative_unlink, name="initiative_unlink"),
    path(INITIATIVE + "messages/new/", message_views.message_new, name="message_new"),
    path(MESSAGE, message_views.message_detail, name="message_detail"),
    path(MESSAGE + "edit/", message_views.message_edit, name="message_edit"),
    path(MESSAGE + "sending/", message_views.message_sending, name="message_sending"),
    path(MESSAGE + "removal/", message_views.message_removal, name="message_removal"),
    path(MESSAGE + "recipients/", message_views.message_recipients, name="message_recipients"),
    path("o/<slug:org>/settings/root-causes/", cause_views.settings_causes, name="settings_causes"),
    path("o/<slug:org>/settings/root-causes/<uuid:pk>/rename/", cause_views.cause_rename, name="cause_rename"),
    path("o/<slug:org>/settings/root-causes/<uuid:pk>/move/", cause_views.cause_move, name="cause_move"),
    path("o/<slug:org>/settings/root-causes/<uuid:pk>/archive/", cause_views.cause_archive, name="cause_archive"),
    path("o/<slug:org>/settings/recovery/", recovery_views.settings_recovery, name="settings_recovery"),
    # Owners: rules, teams and people, absences
    path(SETTINGS + "owners/", rule_views.settings_owners, name="settings_owners"),
    path(SETTINGS + "owners/new/<slug:kind>/", rule_views.owner_rule_new, name="owner_rule_new"),
    path(SETTINGS + "owners/<uuid:pk>/", rule_views.owner_rule, name="owner_rule"),
    path(SETTINGS + "owners/<uuid:pk>/place/", rule_views.owner_rule_place, name="owner_rule_place"),
    path(SETTINGS + "owners/<uuid:pk>/removal/", rule_views.owner_rule_removal, name="owner_rule_removal"),
    path(SETTINGS + "owners/<uuid:pk>/switch/", rule_views.owner_rule_switch, name="owner_rule_switch"),
    path(SETTINGS + "teams/", team_views.settings_teams, name="settings_teams"),
    path(SETTINGS + "teams/new/", team_views.team_new, name="team_new"),
    path(SETTINGS + "teams/<uuid:pk>/", team_views.team, name="team"),
    path(SETTINGS + "teams/<uuid:pk>/removal/", team_views.team_removal, name="team_removal"),
    path(SETTINGS + "teams/people/<uuid:pk>/", team_views.staff_limits, name="staff_limits"),
    path(ABSENCES, absence_views.absence_list, name="absence_list"),
    path(ABSENCES + "new/", absence_views.absence_new, name="absence_new"),
    path(ABSENCES + "<uuid:pk>/", absence_views.absence, name="absence"),
    path(ABSENCES + "<uuid:pk>/end/", absence_views.absence_end, name="absence_end"),
    path(ABSENCES + "<uuid:pk>/handover/", absence_views.absence_handover, name="absence_handover"),
    # Promised times and calendars
    path(SETTINGS + "sla/policies/new/", policy_views.policy_new, name="policy_new"),
    path(SETTINGS + "sla/policies/<uuid:pk>/", policy_views.policy, name="policy"),
    path(SETTINGS + "sla/policies/<uuid:pk>/removal/", policy_views.policy_removal, name="policy_removal"),
    path(SETTINGS + "calendars/", calendar_views.settings_calendars, name="settings_calendars"),
    path(SETTINGS + "calendars/new/", calendar_views.calendar_new, name="calendar_new"),
    path(SETTINGS + "calendars/<uuid:pk>/", calendar_views.calendar, name="calendar"),
    path(SETTINGS + "calendars/<uuid:pk>/removal/", calendar_views.calendar_removal, name="calendar_removal"),
    # Settings: rules
    path("o/<slug:org>/settings/rules/", rules.alert_rules, name="alert_rules"),
    path("o/<slug:org>/settings/rules/new/", rules.alert_rule_new, name="alert_rule_new"),
    path("o/<slug:org>/settings/rules/<uuid:pk>/", rules.alert_rule, name="alert_rule"),
    path("o/<slug:org>/settings/rules/<uuid:pk>/switch/", rules.alert_rule_switch, name="alert_rule_switch"),
    path("o/<slug:org>/settings/rules/<uuid:pk>/archival/", rules.alert_rule_archival, name="alert_rule_archival"),
    path("o/<slug:org>/settings/rules/<uuid:pk>/versions/", rules.alert_rule_versions, name="alert_rule_versions"),
    path(
        "o/<slug:org>/settings/rules/<uuid:pk>/versions/<int:number>/restoration/",
        rules.alert_rule_restoration,
        name="alert_rule_restoration",
    ),
    # What customers write back
    path(FOLLOW_UP + "files/<uuid:pk>/", correspondence.attachment, name="attachment"),
    path(
        "o/<slug:org>/inbound-mails/<uuid:pk>/taking/", correspondence.inbound_mail_taking, name="inbound_mail_taking"
    ),
    path(
        "o/<slug:org>/inbound-mails/<uuid:pk>/removal/",
        correspondence.inbound_mail_removal,
        name="inbound_mail_removal",
    ),
    path("inbound-mail/<slug:provider>/", inbound_mail, name="inbound_mail"),
    # What to do in which situation
    path(FOLLOW_UP + "playbook/", playbook_views.follow_up_playbook, name="follow_up_playbook"),
    path(FOLLOW_UP + "steps/<uuid:pk>/", playbook_views.follow_up_step, name="follow_up_step"),
    path("o/<slug:org>/settings/playbooks/", playbook_views.settings_playbooks, name="settings_playbooks"),
    path("o/<slug:org>/settings/playbooks/new/", playbook_views.playbook_new, name="playbook_new"),
    path("o/<slug:org>/settings/playbooks/<uuid:pk>/", playbook_views.playbook_edit, name="playbook_edit"),
    path(
        "o/<slug:org>/settings/playbooks/<uuid:pk>/archival/",
        playbook_views.playbook_archival,
        name="playbook_archival",
    ),
    # Texts that replies start from
    path("o/<slug:org>/settings/templates/", template_views.settings_reply_templates, name="settings_reply_templates"),
    path("o/<slug:org>/settings/templates/new/", template_views.reply_template_new, name="reply_template_new"),
    path("o/<slug:org>/settings/templates/<uuid:pk>/", template_views.reply_template_edit, name="reply_template_edit"),
    path(
        "o/<slug:org>/settings/templates/<uuid:pk>/removal/",
        template_views.reply_template_removal,
        name="reply_template_removal",
    ),
    # Settings
    path("o/<slug:org>/settings/sla/", settings_views.settings_sla, name="settings_sla"),
    # Settings: places outside that are told
    path(CHANNELS, channel_views.settings_channels, name="settings_channels"),
    path(CHANNELS + "new/<slug:kind>/", channel_views.channel_new, name="channel_new"),
    path(CHANNELS + "<uuid:pk>/", channel_views.channel_edit, name="channel_edit"),
    path(CHANNELS + "<uuid:pk>/secret/", channel_views.channel_secret, name="channel_secret"),
    path(CHANNELS + "<uuid:pk>/switch/", channel_views.channel_switch, name="channel_switch"),
    path(CHANNELS + "<uuid:pk>/deletion/", channel_views.channel_deletion, name="channel_deletion"),
    path(CHANNELS + "<uuid:pk>/test/", channel_views.channel_test, name="channel_test"),
    path(CHANNELS + "deliveries/", delivery_views.settings_deliveries, name="settings_deliveries"),
    path(CHANNELS + "deliveries/replays/", delivery_views.delivery_replays, name="delivery_replays"),
    path(CHANNELS + "deliveries/<uuid:pk>/replay/", delivery_views.delivery_replay, name="delivery_replay"),
]
