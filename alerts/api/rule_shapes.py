"""What the API says of alert rules, and what is said to it."""

from rest_framework import serializers

from alerts.models import AlertRule, Priority
from alerts.rules.checking import LONGEST_SETTLING, MOST_HELD_OUT, NAME_CHARACTERS
from tenancy.api_paging import Paging
from tenancy.api_shapes import Shape, Text

CONDITIONS = (
    "Of a rule about answers: {match: all or any, of: [conditions, or more such objects]}, a condition being "
    "{kind: group, groups: [detractor]}, for one. About silence: {days, value, customers}. About a threshold: "
    "{instrument, of, places, below, recovers, answers, customers}. Customers may be left out; they are conditions as "
    "of a rule about answers, of the kinds attribute and customer_value."
)
ACTIONS = "{tags: [texts], channels: [ids], people: [ids], teams: [ids], survey_after_hours: number}"
MOST_VERSION = 2**31 - 1


class RuleShape(Shape):
    id = serializers.UUIDField()
    name = Text()
    kind = serializers.ChoiceField(AlertRule.Kind.choices)
    conditions = serializers.DictField(help_text=CONDITIONS)
    is_active = serializers.BooleanField()
    is_archived = serializers.BooleanField(help_text="Off for good: it takes no change until it is brought back.")
    version = serializers.IntegerField(help_text="Counts every change; say it when you change the rule.")
    settle_minutes = serializers.IntegerField(help_text="How long an answer may still change before it fires.")
    opens_follow_up = serializers.BooleanField()
    priority = serializers.ChoiceField(Priority.choices)
    sla_policy = serializers.UUIDField(source="sla_policy_id", allow_null=True)
    playbook = serializers.UUIDField(source="playbook_id", allow_null=True)
    owner_rule = serializers.UUIDField(source="owner_rule_id", allow_null=True)
    starts_survey = serializers.UUIDField(source="starts_survey_id", allow_null=True)
    holdout_percent = serializers.IntegerField()
    actions = serializers.DictField(help_text=ACTIONS)


class _Fields(Shape):
    """What may be said of a rule, new or changed."""

    is_active = serializers.BooleanField(required=False)
    settle_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_SETTLING, required=False)
    opens_follow_up = serializers.BooleanField(required=False)
    priority = serializers.ChoiceField(Priority.choices, required=False)
    sla_policy = serializers.UUIDField(required=False, allow_null=True)
    playbook = serializers.UUIDField(required=False, allow_null=True)
    owner_rule = serializers.UUIDField(required=False, allow_null=True)
    starts_survey = serializers.UUIDField(required=False, allow_null=True)
    holdout_percent = serializers.IntegerField(min_value=0, max_value=MOST_HELD_OUT, required=False)
    actions = serializers.DictField(required=False, help_text=ACTIONS)


class RuleFields(_Fields):
    name = Text(max_length=NAME_CHARACTERS)
    kind = serializers.ChoiceField(AlertRule.Kind.choices, required=False)
    conditions = serializers.DictField(help_text=CONDITIONS)


class RuleChanges(_Fields):
    name = Text(max_length=NAME_CHARACTERS, required=False)
    conditions = serializers.DictField(required=False, help_text=CONDITIONS)
    version = serializers.IntegerField(
        min_value=1, max_value=MOST_VERSION, required=False, help_text="The one you saw; 409 if it moved on."
    )


class RuleSwitch(Shape):
    is_active = serializers.BooleanField()


class RuleArchiving(Shape):
    is_archived = serializers.BooleanField(help_text="False brings the rule back, switched off.")


class RuleFilters(Paging):
    is_archived = serializers.BooleanField(required=False, default=False, help_text="Those that are archived instead.")


class BackTestFields(Shape):
    kind = serializers.ChoiceField(AlertRule.Kind.choices, required=False, default=AlertRule.Kind.ANSWER)
    conditions = serializers.DictField(help_text=CONDITIONS)
    go_on = Text(required=False, default="", allow_blank=True, max_length=8000, help_text="From the answer before.")


class BackTestShape(Shape):
    is_done = serializers.BooleanField()
    seen = serializers.IntegerField(help_text="Answers that were looked at one by one.")
    alerts = serializers.IntegerField(help_text="How often the rule would have fired.")
    joined = serializers.IntegerField(help_text="How many of them while a follow-up of the customer was open.")
    weeks = serializers.DictField(child=serializers.IntegerField(), help_text="Alerts by the Monday of their week.")
    examples = serializers.ListField(
        child=Text(), help_text="Ids of answers; of customers for silence; sentences for scores that fell."
    )
    go_on = Text(help_text="Empty when it is done.")
