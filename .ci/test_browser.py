"""Pages in a browser, where Node, Chromium, playwright and more are there: what moves, and the site without Quarto."""
import json, os, re, shutil
from pathlib import Path
from urllib.parse import urlsplit
import pytest
import torch
import torch.nn.functional as F
from addresses import OURS
from common import COURSE, LESSONS, ROOT, cells, directives, must, prose
from cspgan.training.losses import Loss, losses

CHROMIUM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
RUNTIME = Path(os.environ.get('ONNXRUNTIME_WEB', ROOT/'node_modules/onnxruntime-web'))/'dist'
PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="styles.css">{}<script src="site.js"></script>"""
NPM = Path(os.environ.get('SITE_NPM', ROOT/'node_modules'))  # npm install --no-save axe-core playwright-core bootstrap
TWELVE = ['index.html', 'play.html', 'plane.html', 'chart.html', 'glossary.html',
          *(f'{p.stem}.html' for p in (*COURSE[:6], COURSE[8]))]

def drive(page, driver, **how):
    "What the script `driver` says when it has played with the HTML of nbs/`page` on a phone, without a CDN."
    play = pytest.importorskip('playwright.sync_api').sync_playwright
    if not CHROMIUM: pytest.skip('no Chromium on the path')
    html = (ROOT/'nbs'/page).read_text(encoding='utf-8').split('```{=html}\n')[1].split('\n```')[0]
    html = PAGE.format(re.sub(r'https://cdn[^\s\']+/dist/', 'ort/', html))
    def send(route):
        name = urlsplit(route.request.url).path[1:]
        if not name: route.fulfill(body=html, content_type='text/html')
        else: route.fulfill(path=RUNTIME/name[4:] if name.startswith('ort/') else ROOT/'nbs'/name)
    with play() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=['--no-sandbox', '--disable-gpu'])
        tab = browser.new_page(viewport=dict(width=390, height=844), **how)
        tab.route('http://localhost/**', send)
        tab.goto('http://localhost/')
        return tab.evaluate('async () => {' + (ROOT/'.ci'/driver).read_text(encoding='utf-8') + '}')

@pytest.mark.skipif(not RUNTIME.exists(), reason='no onnxruntime-web: npm install --no-save, or $ONNXRUNTIME_WEB')
def test_play():
    "The page works at the width of a phone: it draws, moves, compares and switches, at under 100 ms a face."
    said = drive('play.qmd', 'play.js')
    assert not said['bad'] and said['ms'] < 100

node = pytest.mark.skipif(not shutil.which('node'), reason='no Node on the path')
LOSSES = losses | dict(minimax=Loss(losses['bce'].d, lambda real, fake: -F.softplus(fake).mean()))

def net(p, outs, x):
    w1, b1, w2, b2, w3, b3 = p.split([64, 32, 1024, 32, 32*outs, outs])
    for w, b in (w1, b1), (w2, b2): x = F.leaky_relu(x @ w.view(32, -1).T + b, .2)
    return x @ w3.view(outs, 32).T + b3

@node
def test_plane_gradients():
    "D's gradient with R1 + R2, in closed form there and by double backward here, and G's, for every loss."
    for case in json.loads(must(['node', '.ci/plane.js', 'gradients'])):
        D, G, both, z = (torch.tensor(case[k], dtype=torch.double, requires_grad=True) for k in ('D', 'G', 'both', 'z'))
        (x, y), loss = both.view(2, 64, 2), LOSSES[case['loss']]
        steep, = torch.autograd.grad(net(D, 1, both.view(128, 2)).sum(), both, create_graph=True)
        loss_d = loss.d(net(D, 1, x), net(D, 1, y)) + case['gamma']/2*steep.square().sum()/64
        loss_g = loss.g(net(D, 1, x), net(D, 1, net(G, 2, z.view(64, 2))))
        for loss, p, found in (loss_d, D, case['gradD']), (loss_g, G, case['gradG']):
            want, = torch.autograd.grad(loss, p, retain_graph=True)
            torch.testing.assert_close(torch.tensor(found, dtype=torch.double), want, rtol=1e-9, atol=1e-9)
            assert want.abs().max() > .01

@node
def test_plane_endings():
    "Each of the five situations ends as page 02 says, with three seeds."
    runs = json.loads(must(['node', '.ci/plane.js', 'endings']))
    ends = dict(converges=lambda modes, near, auc, moved: modes == 8 and near > .4 and auc < .8 and moved < .1,
                collapses=lambda modes, near, auc, moved: modes <= 5 and near > .4 and auc > .75 and moved < .1,
                slow=lambda modes, near, auc, moved: modes <= 2 and near < .1,
                wins=lambda modes, near, auc, moved: modes <= 5 and near < .5 and auc > .88,
                hops=lambda modes, near, auc, moved: modes <= 2 and auc < .6 and moved > .4)
    assert not [(name, run) for name in ends for run in runs[name] if not ends[name](**run)]

@pytest.mark.parametrize('motion', ['no-preference', 'reduce'])
def test_plane_page(motion):
    "The page moves, or waits for those who want less motion; all of it works on a phone; nothing leaves it."
    said = drive('plane.qmd', 'plane_page.js', reduced_motion=motion)
    assert not said['bad'] and (motion == 'reduce' or said['frames'] > 20)

@pytest.fixture(scope='session')
def processed(checkout):
    "The folder that Quarto would render."
    must("python -c 'import nbdev.quarto as q; q.refresh_quarto_yml(); q.proc_nbs(n_workers=1)'", checkout)
    must('python ../.ci/addresses.py', checkout/'_proc')
    return checkout/'_proc'

def test_site_processed(processed):
    "It has every figure of the notebooks that is not hidden, and links in place of the site's own addresses."
    def pictures(cells):
        found = (item for c in cells for o in c.get('outputs', ()) for item in o.get('data', {}).items())
        return [data for kind, data in found if kind.startswith('image/')]
    for p in LESSONS:
        made = processed/p.relative_to(ROOT/'nbs')
        assert pictures(cells(made)) == pictures(c for c in cells(p, 'code') if 'hide' not in directives(c))
        assert not OURS.search(prose(made))

def theme(text):
    "A theme's variables as Bootstrap's, and its rules."
    variables = re.findall(r'^\$([\w-]+: .*;)', text, re.M)
    return ':root {' + ''.join(f'--bs-{v}' for v in variables) + '}' + text.split('rules --*/')[1]

@pytest.mark.skipif(not (CHROMIUM and shutil.which('pandoc') and (NPM/'axe-core').exists()), reason='something lacks')
def test_site(processed):
    "Twelve pages in two widths, light and dark: axe finds nothing serious; none is wide, heavy, or asks other hosts."
    shutil.copy(NPM/'bootstrap/dist/css/bootstrap.min.css', processed/'bootstrap.css')
    light, dark = (theme((processed/f'{k}.scss').read_text(encoding='utf-8')) for k in ('light', 'dark'))
    (processed/'theme.css').write_text(f'{light} @media (prefers-color-scheme: dark) {{ {dark} }}', encoding='utf-8')
    must(['jupyter', 'nbconvert', '--log-level=ERROR', '--to=markdown', *processed.rglob('*.ipynb')])
    for path in [*processed.rglob('*.qmd'), *processed.rglob('*.md')]:
        text = re.sub(r'^#\|.*\n', '', path.read_text(encoding='utf-8'), flags=re.M)
        path.with_suffix('.md').write_text(text, encoding='utf-8')
        must(['pandoc', path.with_suffix('.md'), '-f', 'markdown-implicit_figures', '--mathml', '--fail-if-warnings',
              '--metadata-file=_quarto.yml', '--template=.ci/page.html', '-o', path.with_suffix('.html')])
    said = json.loads(must(['node', '.ci/axe.js', CHROMIUM, processed, *TWELVE], SITE_NPM=str(NPM)))
    assert not said['bad'] and max(said['weights'].values()) < 1.5e6
