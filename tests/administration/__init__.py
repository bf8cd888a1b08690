"""Tests of the administrators' and auditors' screens."""
