"""The administrators' and auditors' screens: staff, divisions, points, the town's settings, the records."""
