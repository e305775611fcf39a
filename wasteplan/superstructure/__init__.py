"""superstructure."""
