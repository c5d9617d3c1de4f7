"""`python .ci/write.py` writes what follows from settings.ini, index.ipynb, titles, imports and docments; a check compares."""
import ast, inspect, json, re, sys
from importlib import import_module
from textwrap import indent
from addresses import absolute, bases, page_name, relative
from common import COURSE, ENGINE, FILES, INDEX, LESSONS, MODULES, PAGES, ROOT, cells, directives, module, prose, settings, short, source, title

BADGE = re.compile(r'^\[!\[Open in .*\n?', re.M)
DOORS = (('Colab', 'colab.svg', 'https://colab.research.google.com/github'),
         ('Kaggle', 'kaggle.svg', 'https://www.kaggle.com/kernels/welcome?src=https://github.com'))
SETUP = """#| hide
import importlib.util, os, subprocess, sys
if {'COLAB_RELEASE_TAG', 'KAGGLE_KERNEL_RUN_TYPE'} & os.environ.keys():
    package = 'cspgan @ git+https://github.com/USER/REPO@BRANCH'
    pip = [sys.executable, '-m', 'pip', 'install', '-q', package]
    if not importlib.util.find_spec('cspgan') and subprocess.run(pip, capture_output=True).returncode:
        raise RuntimeError('cspgan could not be installed from GitHub. On Kaggle switch on Settings > Internet, which wants '
                           'an account with a verified phone number, and run this cell again.')
    from cspgan.training.device import find_device
    print('device:', find_device())
import matplotlib.pyplot, matplotlib_inline.backend_inline
matplotlib.pyplot.style.use('cspgan.course')
matplotlib_inline.backend_inline.set_matplotlib_formats('retina')"""  # first what Colab and Kaggle need, then what pages that draw need
def address():
    "(user, repository, branch) as settings.ini has them."
    return tuple(settings()[k] for k in ('user', 'repo', 'branch'))

def moved(text, before, now):
    "`text` with every address of this repository and its site as settings.ini has it now."
    (user, repo, branch), (old_user, old_repo, old_branch), end = now, map(re.escape, before), r'(?![\w-])'
    text = re.sub(rf'(github(?:\.com)?/){old_user}/{old_repo}/(blob|tree|raw)/{old_branch}{end}', rf'\1{user}/{repo}/\2/{branch}', text)
    text = re.sub(rf'(github(?:\.com)?/){old_user}/{old_repo}{end}', rf'\1{user}/{repo}', text)
    return re.sub(rf'{old_user}\.github\.io/{old_repo}{end}', f'{user}.github.io/{repo}', text)

def is_setup(cell): return cell['cell_type'] == 'code' and source(cell).startswith('#| hide\nimport importlib.util, os, subprocess')

def named(cell):
    "The text of a cell, its fold with a name."
    text, fold, code = source(cell), '#| code-fold: true\n', re.sub(r'^#\|.*\n', '', source(cell), flags=re.M)
    name = 'Imports' if re.match('import |from ', code) else 'How it is drawn' if 'fig-alt:' in text else 'What stands behind it'
    return text if 'code-summary:' in text else text.replace(fold, f'{fold}#| code-summary: "{name}"\n')

def notebook(path, text):
    "A page whose links work in a copy, too; a lesson with badges and set-up cell behind its title."
    nb, (user, repo, branch) = json.loads(text), address()
    if path != INDEX:
        doors = [f'[![Open in {door}]({bases()[1]}{picture})]({url}/{user}/{repo}/blob/{branch}/{short(path)})' for door, picture, url in DOORS]
        badges = '\n'.join([*doors, f'[Notebook file](https://github.com/{user}/{repo}/raw/{branch}/{short(path)})'])
        old, head = nb['cells'], next(i for i, c in enumerate(nb['cells']) if c['cell_type'] == 'markdown') + 1
        setup = next((c for c in old if is_setup(c)), dict(cell_type='code', execution_count=None, id='setup', metadata={}, outputs=[]))
        setup['source'] = (SETUP if 'pyplot as plt' in text else SETUP.split('\nimport matplotlib')[0]).replace('USER', user).replace('REPO', repo).replace('BRANCH', branch)
        nb['cells'] = [*old[:head], dict(cell_type='markdown', id='badges', metadata={}, source=badges), setup,
                       *(c for c in old[head:] if c['id'] != 'badges' and not is_setup(c))]
    nb['metadata'].pop('widgets', None)  # their state needs a kernel, as their view does
    for c in nb['cells']:
        text = named(c) if c['cell_type'] == 'code' else absolute(source(c), path.parent)
        c['source'] = text.splitlines(keepends=True)
        for o in c.get('outputs', ()): o.get('data', {}).pop('application/vnd.jupyter.widget-view+json', None)  # it needs its kernel
        if 'code-fold: true' in directives(c): c['metadata'] = dict(cellView='form', jupyter=dict(source_hidden=True))  # in Colab and Jupyter, too
    return json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + '\n'

def imports(path):
    "The modules of the library that a module imports, anywhere in it."
    here, found = ('cspgan', *module(path).split('.')), set()
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom):
            base = '.'.join([*(here[:-node.level] if node.level else ()), *filter(None, [node.module])])
            found |= {base, *(f'{base}.{a.name}' for a in node.names)}
        elif isinstance(node, ast.Import): found |= {a.name for a in node.names}
    return {module(p) for p in MODULES if f'cspgan.{module(p)}' in found}

def room(name):
    "The folder of a module, `use` for those at the top."
    return name.split('.')[0] if '.' in name else 'use'

def diagram():
    "The folders as rooms with their modules, and which uses which, as Mermaid draws it. An arrow that follows from two others is left out."
    rooms, uses = {}, {}
    for p in MODULES:
        rooms.setdefault(room(module(p)), []).append(p.stem)
        uses.setdefault(room(module(p)), set()).update({room(m) for m in imports(p)} - {room(module(p))})
    def reach(name): return {m for n in uses[name] for m in {n} | reach(n)}
    arrows = [(a, b) for a in uses for b in sorted(uses[a]) if not any(b in reach(c) for c in uses[a] - {b})]
    boxes = [f'  {name}["<b>{name}</b><br>{"<br>".join(modules)}"]' for name, modules in rooms.items()]
    return '\n'.join(['flowchart TD', *boxes, *(f'  {a} --> {b}' for a, b in arrows)])

def sidebar(index_text):
    "The site's list of pages: the course as in index's table, the engine room by number, the other pages as index links them."
    text = relative('\n'.join(source(c) for c in json.loads(index_text)['cells']), INDEX.parent)
    there = {p.relative_to(ROOT/'nbs').as_posix(): p for p in PAGES}
    course = re.findall(r'^\|.*?\[([^]]*)\]\((\S+?\.ipynb)\)', text, re.M)
    more = [(title(there[f]), f) for f in dict.fromkeys([*re.findall(r'\]\(([\w-]+\.qmd)\)', text), 'api.qmd'])]
    engine = [(f'{p.stem[:2]} {title(p)}', f'engine/{p.name}') for p in ENGINE]
    entry = lambda name, file, indent: f'{indent}- href: {file}\n{indent}  text: {json.dumps(name, ensure_ascii=False)}\n'
    out = ('# Written by `python .ci/write.py`: the course from the table in index.ipynb, the engine room from its titles.\n'
           'website:\n  sidebar:\n    style: floating\n    collapse-level: 1\n    contents:\n') + entry(title(INDEX), 'index.ipynb', ' '*6)
    parts = [(f'API, {k}', f'api_{k}.qmd') for k in sorted({room(module(p)) for p in MODULES})]
    for section, pages in ('The course', course), ('More', more), ('The engine room', engine), ('The library', parts):
        out += f'      - section: {section}\n        contents:\n' + ''.join(entry(*page, ' '*10) for page in pages)
    return out

def readme(index_text):
    "README.md as index.ipynb says it, hidden cells left out."
    out = [source(c) if c['cell_type'] == 'markdown' else f'```python\n{source(c)}\n```' for c in json.loads(index_text)['cells']
           if not {'hide', 'echo: false'} & set(directives(c))]
    return '\n\n'.join(out) + '\n'

def api():
    "{path: text}: a page of the API for each folder, its public names as nbdev's own renderer shows them, and one that lists the modules."
    from nbdev.showdoc import BasicMarkdownRenderer
    sys.path.insert(0, str(ROOT))
    head = '---\ntitle: {}\ndescription: {}\ntoc-depth: 2\n# Written by `python .ci/write.py`\n---'
    pages = {'api': [head.format('API', 'The modules of the library, their public names, and the page that defines them')]}
    for p in LESSONS:
        name = next((d.split()[1] for c in cells(p, 'code') for d in directives(c) if d.startswith('default_exp ')), None)
        if not name: continue
        found, file, lesson = import_module(f'cspgan.{name}'), f'api_{room(name)}', f'[{p.stem[:2]} {title(p)}]({p.relative_to(ROOT/"nbs").as_posix()})'
        page = [head.format(f'API, {room(name)}', 'Public names, their parameters, and the page that defines them')]
        things = [k for k in found.__all__ if inspect.isroutine(getattr(found, k)) or inspect.isclass(getattr(found, k))]
        pages['api'].append(f'**[{name}]({file}.qmd#{name.replace(".", "-")})**: {found.__doc__} Page {lesson}.\n\n' + ' '.join(f'`{k}`' for k in things))
        shown = '\n\n'.join(BasicMarkdownRenderer(getattr(found, k))._repr_markdown_().removeprefix('---\n\n') for k in things)
        pages.setdefault(file, page).append(f'## {name} {{#{name.replace(".", "-")}}}\n\n{found.__doc__} Page {lesson}.\n\n' + re.sub(r'<(?:function|class) \'?([\w.]+)\'?(?: at 0x\w+)?>', r'\1', shown))
    return {ROOT/f'nbs/{file}.qmd': '\n\n'.join(parts) + '\n' for file, parts in pages.items()}

def outputs():
    "Every file that is written, with its text: {path: text}."
    texts = {p: p.read_text(encoding='utf-8') for p in FILES if p.suffix in {'.md', '.ipynb', '.qmd', '.yml', '.json', '.cff', '.py'} and '.ci' not in p.parts}
    badge, s = re.search(r'google\.com/github/([^/]+)/([^/]+)/blob/([^)]+?)/nbs/', texts[LESSONS[0]]), settings()
    out = {p: moved(text, badge.groups() if badge else address(), address()) for p, text in texts.items()}
    for p in (INDEX, *LESSONS): out[p] = notebook(p, out[p])
    times = {page_name(p.name): re.search(r'\d+ minutes', prose(p))[0] for p in COURSE}  # of each lesson, as its page says it
    out[INDEX] = re.sub(r'/(\w+\.html)\) \| \d+ minutes', lambda m: f'/{m[1]}) | {times[m[1]]}', out[INDEX])
    for p in out:
        if p.parent.name == 'workflows': out[p] = re.sub(r'branches: \[.*\]', f'branches: [{s["branch"]}]', out[p])
    for name, f in {'nbs/sidebar.yml': sidebar, 'README.md': readme}.items(): out[ROOT/name] = f(out[INDEX])
    out |= api()
    out[ROOT/'cspgan/plane.js'] = (ROOT/'nbs/plane.js').read_text(encoding='utf-8')  # what a page shows where only the library is
    for name in 'CITATION.cff', '_quarto.yml': out[ROOT/name] = re.sub(r'(?<=version: ")[^"]*|(?<=\[Version )[^]]*', s['version'], out[ROOT/name])
    script = indent(f'<script>\n{(ROOT/"nbs/site.js").read_text(encoding="utf-8")}</script>', ' '*10).strip()
    out[ROOT/'_quarto.yml'] = re.sub('<script>\n.*</script>', lambda _: script, out[ROOT/'_quarto.yml'], flags=re.S)
    lines = {k: s[k] for k in ('branch', 'doc_baseurl', 'doc_host', 'git_url')}
    out[ROOT/'cspgan/_modidx.py'] = re.sub(rf"'({'|'.join(lines)})': '[^']*'", lambda m: f"'{m[1]}': '{lines[m[1]]}'", out[ROOT/'cspgan/_modidx.py'])
    picture = f'```mermaid\n{diagram()}\n```'
    out[ROOT/'CONTRIBUTING.md'] = re.sub(r'```mermaid\n.*?```', lambda _: picture, out[ROOT/'CONTRIBUTING.md'], flags=re.S)
    return out

def stale():
    "The files that are not as they should be, with the text they should have."
    return {p: text for p, text in outputs().items() if not p.exists() or p.read_text(encoding='utf-8') != text}

if __name__ == '__main__':
    for p, text in stale().items():
        p.write_text(text, encoding='utf-8', newline='\n')
        print('wrote', short(p))
