"""newsletter.toml and the environment, checked when a command starts."""

FILE = "newsletter.toml"
"""What makes a folder a workspace."""
