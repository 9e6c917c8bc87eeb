"""The function by which a respondent's page reads the invitation behind its link.

A function and not a query: behind seven policies PostgreSQL plans this join for longer than it takes the whole page, and
a function's plan is kept by the connection. It runs with the rights of its caller, so that every policy holds; whole
rows leave it, so that a new column needs no new function.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION surveys_asked(wanted uuid) RETURNS json LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'invitation', invitation, 'survey', survey, 'organization', organization, 'customer', customer,
            'response', response, 'verbatim', answer.text, 'touchpoint', touchpoint
        )
        FROM surveys_invitation AS invitation
        JOIN tenancy_organization AS organization ON organization.id = invitation.organization_id
        JOIN surveys_survey AS survey
          ON survey.organization_id = invitation.organization_id AND survey.id = invitation.survey_id
        JOIN customers_customer AS customer
          ON customer.organization_id = invitation.organization_id AND customer.id = invitation.customer_id
        LEFT JOIN surveys_response AS response
          ON response.organization_id = invitation.organization_id AND response.invitation_id = invitation.id
        LEFT JOIN surveys_answer AS answer
          ON answer.organization_id = response.organization_id AND answer.response_id = response.id
          AND answer.kind = 'verbatim'
        LEFT JOIN journeys_touchpoint AS touchpoint
          ON touchpoint.organization_id = invitation.organization_id AND touchpoint.id = invitation.touchpoint_id
        WHERE invitation.id = wanted
          AND invitation.organization_id = nullif(current_setting('cxm.organization_id', true), '')::uuid
    );
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_guards")]

    operations = [
        migrations.RunSQL(
            [
                CREATE,
                "REVOKE ALL ON FUNCTION surveys_asked(uuid) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION surveys_asked(uuid) TO cxm_app",
            ],
            "DROP FUNCTION surveys_asked(uuid)",
        )
    ]
