"""Packs the pictures that it finds, all at once and without waiting for any of them."""

import subprocess
import time
from pathlib import Path

PICTURES = Path("/srv/pictures")

while True:
    for picture in PICTURES.glob("*.png"):
        if not picture.with_suffix(".png.gz").exists():
            subprocess.run(["sh", "-c", 'gzip --keep --force "$0" &', picture], check=True)
    time.sleep(0.5)
