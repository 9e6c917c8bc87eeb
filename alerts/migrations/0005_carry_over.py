"""Fills what 0004 added for rules, alerts and follow-ups that were there before.

The policies of row-level security bind the owner of the tables as well; within this transaction they are lifted for it.
"""

from django.db import migrations

TABLES = ("alerts_alertrule", "alerts_alert", "alerts_followup", "alerts_slapolicy")
CARRY_OVER = """
    UPDATE alerts_alertrule SET settle_minutes = 15, conditions = jsonb_build_object('match', 'all', 'of',
        jsonb_build_array(jsonb_build_object('kind', 'group', 'groups', jsonb_build_array("group")))
        || CASE WHEN survey_id IS NULL THEN '[]'::jsonb
           ELSE jsonb_build_array(jsonb_build_object('kind', 'survey', 'surveys', jsonb_build_array(survey_id))) END);
    UPDATE alerts_slapolicy p SET priority = 'normal' WHERE p.id = (
        SELECT first.id FROM alerts_slapolicy first WHERE first.organization_id = p.organization_id
        ORDER BY first.id LIMIT 1);
    UPDATE alerts_followup f SET sla_policy_id = r.sla_policy_id FROM alerts_alert a
        JOIN alerts_alertrule r ON r.organization_id = a.organization_id AND r.id = a.rule_id
        WHERE a.organization_id = f.organization_id AND a.id = f.alert_id;
    UPDATE alerts_alert a SET subject = a.response_id::text, follow_up_id = f.id, customer_id = f.customer_id
        FROM alerts_followup f WHERE f.organization_id = a.organization_id AND f.response_id = a.response_id;
    UPDATE alerts_alert SET subject = response_id::text WHERE subject = '';
    INSERT INTO alerts_escalationstep (id, organization_id, sla_policy_id, promise, percent, tells)
        SELECT gen_random_uuid(), p.organization_id, p.id, promises.promise, steps.percent, steps.tells
        FROM alerts_slapolicy p
        CROSS JOIN (VALUES ('first_contact'), ('resolution')) AS promises(promise)
        CROSS JOIN (VALUES (75, 'owner'), (100, 'lead'), (200, 'admin')) AS steps(percent, tells);
    UPDATE alerts_followup SET escalates_at = now() WHERE resolved_at IS NULL AND state <> 'closed';
"""


def toggled(force: str) -> str:
    return "".join(f"ALTER TABLE {table} {force} ROW LEVEL SECURITY;" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_rules_clocks_owners_and_proof")]

    operations = [
        migrations.RunSQL(toggled("NO FORCE") + CARRY_OVER + toggled("FORCE"), reverse_sql=migrations.RunSQL.noop),
    ]
