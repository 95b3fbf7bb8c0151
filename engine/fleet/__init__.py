"""Where heavy work runs: worker processes of this machine (`local.py`, `worker.py`)."""
