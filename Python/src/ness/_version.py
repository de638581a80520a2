"""The version of the package: that of Ness."""

__version__ = "0.2.0"
