"""The API's addresses, version 1."""

from django.urls import path

from alerts.api import channels, follow_ups, moves, pauses, proof, rules, work
from alerts.correspondence.api import ReceivedMailList
from alerts.playbooks import api as playbooks
from customers.api import CustomerDetail, CustomerList
from cxm.api_docs import api_schema
from journeys.api import EventBatch, EventList
from metrics.api import Scores
from metrics.api_families import Measures
from metrics.targets.api import TargetDetail, TargetList
from surveys.api.invitations import InvitationDetail, InvitationList
from surveys.api.responses import ResponseBatch, ResponseDetail, ResponseList
from surveys.api.surveys import SurveyDetail, SurveyList
from tenancy.organization_api import OrganizationDetail

FOLLOW_UP = "follow-ups/<uuid:pk>"

urlpatterns = [
    # Answers come first: they are what is called most
    path("responses", ResponseList.as_view(), name="api_responses"),
    path("responses/batch", ResponseBatch.as_view(), name="api_responses_batch"),
    path("responses/<uuid:pk>", ResponseDetail.as_view(), name="api_response"),
    path("events", EventList.as_view(), name="api_events"),
    path("events/batch", EventBatch.as_view(), name="api_events_batch"),
    path("customers", CustomerList.as_view(), name="api_customers"),
    path("customers/<uuid:pk>", CustomerDetail.as_view(), name="api_customer"),
    path("surveys", SurveyList.as_view(), name="api_surveys"),
    path("surveys/<uuid:pk>", SurveyDetail.as_view(), name="api_survey"),
    path("invitations", InvitationList.as_view(), name="api_invitations"),
    path("invitations/<uuid:pk>", InvitationDetail.as_view(), name="api_invitation"),
    path("scores", Scores.as_view(), name="api_scores"),
    path("measures", Measures.as_view(), name="api_measures"),
    path("targets", TargetList.as_view(), name="api_targets"),
    path("targets/<uuid:pk>", TargetDetail.as_view(), name="api_target"),
    path("organization", OrganizationDetail.as_view(), name="api_organization"),
    # Follow-ups, and what can be done with them
    path("follow-ups", follow_ups.FollowUpList.as_view(), name="api_follow_ups"),
    path(FOLLOW_UP, follow_ups.FollowUpDetail.as_view(), name="api_follow_up"),
    path(f"{FOLLOW_UP}/entries", follow_ups.FollowUpHistory.as_view(), name="api_follow_up_entries"),
    path(f"{FOLLOW_UP}/acknowledgement", moves.FollowUpAcknowledgement.as_view(), name="api_follow_up_acknowledgement"),
    path(f"{FOLLOW_UP}/contact", moves.FollowUpContact.as_view(), name="api_follow_up_contact"),
    path(f"{FOLLOW_UP}/resolution", moves.FollowUpResolution.as_view(), name="api_follow_up_resolution"),
    path(f"{FOLLOW_UP}/closure", moves.FollowUpClosure.as_view(), name="api_follow_up_closure"),
    path(f"{FOLLOW_UP}/reopening", moves.FollowUpReopening.as_view(), name="api_follow_up_reopening"),
    path(f"{FOLLOW_UP}/owner", moves.FollowUpOwner.as_view(), name="api_follow_up_owner"),
    path(f"{FOLLOW_UP}/notes", work.FollowUpNotes.as_view(), name="api_follow_up_notes"),
    path(f"{FOLLOW_UP}/waiting", pauses.FollowUpWaiting.as_view(), name="api_follow_up_waiting"),
    path(f"{FOLLOW_UP}/snooze", pauses.FollowUpSnooze.as_view(), name="api_follow_up_snooze"),
    path(f"{FOLLOW_UP}/resumption", pauses.FollowUpResumption.as_view(), name="api_follow_up_resumption"),
    # Whether it helped, and what is mended for everybody
    path("recoveries", proof.RecoveryList.as_view(), name="api_recoveries"),
    path("initiatives", proof.InitiativeList.as_view(), name="api_initiatives"),
    path("initiatives/<uuid:pk>", proof.InitiativeDetail.as_view(), name="api_initiative"),
    # Places outside that are told, and what was sent to them
    path("channels", channels.ChannelList.as_view(), name="api_channels"),
    path("channels/<uuid:pk>", channels.ChannelDetail.as_view(), name="api_channel"),
    path("deliveries", channels.DeliveryList.as_view(), name="api_deliveries"),
    path("deliveries/<uuid:pk>", channels.DeliveryDetail.as_view(), name="api_delivery"),
    path("deliveries/<uuid:pk>/replay", channels.DeliveryReplay.as_view(), name="api_delivery_replay"),
    path(f"{FOLLOW_UP}/priority", work.FollowUpPriority.as_view(), name="api_follow_up_priority"),
    path(f"{FOLLOW_UP}/tags", work.FollowUpTags.as_view(), name="api_follow_up_tags"),
    path(f"{FOLLOW_UP}/merging", work.FollowUpMerging.as_view(), name="api_follow_up_merging"),
    path(f"{FOLLOW_UP}/watchers", work.FollowUpWatchers.as_view(), name="api_follow_up_watchers"),
    # Alert rules
    path("alert-rules", rules.RuleList.as_view(), name="api_alert_rules"),
    path("alert-rules/back-test", rules.RuleBackTest.as_view(), name="api_alert_rules_back_test"),
    path("alert-rules/<uuid:pk>", rules.RuleDetail.as_view(), name="api_alert_rule"),
    path("alert-rules/<uuid:pk>/switch", rules.RuleSwitching.as_view(), name="api_alert_rule_switch"),
    path("alert-rules/<uuid:pk>/archival", rules.RuleArchival.as_view(), name="api_alert_rule_archival"),
    path(f"{FOLLOW_UP}/mails", ReceivedMailList.as_view(), name="api_follow_up_mails"),
    path(f"{FOLLOW_UP}/playbook", playbooks.FollowUpPlaybook.as_view(), name="api_follow_up_playbook"),
    path(f"{FOLLOW_UP}/steps", playbooks.StepList.as_view(), name="api_follow_up_steps"),
    path(f"{FOLLOW_UP}/steps/<uuid:step>", playbooks.StepCompletion.as_view(), name="api_follow_up_step"),
    path("playbooks", playbooks.PlaybookList.as_view(), name="api_playbooks"),
    path("reply-templates", playbooks.ReplyTemplateList.as_view(), name="api_reply_templates"),
    # Their description
    path("schema/", api_schema, name="api_schema"),
]
