"""What came of asking again, by follow-up: the one definition that every figure and sum goes by.

The latest closing decides that was answered or met with silence, also when the answer opened the follow-up again: a
later closing about which nobody was asked says nothing. Who began in the best group and stands there still had nothing
to recover from: `stayed_well`, and in no rate.
"""

STAYED_WELL = "stayed_well"

# By follow-up its result, and of which closing; takes %(organization)s.
LATEST = f"""
    SELECT DISTINCT ON (v.follow_up_id) v.follow_up_id, v.closed_at,
           CASE WHEN v.result = 'unchanged' AND r."group" = 'promoter' THEN '{STAYED_WELL}' ELSE v.result END AS result
    FROM alerts_recovery v
    LEFT JOIN surveys_response r ON r.organization_id = v.organization_id AND r.id = v.response_id
    WHERE v.organization_id = %(organization)s AND v.result IN ('recovered', 'unchanged', 'worse', 'silent')
    ORDER BY v.follow_up_id, v.closed_at DESC, v.id DESC
"""  # noqa: S608  built of constants
