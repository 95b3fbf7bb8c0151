"""Generated video: open models through diffusers, in a worker with a GPU (or, slowly, without).

What a model is like is data (`profiles/*.toml`); how its family is spoken to is `sampling.py`; how it fits into this
machine's memory is `memory.py`. torch and diffusers are imported inside functions: only a worker that draws loads them.
"""
