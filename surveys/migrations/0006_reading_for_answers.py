"""What is known of the surveys and customers that answers from other systems speak of, as one value.

One JSON value and not rows, so that it travels in the same message as the API key's organization.
"""

from importlib import import_module

from django.db import migrations

# What it takes the place of.
TAKING = import_module("surveys.migrations.0004_taking_answers").TAKING

INTAKE = """
CREATE FUNCTION surveys_intake(surveys uuid[], ids uuid[], external_ids text[], email_keys text[])
RETURNS json LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    own uuid := nullif(current_setting('cxm.organization_id', true), '')::uuid;
    known json;
BEGIN
    -- A name at a time: each is one look into its own index.
    IF cardinality(ids) + cardinality(external_ids) + cardinality(email_keys) > 0 THEN
        SELECT json_agg(c) INTO known FROM (
            SELECT * FROM customers_customer WHERE organization_id = own AND id = ANY(ids)
            UNION SELECT * FROM customers_customer WHERE organization_id = own AND external_id = ANY(external_ids)
            UNION SELECT * FROM customers_customer WHERE organization_id = own AND email_key = ANY(email_keys)
        ) c;
    END IF;
    RETURN json_build_object('customers', coalesce(known, '[]'::json), 'surveys', (
        SELECT coalesce(json_agg(json_build_object(
            'id', s.id, 'name', s.name, 'kind', s.kind, 'measure', s.measure, 'points', s.points,
            'touchpoint_id', s.touchpoint_id, 'state', s.state, 'time_zone', o.time_zone, 'version_id', (
                SELECT v.id FROM surveys_surveyversion v
                WHERE v.organization_id = own AND v.survey_id = s.id AND v.published_at IS NOT NULL
                ORDER BY v.number DESC LIMIT 1
            )
        )), '[]'::json)
        FROM surveys_survey s JOIN tenancy_organization o ON o.id = s.organization_id
        WHERE s.organization_id = own AND s.id = ANY(surveys)
    ));
END
$$
"""
SIGNATURE = "surveys_intake(uuid[], uuid[], text[], text[])"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_unplanned_events")]

    operations = [
        migrations.RunSQL("DROP FUNCTION surveys_taking(uuid[])", TAKING),
        migrations.RunSQL(
            [
                INTAKE,
                f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO cxm_app",
            ],
            f"DROP FUNCTION {SIGNATURE}",
        ),
    ]
