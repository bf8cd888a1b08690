"""The departments' screens: sign-in of staff, queue, review, decisions."""
