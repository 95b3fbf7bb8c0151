"""Tests of Kinora on Telegram. A package, so that the club of conftest.py ends with its last test."""
