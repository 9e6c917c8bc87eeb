"""How the loop runs: its measures over a period, whole and by team, root cause, touchpoint and playbook."""
