"""The page to play on, driven in a headless Chromium; skipped without Chromium, playwright or a copy of onnxruntime-web."""
import os, re, shutil
from pathlib import Path
from urllib.parse import urlsplit
import pytest
from common import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
RUNTIME = Path(os.environ.get('ONNXRUNTIME_WEB', ROOT/'node_modules/onnxruntime-web'))/'dist'
HEAD = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="styles.css">'

def drive(page, driver, runtime=None, **how):
    "What the script `driver` says when it has played with the HTML of nbs/`page` on a phone; `runtime`: what stands for the CDN."
    play = pytest.importorskip('playwright.sync_api').sync_playwright
    html = (ROOT/'nbs'/page).read_text(encoding='utf-8').split('```{=html}\n')[1].split('\n```')[0]
    html = HEAD + re.sub(r'https://cdn[^\s\']+/dist/', 'ort/', html) + '<script src="site.js"></script>'
    def send(route):
        name = urlsplit(route.request.url).path[1:]
        if name: route.fulfill(path=runtime/name[4:] if name.startswith('ort/') else ROOT/'nbs'/name)
        else: route.fulfill(body=html, content_type='text/html')
    with play() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=['--no-sandbox', '--disable-gpu'])
        tab = browser.new_page(viewport=dict(width=390, height=844), **how)
        tab.route('http://localhost/**', send)
        tab.goto('http://localhost/')
        return tab.evaluate('async () => {' + (ROOT/'.ci'/driver).read_text(encoding='utf-8') + '}')

@pytest.mark.skipif(not CHROMIUM, reason='no Chromium on the path')
@pytest.mark.skipif(not RUNTIME.exists(), reason='no onnxruntime-web: npm install --no-save, or name its folder in $ONNXRUNTIME_WEB')
def test_play():
    "The page works at the width of a phone: it draws, moves, compares and switches, at under 100 ms a face."
    said = drive('play.qmd', 'play.js', RUNTIME)
    assert not said['bad'] and said['ms'] < 100
