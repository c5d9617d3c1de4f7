"""The site as far as it can be seen without Quarto: pandoc makes pages of what nbdev leaves, and axe looks at them in Chromium.
`python .ci/test_site.py FOLDER` makes all pages, to look at."""
import base64, json, os, re, shutil, sys
from functools import cache
from pathlib import Path
import pytest
from addresses import page_name
from common import COURSE, PAGES, ROOT, copy_checkout, directives, must, source
from test_play import CHROMIUM

NPM = Path(os.environ.get('SITE_NPM', ROOT/'node_modules'))  # npm install --no-save axe-core playwright-core bootstrap
TWELVE = ['index.html', 'play.html', 'plane.html', 'chart.html', 'glossary.html', *(f'{p.stem[3:]}.html' for p in (*COURSE[:6], COURSE[8]))]
PROC = 'from pathlib import Path; import nbdev.quarto as q; from nbdev.serve import proc_nbs; q.refresh_quarto_yml(); proc_nbs(Path("nbs"), n_workers=1)'

def output(o, alt, stem, n, folder):
    "A saved output as Markdown; a picture becomes a file."
    data = {k: ''.join(v) for k, v in o.get('data', {'text/plain': o.get('text', '')}).items()}
    for kind in data:
        if not kind.startswith('image/'): continue
        (folder/(name := f'{stem}-{n}.{kind[6:]}')).write_bytes(base64.b64decode(data[kind]))
        return f'<figure class="cell-output-display"><img src="{name}" alt="{alt}"></figure>'
    if 'text/markdown' in data: return data['text/markdown']
    return f'```{{=html}}\n{data["text/html"]}\n```' if 'text/html' in data else f'<div class="cell-output">\n\n```\n{data["text/plain"]}\n```\n\n</div>'

def markdown(path):
    "A notebook that nbdev has processed, as Quarto would read it: folds, alternative texts, outputs."
    parts, n = [], 0
    for c in json.loads(path.read_text(encoding='utf-8'))['cells']:
        said = dict(re.match(r'([\w-]+): *"?(.*?)"?$', d).groups() for d in directives(c) if ': ' in d)
        if c['cell_type'] != 'code': parts.append(source(c)); continue
        code = '```python\n' + re.sub(r'^#\|.*\n?', '', source(c), flags=re.M).strip() + '\n```'
        if 'code-fold' in said: code = f'<details class="code-fold"><summary>{said.get("code-summary", "Code")}</summary>\n\n{code}\n\n</details>'
        outs = [output(o, said.get('fig-alt', ''), path.stem, n := n + 1, path.parent) for o in c['outputs']]
        parts.append('\n\n'.join(['<div class="cell">', *[code]*(said.get('echo') != 'false'), *outs, said.get('fig-cap', ''), '</div>']))
    return '\n\n'.join(parts)

def theme(name):
    "A theme's variables as Bootstrap's, and its rules."
    text = (ROOT/f'nbs/{name}.scss').read_text(encoding='utf-8')
    return ':root {' + ''.join(f'--bs-{k}: {v};' for k, v in re.findall(r'^\$([\w-]+): (.*);', text, re.M)) + '}' + text.split('rules --*/')[1]

def build(folder):
    "All pages of the site in `folder`/_proc."
    copy_checkout(folder)
    must([sys.executable, '-c', PROC], cwd=folder)
    proc = folder/'_proc'
    must([sys.executable, folder/'.ci/addresses.py'], cwd=proc)
    shutil.copy(NPM/'bootstrap/dist/css/bootstrap.min.css', proc/'bootstrap.css')
    (proc/'theme.css').write_text(f'{theme("light")} @media (prefers-color-scheme: dark) {{ {theme("dark")} }}', encoding='utf-8')
    entries = [re.findall(r'href: (\S+)\n +text: "?(.*?)"?$', (ROOT/name).read_text(encoding='utf-8'), re.M) for name in ('_quarto.yml', 'nbs/sidebar.yml')]
    bar, pages = ([dict(href=page_name(f), text=t) for f, t in found if re.search(r'\.(?:qmd|ipynb)$', f)] for found in entries)
    for path in [p for p in proc.rglob('*') if p.suffix in ('.ipynb', '.qmd')]:
        text = re.sub(r'(?<=[("])([\w./-]+)\.(?:ipynb|qmd)(?=[)#"])', lambda m: page_name(m[0]), markdown(path) if path.suffix == '.ipynb' else path.read_text(encoding='utf-8'))
        meta = json.dumps(dict(bar=bar, pages=pages, root='../'*(len(path.relative_to(proc).parts) - 1)))
        (path.with_suffix('.md')).write_text(text, encoding='utf-8')
        (proc/'meta.json').write_text(meta, encoding='utf-8')
        said = must(['pandoc', path.with_suffix('.md'), '--metadata-file', proc/'meta.json', '-s', '-f', 'markdown-implicit_figures', '--mathml', '--template', ROOT/'.ci/page.html',
                     '-o', path.parent/page_name(path.name)])
        assert not said, f'{path.name}: {said}'  # maths that cannot be shown, an element without its end
    return proc

if __name__ == '__main__': print(build(Path(sys.argv[1])))
