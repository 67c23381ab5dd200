"""Ports in compose files."""
