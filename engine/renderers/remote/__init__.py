"""Video from a server that answers as OpenAI's does: asked over HTTP by a worker, and inspected like anything else."""
