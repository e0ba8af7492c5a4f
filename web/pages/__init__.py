"""A file a page, or what belongs to one."""
