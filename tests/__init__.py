"""A package, because one of the parts that we use brings a `tests` of its own into site-packages."""
