"""Pages in a browser, where Node, Chromium, playwright and more are there: what moves, and the site without Quarto."""
import json, os, re, shutil
from pathlib import Path
import pytest, torch
import torch.nn.functional as F
from addresses import OURS
from common import COURSE, LESSONS, ROOT, cells, directives, must, prose
from cspgan.training.losses import Loss, losses

CHROMIUM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
NPM = Path(os.environ.get('SITE_NPM', ROOT/'node_modules'))
TWELVE = ['index.html', 'play.html', 'plane.html', 'chart.html', 'glossary.html',
          *(f'{p.stem}.html' for p in (*COURSE[:6], COURSE[8]))]

pytestmark = pytest.mark.skipif(not shutil.which('node'), reason='no Node on the path')
LOSSES = losses | dict(minimax=Loss(losses['bce'].d, lambda real, fake: -F.softplus(fake).mean()))

def net(p, outs, x):
    w1, b1, w2, b2, w3, b3 = p.split([64, 32, 1024, 32, 32*outs, outs])
    for w, b in (w1, b1), (w2, b2): x = F.leaky_relu(x @ w.view(32, -1).T + b, .2)
    return x @ w3.view(outs, 32).T + b3

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

def test_plane_endings():
    "Each of the five situations ends as page 02 says, with three seeds."
    runs = json.loads(must(['node', '.ci/plane.js', 'endings']))
    ends = dict(converges=lambda modes, near, auc, moved: modes == 8 and near > .4 and auc < .8 and moved < .1,
                collapses=lambda modes, near, auc, moved: modes <= 5 and near > .4 and auc > .75 and moved < .1,
                slow=lambda modes, near, auc, moved: modes <= 2 and near < .1,
                wins=lambda modes, near, auc, moved: modes <= 5 and near < .5 and auc > .88,
                hops=lambda modes, near, auc, moved: modes <= 2 and auc < .6 and moved > .4)
    assert not [(name, run) for name in ends for run in runs[name] if not ends[name](**run)]

@pytest.fixture(scope='session')
def processed(checkout):
    "The folder that Quarto would render."
    must("python -c 'import nbdev.quarto as q; q.refresh_quarto_yml(); q.proc_nbs(n_workers=1)'", checkout)
    must('python ../.ci/addresses.py', checkout/'_proc')
    return checkout/'_proc'

def test_site_processed(processed):
    "It has every figure of the notebooks that is not hidden, and links in place of the site's own addresses."
    def images(code): return [x for c in code for o in c.outputs for k, x in o.get('data', {}).items() if 'image/' in k]
    for p in LESSONS:
        made = processed/p.relative_to(ROOT/'nbs')
        assert images(cells(made, 'code')) == images(c for c in cells(p, 'code') if 'hide' not in directives(c))
        assert not OURS.search(prose(made))

def theme(text):
    "A theme's variables as Bootstrap's, and its rules."
    variables = re.findall(r'^\$([\w-]+: .*;)', text, re.M)
    return ':root {' + ''.join(f'--bs-{v}' for v in variables) + '}' + text.split('rules --*/')[1]

@pytest.fixture(scope='session')
def site(processed):
    "The folder with HTML as pandoc makes it, if all is there that looks at it."
    if not (CHROMIUM and shutil.which('pandoc') and NPM.exists()): pytest.skip('no Chromium, pandoc or $SITE_NPM')
    shutil.copy(NPM/'bootstrap/dist/css/bootstrap.min.css', processed/'bootstrap.css')
    light, dark = (theme((processed/f'{k}.scss').read_text(encoding='utf-8')) for k in ('light', 'dark'))
    (processed/'theme.css').write_text(f'{light} @media (prefers-color-scheme: dark) {{ {dark} }}', encoding='utf-8')
    must(['jupyter', 'nbconvert', '--log-level=ERROR', '--to=markdown', *processed.rglob('*.ipynb')])
    for path in [*processed.rglob('*.qmd'), *processed.rglob('*.md')]:
        text = re.sub(r'^#\|.*\n', '', path.read_text(encoding='utf-8'), flags=re.M)
        path.with_suffix('.md').write_text(text, encoding='utf-8')
        must(['pandoc', path.with_suffix('.md'), '-f', 'markdown-implicit_figures', '--mathml', '--fail-if-warnings',
              '--metadata-file=_quarto.yml', '--template=.ci/page.html', '-o', path.with_suffix('.html')])
    return processed

def look(site, *pages, **how):
    "What .ci/look.js says of pages, or the script that plays with one; whatever is wrong fails."
    said = json.loads(must(['node', '.ci/look.js', CHROMIUM, site, *pages], SITE_NPM=str(NPM), **how))
    assert not said['bad']
    return said

def test_site(site):
    "Twelve pages in two widths, light and dark: axe finds nothing serious; none is wide, heavy, or asks other hosts."
    assert max(look(site, *TWELVE)['weights'].values()) < 1.5e6

def test_play(site):
    "The page works at the width of a phone: it draws, moves, compares and switches, at under 100 ms a face."
    assert look(site, 'play.html', PLAY='play.js')['ms'] < 100

@pytest.mark.parametrize('motion', ['no-preference', 'reduce'])
def test_plane_page(site, motion):
    "The page moves, or waits for those who want less motion; all of it works on a phone; nothing leaves it."
    frames = look(site, 'plane.html', PLAY='plane_page.js', MOTION=motion)['frames']
    assert motion == 'reduce' or frames > 20
