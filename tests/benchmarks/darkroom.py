"""What the one pass costs beyond the encoder it feeds, and how much memory it takes however long the clip."""

import subprocess
import sys
import tempfile
from pathlib import Path

from engine.darkroom import Encoding, develop
from engine.footage import Footage
from storage.media import Converter, Mp4Writer
from tests.benchmarks.measuring import in_turns, ratio
from tests.media_samples import moving_frames

WIDTH, HEIGHT, FPS = 1280, 720, 24
COUNT = 5 * FPS
ROUNDS = 5

PEAK = """
import sys, threading, time, psutil
from pathlib import Path
from tests.media_samples import developed, moving_footage
process = psutil.Process()
next(moving_footage(1920, 1080, 1).frames)
idle = process.memory_info().rss
peak = idle
def watch():
    global peak
    while True:
        peak = max(peak, process.memory_info().rss)
        time.sleep(0.02)
threading.Thread(target=watch, daemon=True).start()
developed(moving_footage(1920, 1080, int(sys.argv[2])), Path(sys.argv[1]))
print(f"{idle / 2**20:.0f} MB idle, {(peak - idle) / 2**20:.0f} MB more at the peak")
"""


def main() -> None:
    frames = [pixels.copy() for pixels in moving_frames(WIDTH, HEIGHT, COUNT)]
    converter = Converter()
    planes = [converter.planes(pixels, "bgra") for pixels in frames]
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"

        def encode_alone() -> None:
            with Mp4Writer(clip, WIDTH, HEIGHT, FPS) as writer:
                for frame in planes:
                    writer.write(frame)

        def develop_ready_frames() -> None:
            develop(
                Footage(WIDTH, HEIGHT, FPS, COUNT, "bgra", iter(frames)),
                clip,
                inspectors=(),
                marks=(),
                progress=lambda done, total: None,
                cancelled=lambda: False,
                encoding=Encoding(),
            )

        timings = in_turns({"encode": encode_alone, "develop": develop_ready_frames}, ROUNDS)
        print(f"5 s of 720p, frames ready in memory, {ROUNDS} rounds in turns, x264 veryfast CRF 20, 2 threads")
        print(f"  encoding planes alone:              {timings['encode']}")
        print(f"  convert, check, encode, hash:       {timings['develop']}")
        print(f"  the second against the first:       {ratio(timings['develop'], timings['encode'])}")
        for seconds in (5, 60):
            done = subprocess.run(
                [sys.executable, "-c", PEAK, str(clip), str(seconds * FPS)], capture_output=True, text=True, check=True
            )
            print(f"  developing {seconds:2} s of 1080p:            {done.stdout.strip()}")


if __name__ == "__main__":
    main()
