"""Measurements: `bin/bench NAME` runs one, `bin/chaos` kills processes while answers come in. Results: README.md."""
