"""Tests of Kinora on Discord. A package, so that the club of conftest.py ends with its last test."""
