"""Serves pictures, and packs each one in the background when it comes in."""

import os
import subprocess
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PICTURES = Path("/srv/pictures")


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=PICTURES)

    def do_PUT(self):
        path = PICTURES / Path(self.path).name
        path.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        # The answer doesn't wait for the packing: the shell ends at once, and nobody waits for its job.
        subprocess.run(["sh", "-c", 'gzip --keep --force "$0" &', path], check=True)
        self.send_response(201)
        self.end_headers()


ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
