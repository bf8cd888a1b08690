"""The case engine: states, clocks, corrections, decisions, timeline."""
