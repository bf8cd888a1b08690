"""Tests of the territory: divisions of the present, what administrators keep."""
