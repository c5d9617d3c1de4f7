"""Addresses of pages and pictures: whole in the notebooks, for copies on Kaggle or Drive; links on the site.

Quarto runs this file before it renders, in the folder of what it renders.
"""
import os, re
from pathlib import Path
from execnb.nbio import read_nb, write_nb
from common import SETTINGS

SITE = f'{SETTINGS.doc_host}{SETTINGS.doc_baseurl}/'
RAW = f'{SETTINGS.git_url}/raw/{SETTINGS.branch}/nbs/'  # pictures and other files in nbs; notebooks to take along
OURS = re.compile(rf'(?:(?<=\]\()|(?<=(?:src|ref)="))(?:{SITE}|{RAW}(?![^)\s"]*\.ipynb))([^)\s"#]*)')

def relative(text, folder, top):
    "`text` of a page in `folder` of the site `top`, its addresses of the site's own pages and pictures as links."
    return OURS.sub(lambda m: Path(os.path.relpath(top/(m[1] or 'index.html'), folder)).as_posix(), text)

if __name__ == '__main__':
    top = Path().resolve()
    for path in top.rglob('*.ipynb'):
        nb = read_nb(path)
        for c in nb.cells:
            if c.cell_type != 'code': c.source = relative(c.source, path.parent, top)
            for o in c.get('outputs', ()):
                html = ''.join(o.get('data', {}).pop('text/html', ''))  # beside HTML Quarto loads require.js
                html = re.sub(r'(<td>-?\d{4,})\.0(?=</td>)', r'\1', html).strip()  # a count is no fraction
                if html: o.data['text/markdown'] = f'`````{{=html}}\n{html}\n`````'
        write_nb(nb, path)
