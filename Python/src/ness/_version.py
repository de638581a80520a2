"""The version of the package: that of Ness."""

__version__ = "0.1.0"
