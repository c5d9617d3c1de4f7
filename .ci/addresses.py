"""Addresses of pages and pictures: whole in the notebooks, for copies on Kaggle or Drive; links on the site.

Quarto runs this file before it renders, in the folder of what it renders.
"""
import os, re
from pathlib import Path
from execnb.nbio import read_nb, write_nb
from common import SETTINGS

SITE = f'{SETTINGS.doc_host}{SETTINGS.doc_baseurl}/'
RAW = f'{SETTINGS.git_url}/raw/{SETTINGS.branch}/nbs/'  # pictures and other files in nbs; notebooks to take along
OURS = re.compile(rf'(?:(?<=\]\()|(?<=(?:src|set|ref)="))(?:{SITE}|{RAW}(?![^)\s"]*\.ipynb))([^)\s"#]*)')

if __name__ == '__main__':
    for path in Path().rglob('*.ipynb'):
        def link(m): return os.path.relpath(m[1] or 'index.html', path.parent)
        nb = read_nb(path)
        for c in nb.cells:
            if c.cell_type != 'code': c.source = OURS.sub(link, c.source)
            for o in c.get('outputs', ()):
                html = ''.join(o.get('data', {}).pop('text/html', ''))  # beside HTML Quarto loads require.js
                html = re.sub(r'(<td>-?\d{4,})\.0(?=</td>)', r'\1', html).strip()  # a count is no fraction
                if html: o.data['text/markdown'] = f'`````{{=html}}\n{html}\n`````'
        write_nb(nb, path)
