"""The site as far as it can be seen without Quarto: what nbdev leaves; pages that pandoc makes of it, looked at by axe in Chromium."""
import json, os, re, shutil, sys
from html import escape
from pathlib import Path
import pytest
from addresses import bases, page_name
from common import COURSE, LESSONS, LINK, ROOT, cells, copy_checkout, directives, must
from test_play import CHROMIUM

NPM = Path(os.environ.get('SITE_NPM', ROOT/'node_modules'))  # npm install --no-save axe-core playwright-core bootstrap
TWELVE = ['index.html', 'play.html', 'plane.html', 'chart.html', 'glossary.html', *(page_name(p.name) for p in (*COURSE[:6], COURSE[8]))]

@pytest.fixture(scope='session')
def processed(tmp_path_factory):
    "The folder that Quarto would render."
    top = copy_checkout(tmp_path_factory.mktemp('site'))
    must([sys.executable, '-c', 'import nbdev.quarto as q; q.refresh_quarto_yml(); q.proc_nbs("nbs", n_workers=1)'], cwd=top)
    must([sys.executable, top/'.ci/addresses.py'], cwd=top/'_proc')
    return top/'_proc'

def test_processed(processed):
    "It has every figure of the notebooks that is not hidden, and its own pictures and pages in place of their addresses."
    def pictures(cells): return [v for c in cells for o in c.get('outputs', ()) for k, v in o.get('data', {}).items() if 'image/' in k]
    for p in LESSONS:
        made = cells(processed/p.relative_to(ROOT/'nbs'))
        assert pictures(made) == pictures(c for c in cells(p, 'code') if 'hide' not in directives(c))
        links = LINK.findall('\n'.join(c.source for c in made if c.cell_type == 'markdown'))
        assert not [url for url in links if url.startswith(bases()[:2]) and not url.endswith('.ipynb')]

def markdown(path):
    "A notebook as Quarto would read it: folds, alternative texts, outputs."
    for c in cells(path):
        if c.cell_type != 'code':
            yield c.source
            continue
        said = dict(re.match(r'([\w-]+): *"?(.*?)"?$', d).groups() for d in directives(c) if ': ' in d)
        code = '```python\n' + re.sub(r'^#\|.*\n?', '', c.source, flags=re.M).strip() + '\n```'
        yield f'<details><summary>{said["code-summary"]}</summary>\n\n{code}\n\n</details>' if 'code-fold' in said else code
        for o in c.outputs:
            data = {k: ''.join(v) for k, v in o.get('data', {'text/plain': o.get('text', '')}).items()}
            images = [f'![{said.get("fig-alt")}](data:{k};base64,{data[k].strip()})' for k in data if k.startswith('image/')]
            plain = f'<div class="cell-output"><pre>{escape(data.get("text/plain", ""))}</pre></div>'
            yield images[0] if images else data.get('text/markdown') or plain
        yield said.get('fig-cap', '')

def theme(text):
    "A theme's variables as Bootstrap's, and its rules."
    variables = re.findall(r'^\$([\w-]+: .*;)', text, re.M)
    return ':root {' + ''.join(f'--bs-{v}' for v in variables) + '}' + text.split('rules --*/')[1]

@pytest.mark.skipif(not (CHROMIUM and shutil.which('pandoc') and (NPM/'axe-core').exists()), reason='no Chromium, pandoc or axe-core')
def test_site(processed):
    "Twelve pages at two widths, light and dark: axe finds nothing serious, none is wider than the screen or 1.5 MB, none asks other hosts."
    shutil.copy(NPM/'bootstrap/dist/css/bootstrap.min.css', processed/'bootstrap.css')
    light, dark = (theme((processed/f'{k}.scss').read_text(encoding='utf-8')) for k in ('light', 'dark'))
    (processed/'theme.css').write_text(f'{light} @media (prefers-color-scheme: dark) {{ {dark} }}', encoding='utf-8')
    lists = {name: re.findall(r'href: (\S+\.\w+)\n +text: "?(.*?)"?$', (ROOT/file).read_text(encoding='utf-8'), re.M)
             for name, file in (('bar', '_quarto.yml'), ('pages', 'nbs/sidebar.yml'))}
    meta = {name: [dict(href=page_name(file), text=text) for file, text in found] for name, found in lists.items()}
    for path in [p for p in processed.rglob('*') if p.suffix in ('.ipynb', '.qmd')]:
        text = '\n\n'.join(markdown(path)) if path.suffix == '.ipynb' else path.read_text(encoding='utf-8')
        text = re.sub(r'(?<=[("])[\w./-]+\.(?:ipynb|qmd)(?=[)#"])', lambda m: page_name(m[0]), text)
        path.with_suffix('.md').write_text(text, encoding='utf-8')
        meta['root'] = os.path.relpath(processed, path.parent) + '/'
        (processed/'meta.json').write_text(json.dumps(meta), encoding='utf-8')
        said = must(['pandoc', path.with_suffix('.md'), '-s', '-f', 'markdown-implicit_figures', '--mathml', '--extract-media', 'media',
                     '--metadata-file', processed/'meta.json', '--template', ROOT/'.ci/page.html', '-o', page_name(path.name)], path.parent)
        assert not said  # a warning: maths that cannot be shown, an element without its end
    said = json.loads(must(['node', '.ci/axe.js', CHROMIUM, processed, *TWELVE], SITE_NPM=str(NPM)))
    assert not said['bad'] and max(said['weights'].values()) < 1.5e6
