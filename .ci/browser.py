"""The page to play on, driven in a headless Chromium: a check that needs Chromium and a copy of onnxruntime-web."""
import json, os, re, shutil, subprocess, tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from common import ROOT

class Skipped(Exception): "What a check needs is not on this machine."

DRIVER = '''<script type="module">
const one = selector => document.querySelector('#play ' + selector), bad = [], ms = [];
const pause = ms => new Promise(done => setTimeout(done, ms));
const pixels = () => [...one('canvas').getContext('2d').getImageData(0, 0, one('canvas').width, one('canvas').height).data];
const half = side => pixels().filter((_, i) => (i/4 % one('canvas').width < one('canvas').width/2) == (side == 'left')).join();
const check = (good, what) => { if (!good) bad.push(what); };
const until = async (good, what) => { for (let i = 0; i < 400 && !good(); i++) await pause(50); check(good(), what); };
const send = (input, value, event='input') => {
  if (input.type == 'radio') input.checked = true; else input.value = value;
  input.dispatchEvent(new Event(event, {bubbles: true}));
};
const changes = async (action, what, of=pixels) => {
  const before = String(of());
  action();
  await until(() => String(of()) != before, what);
};
try {
  check(!one('img').hidden && one('img').complete, 'no picture before the generator has arrived');
  await until(() => !one('canvas').hidden, 'the generator does not start');
  if (one('canvas').hidden) throw Error(one('[role=status]').textContent);
  check(one('canvas').width == 64, 'people are not drawn first, at 64 pixels');
  for (const input of document.querySelectorAll('#play input')) check(input.labels.length == 1, input.id + ' has no label');
  for (let i = 0; i < 10; i++) {
    await changes(() => one('#fresh').click(), 'another face is the same face');
    ms.push(parseInt(one('#speed').textContent.match(/\\d+/)[0]));
  }
  await changes(() => send(one('#directions input'), 3), 'a direction changes nothing');
  await changes(() => send(one('#truncation'), .5), 'truncation changes nothing');
  const [left, right] = [half('left'), half('right')];
  await changes(() => send(one('#compare'), .5), 'before and after shows nothing');
  check(half('left') != left && half('right') == right, "the student's half is not the left one");
  await changes(() => one('#walk').click(), 'the walk stands still');
  check(one('#walk').getAttribute('aria-pressed') == 'true', 'the walk does not say that it walks');
  one('#walk').click();
  await pause(300);
  await changes(() => send(document.querySelector('[value=toys]')), 'toys do not come');
  await until(() => one('canvas').width == 32, 'toys are not 32 pixels wide');
  check(one('#compare').hidden, 'toys have a before and after');
  await changes(() => send(one('#slider-glasses'), 3), 'glasses change nothing');
  one('#reset').click();
  check([...document.querySelectorAll('#play [type=range]')].every(i => i.value == i.defaultValue), 'reset leaves a slider');
  check(document.documentElement.scrollWidth <= innerWidth, 'the page is wider than the screen');
} catch (error) { bad.push(String(error)); }
ms.sort((a, b) => a - b);
await fetch('/done', {method: 'POST', body: JSON.stringify({bad, ms: ms[5]})});
</script>'''

class _Handler(SimpleHTTPRequestHandler):
    "Serves a folder, and puts what is sent to it into `replies`."
    def __init__(self, *args, replies, **kwargs):
        self.replies = replies
        super().__init__(*args, **kwargs)

    def do_POST(self):
        self.replies.put(self.rfile.read(int(self.headers['Content-Length'])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_): pass

def _needs():
    "The paths of Chromium and of onnxruntime-web; `Skipped` if one is missing."
    chromium = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
    runtime = Path(os.environ.get('ONNXRUNTIME_WEB', ROOT/'node_modules'/'onnxruntime-web'))/'dist'
    if not chromium: raise Skipped('no Chromium on the path')
    if not runtime.exists(): raise Skipped('no onnxruntime-web: npm install --no-save onnxruntime-web, or name its folder in $ONNXRUNTIME_WEB')
    return chromium, runtime

def play():
    "The page to play on works at the width of a phone: it draws, moves, compares and switches, at under 100 ms a face."
    chromium, runtime = _needs()
    page = (ROOT/'nbs'/'play.qmd').read_text(encoding='utf-8').split('```{=html}\n')[1].split('\n```')[0]
    page = re.sub(r'https://cdn\S+/dist/', 'ort/', page)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as d:
        for p in (ROOT/'nbs').glob('play*.*'): shutil.copy(p, d)
        (Path(d)/'ort').symlink_to(runtime.resolve())
        head = '<!doctype html><meta name="viewport" content="width=device-width"><title>Play</title>'
        (Path(d)/'index.html').write_text(f'{head}{page}{DRIVER}', encoding='utf-8')
        replies = Queue()
        server = ThreadingHTTPServer(('localhost', 0), partial(_Handler, directory=d, replies=replies))
        Thread(target=server.serve_forever, daemon=True).start()
        browser = subprocess.Popen([chromium, '--headless=new', '--no-sandbox', '--disable-gpu', f'--user-data-dir={d}/profile',
                                    '--window-size=500,844', f'http://localhost:{server.server_port}/index.html'],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try: said = json.loads(replies.get(timeout=120))
        except Empty: return ['no answer from the browser in two minutes']
        finally:
            browser.kill()
            browser.wait()
            server.shutdown()
    slow = said.get('ms', 0) >= 100
    return said['bad'] + slow*[f'a face takes {said.get("ms")} ms']
