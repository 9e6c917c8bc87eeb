"""The two functions by which an answer comes in: what is known of its survey, and storing it.

Functions and not statements, as for reading an ask: planning them costs PostgreSQL more than running them, and a
function's plan is kept by the connection. They run with the rights of their caller, so that every policy holds.
"""

from django.db import migrations

TAKING = """
CREATE FUNCTION surveys_taking(wanted uuid[])
RETURNS TABLE (
    id uuid, organization_id uuid, name text, kind text, measure text, points smallint, touchpoint_id uuid, state text,
    time_zone text, version_id uuid
) LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.id, s.organization_id, s.name::text, s.kind::text, s.measure::text, s.points, s.touchpoint_id,
           s.state::text, o.time_zone::text, (
        SELECT v.id FROM surveys_surveyversion v
        WHERE v.organization_id = s.organization_id AND v.survey_id = s.id AND v.published_at IS NOT NULL
        ORDER BY v.number DESC LIMIT 1
    )
    FROM surveys_survey s JOIN tenancy_organization o ON o.id = s.organization_id
    WHERE s.organization_id = nullif(current_setting('cxm.organization_id', true), '')::uuid AND s.id = ANY(wanted);
END
$$
"""

STORE = """
CREATE FUNCTION surveys_store(responses json, answers json, lines json)
RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    WITH stored AS (
        INSERT INTO surveys_response SELECT * FROM json_populate_recordset(NULL::surveys_response, responses)
        ON CONFLICT DO NOTHING RETURNING surveys_response.id
    ), answered AS (
        INSERT INTO surveys_answer SELECT given.* FROM json_populate_recordset(NULL::surveys_answer, answers) AS given
        JOIN stored ON stored.id = given.response_id
    ), audited AS (
        INSERT INTO tenancy_auditentry
        SELECT given.* FROM json_populate_recordset(NULL::tenancy_auditentry, lines) AS given
        JOIN stored ON stored.id = given.object_id
    )
    SELECT stored.id FROM stored;
END
$$
"""


def granted(create: str, signature: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            create,
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO cxm_app",
        ],
        f"DROP FUNCTION {signature}",
    )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_reading_an_ask")]

    operations = [
        granted(TAKING, "surveys_taking(uuid[])"),
        granted(STORE, "surveys_store(json, json, json)"),
    ]
