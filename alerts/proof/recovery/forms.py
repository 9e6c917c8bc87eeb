"""The form of asking again."""

from django import forms

from alerts.models import RecoveryPlan


class RecoveryForm(forms.Form):
    """Whether customers are asked again after closing, and by which times."""

    is_active = forms.BooleanField(label="Ask customers again after a loop was closed", required=False)
    days_after = forms.IntegerField(
        label="Days after closing",
        min_value=1,
        max_value=90,
        initial=7,
        help_text="Long enough to see that it holds, short enough to remember.",
    )
    fatigue_days = forms.IntegerField(
        label="Ask the same customer again after (days)",
        min_value=7,
        max_value=730,
        initial=60,
        help_text="This question has a budget of its own: other surveys neither delay it nor are delayed by it.",
    )
    silent_after_days = forms.IntegerField(
        label="No answer counts as silence after (days)",
        min_value=1,
        max_value=60,
        initial=14,
        help_text="A later answer still counts.",
    )

    def __init__(self, data=None, *, plan: RecoveryPlan | None):
        initial = {name: getattr(plan, name) for name in self.base_fields} if plan else {}
        super().__init__(data, initial=initial)
