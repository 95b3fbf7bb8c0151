"""Settings: what lies around the subjects, plane by plane, from the far ridges to the grass before the lens."""
