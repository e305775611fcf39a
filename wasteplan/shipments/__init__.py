"""Waste movements, reported or simulated: read, checked, reported, written."""
