"""Journeys of people through the whole house, in a real browser."""
