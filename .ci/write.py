"""`python .ci/write.py` writes what follows from settings.ini, the notebooks and the docments of the library."""
import inspect, json, re
from importlib import import_module
from textwrap import indent
from execnb.nbio import nb2str, read_nb
from nbdev.showdoc import BasicMarkdownRenderer
from common import INDEX, LESSONS, ROOT, SETTINGS, cells, directives, short, title

HEAD = '---\ntitle: {}\ndescription: {}\ntoc-depth: 2\n# Written by `python .ci/write.py`\n---'

def notebook(path):
    "A page with badges and set-up cell as in the first lesson, and its folds as folds in Colab and Jupyter, too."
    nb, (badges, setup) = read_nb(path), (c.source for c in cells(LESSONS[0]) if c.id in ('badges', 'setup'))
    if not any('pyplot as plt' in c.source for c in nb.cells): setup = setup.split('\nimport matplotlib')[0]
    nb.metadata.pop('widgets', None)  # their state needs a kernel, as their view does
    for c in nb.cells:
        if c.id == 'badges': c.source = badges.replace(short(LESSONS[0]), short(path))
        if c.id == 'setup': c.source = setup
        for o in c.get('outputs', ()): o.get('data', {}).pop('application/vnd.jupyter.widget-view+json', None)
        if 'code-fold: true' not in (said := directives(c)): continue
        c.metadata |= dict(cellView='form', jupyter=dict(source_hidden=True))
        if 'export' in said:  # nbdev would export a line with a colon, too; Quarto reads the metadata as well
            c.metadata |= {k: json.loads(v) for k, v in (d.split(': ', 1) for d in said if d.startswith('code-'))}
            c.source = re.sub(r'^#\| code-.*\n', '', c.source, flags=re.M)
    return nb2str(nb)

def readme():
    "README.md as index.ipynb says it, hidden cells left out."
    shown = [c for c in cells(INDEX) if not {'hide', 'echo: false'} & {*directives(c)}]
    return '\n\n'.join(c.source if c.cell_type == 'markdown' else f'```python\n{c.source}\n```' for c in shown) + '\n'

def api():
    "{path: text}: the list of modules, and for each folder its public names, as nbdev's own renderer shows them."
    pages = dict(api=[HEAD.format('API', 'The modules of the library, their public names, and the page of each')])
    for p in LESSONS:
        for name in (d.split()[1] for c in cells(p, 'code') for d in directives(c) if d.startswith('default_exp ')):
            module, anchor = import_module(f'cspgan.{name}'), name.replace('.', '-')
            room = name.split('.')[0] if '.' in name else 'use'
            things = {k: x for k in module.__all__ if inspect.isroutine(x := getattr(module, k)) or inspect.isclass(x)}
            said = f'{module.__doc__} Page [{p.stem[:2]} {title(p)}]({p.relative_to(ROOT/"nbs").as_posix()}).\n\n'
            pages['api'].append(f'**[{name}](api_{room}.qmd#{anchor})**: {said}' + ' '.join(f'`{k}`' for k in things))
            shown = [BasicMarkdownRenderer(x)._repr_markdown_().removeprefix('---\n\n') for x in things.values()]
            shown = re.sub(r'<(?:function|class) \'?([\w.]+)\'?(?: at 0x\w+)?>', r'\1', '\n\n'.join(shown))
            head = HEAD.format(f'API, {room}', 'Public names, their parameters, and the page that defines them')
            pages.setdefault(f'api_{room}', [head]).append(f'## {name} {{#{anchor}}}\n\n{said}{shown}')
    return {ROOT/f'nbs/{file}.qmd': '\n\n'.join(parts) + '\n' for file, parts in pages.items()}

def outputs():
    "Every file that is written, with its text: {path: text}."
    out = api() | {p: notebook(p) for p in (INDEX, *LESSONS)} | {ROOT/'README.md': readme()}
    out[ROOT/'cspgan/plane.js'] = (ROOT/'nbs/plane.js').read_text(encoding='utf-8')
    script = indent(f'<script>\n{(ROOT/"nbs/site.js").read_text(encoding="utf-8")}</script>', ' '*10).strip()
    for p in ROOT/'_quarto.yml', ROOT/'CITATION.cff':
        text = p.read_text(encoding='utf-8')
        text = re.sub(r'(?<=version: ")[^"]*|(?<=\[Version )[^]]*', SETTINGS.version, text)
        out[p] = re.sub('<script>\n.*</script>', lambda _: script, text, flags=re.S)
    return out

if __name__ == '__main__':
    for p, text in outputs().items():
        if not p.exists() or p.read_text(encoding='utf-8') != text:
            p.write_text(text, encoding='utf-8', newline='\n')
            print('wrote', short(p))
