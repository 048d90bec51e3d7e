"""newsletter.toml and the environment, checked when a command starts."""

from pathlib import Path

FILE = "newsletter.toml"
"""What makes a folder a workspace."""

PACKAGE = Path(__file__).parents[1]
"""The folder of the code; in a checkout the repository is two folders up."""
