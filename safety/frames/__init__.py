"""Classifiers that look at the frames of a clip while it is being encoded."""
