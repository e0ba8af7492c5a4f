"""A whole store as one sealed file, and back."""
