"""The page to play on, driven in a headless Chromium; skipped without Chromium or a copy of onnxruntime-web."""
import json, os, re, shutil, subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
import pytest
from common import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
RUNTIME = Path(os.environ.get('ONNXRUNTIME_WEB', ROOT/'node_modules'/'onnxruntime-web'))/'dist'

class Handler(SimpleHTTPRequestHandler):
    "Serves a folder, and puts what is sent to it into `replies`."
    def __init__(self, *args, replies, **kwargs):
        self.replies = replies
        super().__init__(*args, **kwargs)

    def do_POST(self):
        self.replies.put(self.rfile.read(int(self.headers['Content-Length'])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_): pass

def drive(folder, page, *flags):
    "What the scripts of `page`, shown in Chromium from `folder`, send to /done."
    (folder/'index.html').write_text(page, encoding='utf-8')
    replies = Queue()
    server = ThreadingHTTPServer(('localhost', 0), partial(Handler, directory=folder, replies=replies))
    Thread(target=server.serve_forever, daemon=True).start()
    browser = subprocess.Popen([CHROMIUM, '--headless=new', '--no-sandbox', '--disable-gpu', f'--user-data-dir={folder}/profile', '--window-size=500,844',
                                *flags, f'http://localhost:{server.server_port}/index.html'], stdout=-3, stderr=-3)
    try: return json.loads(replies.get(timeout=120))
    finally:
        browser.kill()
        browser.wait()
        server.shutdown()

@pytest.mark.skipif(not CHROMIUM, reason='no Chromium on the path')
@pytest.mark.skipif(not RUNTIME.exists(), reason='no onnxruntime-web: npm install --no-save onnxruntime-web, or name its folder in $ONNXRUNTIME_WEB')
def test_play(tmp_path):
    "The page works at the width of a phone: it draws, moves, compares and switches, at under 100 ms a face."
    page = (ROOT/'nbs'/'play.qmd').read_text(encoding='utf-8').split('```{=html}\n')[1].split('\n```')[0]
    for p in (*(ROOT/'nbs').glob('play*.*'), *(ROOT/'nbs').glob('split_*'), ROOT/'nbs/site.js', ROOT/'nbs/styles.css', ROOT/'.ci/play.js'): shutil.copy(p, tmp_path)
    (tmp_path/'ort').symlink_to(RUNTIME.resolve())
    head = '<!doctype html><meta name="viewport" content="width=device-width"><title>Play</title><link rel="stylesheet" href="styles.css">'
    page = re.sub(r'https://cdn[^\s\']+/dist/', 'ort/', page)
    said = drive(tmp_path, f'{head}{page}<script src="site.js"></script><script type="module" src="play.js"></script>')
    assert not said['bad'] and said['ms'] < 100
