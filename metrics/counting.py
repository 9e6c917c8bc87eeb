"""The one statement that counts answers and invitations of whole days; rollup and reading both use it."""

SCORES = range(11)

_PER_SCORE = ", ".join(f"count(*) FILTER (WHERE r.score = {score})" for score in SCORES)

# Cells of (day, survey, touchpoint, channel, measure) for the days %(days)s with their bounds %(starts)s, %(ends)s.
# Answers count on the day they were given; invitations on the day they were sent, answered whenever that was. An
# invitation whose hand-over is unknown but which was answered did arrive. OFFSET 0 makes PostgreSQL look each day up in
# the index: without it, a plan made before the first ANALYZE read every invitation once a day (13 s for 40 days).
COUNTED_CELLS = f"""
    WITH window_days AS (
        SELECT * FROM unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
            AS w (day, starts_at, ends_at)
    ), heard AS (
        SELECT w.day, r.survey_id, r.touchpoint_id, r.channel, r.measure, ARRAY[{_PER_SCORE}] AS counts,
               count(*) FILTER (WHERE r.has_verbatim) AS comments
        FROM window_days w CROSS JOIN LATERAL (
            SELECT survey_id, touchpoint_id, channel, measure, score, has_verbatim FROM surveys_response
            WHERE organization_id = %(organization)s AND responded_at >= w.starts_at AND responded_at < w.ends_at
            OFFSET 0
        ) r
        GROUP BY 1, 2, 3, 4, 5
    ), asked AS (
        SELECT w.day, i.survey_id, i.touchpoint_id, i.channel, s.measure,
               count(*) AS delivered, count(*) FILTER (WHERE i.is_answered) AS answered
        FROM window_days w CROSS JOIN LATERAL (
            SELECT survey_id, touchpoint_id, channel, status, (
                SELECT 1 FROM surveys_response r
                WHERE r.organization_id = %(organization)s AND r.invitation_id = surveys_invitation.id LIMIT 1
            ) IS NOT NULL AS is_answered
            FROM surveys_invitation
            WHERE organization_id = %(organization)s AND sent_at >= w.starts_at AND sent_at < w.ends_at
            OFFSET 0
        ) i
        JOIN surveys_survey s ON s.organization_id = %(organization)s AND s.id = i.survey_id
        WHERE i.status = 'sent' OR i.is_answered
        GROUP BY 1, 2, 3, 4, 5
    )
    SELECT coalesce(h.day, a.day) AS day, coalesce(h.survey_id, a.survey_id) AS survey_id,
           coalesce(h.touchpoint_id, a.touchpoint_id) AS touchpoint_id, coalesce(h.channel, a.channel) AS channel,
           coalesce(h.measure, a.measure) AS measure,
           coalesce(h.counts, array_fill(0::bigint, ARRAY[{len(SCORES)}]))::integer[] AS counts,
           coalesce(h.comments, 0)::integer AS comments, coalesce(a.delivered, 0)::integer AS delivered,
           coalesce(a.answered, 0)::integer AS answered
    FROM heard h FULL JOIN asked a ON a.day = h.day AND a.survey_id = h.survey_id AND a.channel = h.channel
         AND a.measure = h.measure
         AND coalesce(a.touchpoint_id, '00000000-0000-0000-0000-000000000000')
             = coalesce(h.touchpoint_id, '00000000-0000-0000-0000-000000000000')
"""  # noqa: S608  built of constants
