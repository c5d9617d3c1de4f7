"""The site as far as it can be seen without Quarto: what nbdev leaves, and pages that pandoc makes of it."""
import json, os, re, shutil
from pathlib import Path
import pytest
from addresses import OURS
from common import COURSE, LESSONS, ROOT, cells, directives, must, prose
from test_play import CHROMIUM

NPM = Path(os.environ.get('SITE_NPM', ROOT/'node_modules'))  # npm install --no-save axe-core playwright-core bootstrap
TWELVE = ['index.html', 'play.html', 'plane.html', 'chart.html', 'glossary.html',
          *(f'{p.stem}.html' for p in (*COURSE[:6], COURSE[8]))]

@pytest.fixture(scope='session')
def processed(checkout):
    "The folder that Quarto would render."
    must("python -c 'import nbdev.quarto as q; q.refresh_quarto_yml(); q.proc_nbs(n_workers=1)'", checkout)
    must('python ../.ci/addresses.py', checkout/'_proc')
    return checkout/'_proc'

def test_processed(processed):
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
