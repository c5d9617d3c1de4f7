"""Addresses of pages and pictures: absolute in the notebooks, so that a copy on Kaggle or Drive shows them, relative on the site. And what else Quarto needs.

`python .ci/write.py` makes them absolute; Quarto runs this file before it renders, in the folder of what it renders.
"""
import json, os, re
from functools import cache
from pathlib import Path
from common import LINK, ROOT, settings

def bases():
    "(address of the site, of the pictures and files in nbs, of any other file)."
    s = settings()
    return f'{s["doc_host"]}{s["doc_baseurl"]}/', f'{s["git_url"]}/raw/{s["branch"]}/nbs/', f'{s["git_url"]}/blob/{s["branch"]}/'

def page_name(source):
    "The name of the page that the site makes of a file in nbs: nbdev drops the number."
    source = Path(source)
    return source.with_name(re.sub(r'^\d+[a-zA-Z0-9]*_', '', source.stem.lower()) + '.html').as_posix()

def absolute(text, folder, nbs=ROOT/'nbs'):
    "`text` of a notebook in `folder`, its links to files of the repository as addresses."
    site, raw, blob = bases()
    def one(link):
        file, hash, name = link[0].partition('#')
        target = (folder/file).resolve()
        if re.match(r'\w+:', file) or not file or not target.exists(): return link[0]
        if not target.is_relative_to(nbs): return f'{blob}{target.relative_to(nbs.parent).as_posix()}{hash}{name}'
        inside = target.relative_to(nbs)
        if inside.suffix in ('.ipynb', '.qmd'): return f'{site}{page_name(inside)}{hash}{name}'
        return f'{raw}{inside.as_posix()}{hash}{name}'
    return LINK.sub(one, text)

@cache
def _sources(nbs): return {page_name(p.relative_to(nbs)): p for p in sorted(nbs.rglob('*.*')) if p.suffix in ('.ipynb', '.qmd')}

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
        nb = json.loads(before := path.read_text(encoding='utf-8'))
        for c in nb['cells']:
            if c['cell_type'] != 'code': c['source'] = relative(''.join(c['source']), path.parent, nbs)
            for data in (o['data'] for o in c.get('outputs', ()) if 'text/html' in o.get('data', {})):  # beside HTML Quarto would load require.js
                html = re.sub(r'(<td>-?\d{4,})\.0(?=</td>)', r'\1', ''.join(data.pop('text/html')))  # a count is no fraction
                data['text/markdown'] = f'`````{{=html}}\n{html.strip()}\n`````'
        if (after := json.dumps(nb, ensure_ascii=False)) != before: path.write_text(after, encoding='utf-8')
