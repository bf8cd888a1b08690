"""The departments' screens: queue and review."""
