"""Addresses of pages and pictures are whole in the notebooks, so that a copy on Kaggle or Drive shows them, and become links on the site.

Quarto runs this file before it renders, in the folder of what it renders.
"""
import os, re
from functools import cache
from pathlib import Path
from execnb.nbio import read_nb, write_nb
from common import LINK, ROOT, settings

def bases():
    "(address of the site, of the pictures and files in nbs, of any other file)."
    s = settings()
    return f'{s["doc_host"]}{s["doc_baseurl"]}/', f'{s["git_url"]}/raw/{s["branch"]}/nbs/', f'{s["git_url"]}/blob/{s["branch"]}/'

def page_name(source):
    "The name of the page that the site makes of a file in nbs: nbdev drops the number."
    source = Path(source)
    return source.with_name(re.sub(r'^\d+[a-zA-Z0-9]*_', '', source.stem.lower()) + '.html').as_posix()

@cache
def _sources(nbs): return {page_name(p.relative_to(nbs)): p for p in nbs.rglob('*.*') if p.suffix in ('.ipynb', '.qmd')}

def relative(text, folder, nbs=ROOT/'nbs'):
    "`text` of a page in `folder`, its addresses of the site's own pages and pictures as links to their files in `nbs`."
    site, raw, _ = bases()
    def one(link):
        file, hash, name = link[0].partition('#')
        if file.startswith(site): target = _sources(nbs).get(file[len(site):] or 'index.html')
        else: target = nbs/file[len(raw):] if file.startswith(raw) and not file.endswith('.ipynb') else None
        return f'{os.path.relpath(target, folder)}{hash}{name}'.replace(os.sep, '/') if target else link[0]
    return LINK.sub(one, text)

if __name__ == '__main__':
    nbs = Path().resolve()
    for path in nbs.rglob('*.ipynb'):
        nb = read_nb(path)
        for c in nb.cells:
            if c.cell_type != 'code': c.source = relative(c.source, path.parent, nbs)
            for data in (o.data for o in c.get('outputs', ()) if 'text/html' in o.get('data', {})):  # beside HTML Quarto loads require.js
                html = re.sub(r'(<td>-?\d{4,})\.0(?=</td>)', r'\1', ''.join(data.pop('text/html')))  # a count is no fraction
                data['text/markdown'] = f'`````{{=html}}\n{html.strip()}\n`````'
        write_nb(nb, path)
