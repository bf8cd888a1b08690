"""Divisions down to the village, and the service points where people are helped."""
