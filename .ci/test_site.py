"""The site as far as it can be seen without Quarto: pandoc makes pages of what nbdev leaves, axe looks at them in Chromium. Skipped without these."""
import json, os, re, shutil, sys
from html import escape
from pathlib import Path
import pytest
from addresses import page_name
from common import COURSE, ROOT, copy_checkout, directives, must, source
from test_play import CHROMIUM

NPM = Path(os.environ.get('SITE_NPM', ROOT/'node_modules'))  # npm install --no-save axe-core playwright-core bootstrap
TWELVE = ['index.html', 'play.html', 'plane.html', 'chart.html', 'glossary.html', *(page_name(p.name) for p in (*COURSE[:6], COURSE[8]))]

def markdown(path):
    "A notebook as nbdev has left it, as Quarto would read it: folds, alternative texts, outputs."
    for c in json.loads(path.read_text(encoding='utf-8'))['cells']:
        said = dict(re.match(r'([\w-]+): *"?(.*?)"?$', d).groups() for d in directives(c) if ': ' in d)
        code = '```python\n' + re.sub(r'^#\|.*\n?', '', source(c), flags=re.M).strip() + '\n```'
        if 'code-fold' in said: code = f'<details><summary>{said["code-summary"]}</summary>\n\n{code}\n\n</details>'
        yield (code if c['cell_type'] == 'code' else source(c))
        for o in c.get('outputs', ()):
            data = {k: ''.join(v) for k, v in o.get('data', {'text/plain': o.get('text', '')}).items()}
            images = [f'![{said.get("fig-alt")}](data:{k};base64,{data[k].strip()})' for k in data if k.startswith('image/')]
            yield (images[0] if images else data.get('text/markdown') or f'<div class="cell-output"><pre>{escape(data["text/plain"])}</pre></div>')
        yield said.get('fig-cap', '')

def theme(text):
    "A theme's variables as Bootstrap's, and its rules."
    return ':root {' + ''.join(f'--bs-{k}: {v};' for k, v in re.findall(r'^\$([\w-]+): (.*);', text, re.M)) + '}' + text.split('rules --*/')[1]

def build(folder):
    "The pages of the site, in `folder`/_proc."
    copy_checkout(folder)
    must([sys.executable, '-c', 'import nbdev.quarto as q; q.refresh_quarto_yml(); q.proc_nbs("nbs", n_workers=1)'], cwd=folder)
    must([sys.executable, folder/'.ci/addresses.py'], cwd=(proc := folder/'_proc'))
    shutil.copy(NPM/'bootstrap/dist/css/bootstrap.min.css', proc/'bootstrap.css')
    (proc/'theme.css').write_text('{} @media (prefers-color-scheme: dark) {{ {} }}'.format(*(theme((proc/f'{k}.scss').read_text()) for k in ('light', 'dark'))), encoding='utf-8')
    lists = {k: re.findall(r'href: (\S+\.\w+)\n +text: "?(.*?)"?$', (ROOT/k).read_text(encoding='utf-8'), re.M) for k in ('_quarto.yml', 'nbs/sidebar.yml')}
    meta = dict(zip(('bar', 'pages'), [[dict(href=page_name(f), text=t) for f, t in found] for found in lists.values()]))
    for path in [p for p in proc.rglob('*') if p.suffix in ('.ipynb', '.qmd')]:
        text = '\n\n'.join(markdown(path)) if path.suffix == '.ipynb' else path.read_text(encoding='utf-8')
        path.with_suffix('.md').write_text(re.sub(r'(?<=[("])[\w./-]+\.(?:ipynb|qmd)(?=[)#"])', lambda m: page_name(m[0]), text), encoding='utf-8')
        (proc/'meta.json').write_text(json.dumps(meta | dict(root='../'*(len(path.relative_to(proc).parts) - 1))), encoding='utf-8')
        assert not must(['pandoc', path.with_suffix('.md'), '--metadata-file', proc/'meta.json', '-s', '-f', 'markdown-implicit_figures', '--mathml', '--extract-media',
                         'media', '--template', ROOT/'.ci/page.html', '-o', path.parent/page_name(path.name)], cwd=path.parent)  # a warning: maths that cannot be shown, an element without its end
    return proc

@pytest.mark.skipif(not (CHROMIUM and shutil.which('pandoc') and (NPM/'axe-core').exists()), reason='no Chromium, pandoc or axe-core')
def test_site(tmp_path):
    "Twelve pages at two widths, light and dark: axe finds nothing serious, none is wider than the screen or 1.5 MB, no request leaves the site."
    said = json.loads(must(['node', '.ci/axe.js', CHROMIUM, build(tmp_path), *TWELVE], SITE_NPM=str(NPM)))
    assert not said['bad'] and max(said['weights'].values()) < 1.5e6
