"""Facilitator: lead a blameless post-mortem, offline, to a signed report."""

__version__ = "0.1.0"
