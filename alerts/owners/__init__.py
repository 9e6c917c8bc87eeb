"""Who cares for a follow-up: owner rules in order, teams, absences and limits."""
