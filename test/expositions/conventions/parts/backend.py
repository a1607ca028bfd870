import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        status, after = {"/slow": (200, 1.2), "/bad": (400, 0), "/fail": (503, 0), "/hang": (200, 2)}.get(self.path, (200 if self.path == "/ok" or self.path.startswith("/orders/") else 404, 0))
        # A program that ends without an answer.
        if self.path == "/raise": self.connection.close(); return
        time.sleep(after)
        try: self.send_response(status); self.send_header("Content-Length", "0"); self.end_headers()
        except OSError: pass

ThreadingHTTPServer(("127.0.0.1", int(os.environ["BACKEND_PORT"])), Asked).serve_forever()
