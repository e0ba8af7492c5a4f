"""Sealing the trail: signing checkpoints, and asking witnesses and timestamp authorities about them."""
