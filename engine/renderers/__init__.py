"""What turns a brief into frames. `base.py` is the contract; each renderer is a folder or a file beside it."""
