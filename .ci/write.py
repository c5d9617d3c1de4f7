"""What `python .ci/check.py --write` writes: whatever follows from settings.ini, index.ipynb, titles and imports.

`outputs()` returns the files as they should be; a check compares them with the files as they are.
"""
import ast, json, re
import api
from addresses import absolute, relative
from common import ENGINE, INDEX, LESSONS, MODULES, PAGES, ROOT, TEXTS, cells, directives, module, settings, source, title

BADGE = re.compile(r'^\[!\[Open in .*\n?', re.M)
DOORS = (('Colab', 'https://colab.research.google.com/assets/colab-badge.svg', 'https://colab.research.google.com/github'),
         ('Kaggle', 'https://kaggle.com/static/images/open-in-kaggle.svg',
          'https://www.kaggle.com/kernels/welcome?src=https://github.com'))

def address():
    "(user, repository, branch) as settings.ini has them."
    return tuple(settings()[k] for k in ('user', 'repo', 'branch'))

def address_before(texts):
    "(user, repository, branch) as the badges had them when they were last written."
    found = re.search(r'colab\.research\.google\.com/github/([^/]+)/([^/]+)/blob/([^)]+?)/nbs/', '\n'.join(texts.values()))
    return found.groups() if found else address()

def moved(text, before, now):
    "`text` with every address of this repository and its site as settings.ini has it now."
    (user, repo, branch), (old_user, old_repo, old_branch) = now, map(re.escape, before)
    end = r'(?![\w-])'
    text = re.sub(rf'(github(?:\.com)?/){old_user}/{old_repo}/(blob|tree|raw)/{old_branch}{end}', rf'\1{user}/{repo}/\2/{branch}', text)
    text = re.sub(rf'(github(?:\.com)?/){old_user}/{old_repo}{end}', rf'\1{user}/{repo}', text)
    return re.sub(rf'{old_user}\.github\.io/{old_repo}{end}', f'{user}.github.io/{repo}', text)

def badges(path):
    "The links that open a notebook in Colab and in Kaggle, and the file itself."
    user, repo, branch = address()
    name = path.relative_to(ROOT).as_posix()
    doors = [f'[![Open in {door}]({picture})]({url}/{user}/{repo}/blob/{branch}/{name})' for door, picture, url in DOORS]
    return '\n'.join([*doors, f'[Notebook file](https://github.com/{user}/{repo}/raw/{branch}/{name})'])

def setup_cell():
    "The hidden cell that installs this repository on Colab and Kaggle, where the library is not there yet, and says what it runs on."
    user, repo, branch = address()
    return f"""#| hide
import importlib.util, os, subprocess, sys
if {{'COLAB_RELEASE_TAG', 'KAGGLE_KERNEL_RUN_TYPE'}} & os.environ.keys():
    package = 'cspgan @ git+https://github.com/{user}/{repo}@{branch}'
    pip = [sys.executable, '-m', 'pip', 'install', '-q', package]
    if not importlib.util.find_spec('cspgan') and subprocess.run(pip, capture_output=True).returncode:
        raise RuntimeError('cspgan could not be installed from GitHub. On Kaggle switch on Settings > Internet, which wants '
                           'an account with a verified phone number, and run this cell again.')
    from cspgan.training.device import find_device
    print('device:', find_device())"""

def is_setup(cell): return cell['cell_type'] == 'code' and source(cell).startswith('#| hide\nimport importlib.util, os, subprocess')

def notebook(path, text):
    "A lesson: title and description, badges, set-up cell, and then the rest as it is."
    nb = json.loads(text)
    old = nb['cells']
    first = next(i for i,c in enumerate(old) if c['cell_type'] == 'markdown')
    setup = next((c for c in old if is_setup(c)), dict(cell_type='code', execution_count=None, id='setup', metadata={}, outputs=[]))
    old[first]['source'] = BADGE.sub('', source(old[first])).rstrip()
    head = [old[first], dict(cell_type='markdown', id='badges', metadata={}, source=badges(path)), {**setup, 'source': setup_cell()}]
    rest = [c for c in old[first+1:] if c['id'] != 'badges' and not is_setup(c)]
    return dump(addressed({**nb, 'cells': [*old[:first], *head, *rest]}, path))

def addressed(nb, path):
    "A notebook whose links and pictures work in a copy, too: see addresses.py. A widget needs its kernel, so only its picture is kept."
    for c in nb['cells']:
        if c['cell_type'] == 'markdown': c['source'] = absolute(source(c), path.parent)
        for o in c.get('outputs', ()): o.get('data', {}).pop('application/vnd.jupyter.widget-view+json', None)
    return nb

def dump(nb):
    "A notebook as nbdev_clean writes it."
    for c in nb['cells']: c['source'] = source(c).splitlines(keepends=True)
    return json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + '\n'

def index(text):
    "index.ipynb, with the version and the address in its BibTeX block."
    nb = json.loads(text)
    for c in nb['cells']: c['source'] = re.sub(r'```bibtex\n.*?```', lambda _: f'```bibtex\n{bibtex()}\n```', source(c), flags=re.S)
    return dump(addressed(nb, INDEX))

def bibtex():
    "How to cite the repository."
    s = settings()
    return f"""@software{{cspgan,
  author = {{{{{s['author']}}}}},
  title = {{{s['title']}: {s['description']}}},
  version = {{{s['version']}}},
  year = {{{s['copyright'].split(',')[0]}}},
  url = {{{s['git_url']}}}
}}"""

def citation():
    "CITATION.cff"
    s = settings()
    return f"""# Written by `python .ci/check.py --write` from settings.ini.
cff-version: 1.2.0
message: Please cite this repository, by its address and version, for the code and the measurements.
type: software
title: {json.dumps(f"{s['title']}: {s['description']}")}
version: {json.dumps(s['version'])}
license: Apache-2.0
authors:
  - name: {json.dumps(s['author'])}
repository-code: {json.dumps(s['git_url'])}
url: {json.dumps(s['doc_host'] + s['doc_baseurl'])}
keywords: {json.dumps(s['keywords'].split())}
"""

def kaggle(text):
    "The description of the notebook that `kaggle kernels push` sends."
    said, repo = json.loads(text), settings()['repo']
    path = next(p for p in LESSONS if any(source(c).startswith('#| default_exp training.run\n') for c in cells(p, 'code')))
    said.update(id=f'YOUR_NAME/{repo}-training', title=f'{repo} training', code_file=f'../{path.relative_to(ROOT).as_posix()}')
    return json.dumps(said, indent=2) + '\n'

def _linked(index_text):
    "The text of index.ipynb, with the files of the pages that it links."
    return relative('\n'.join(source(c) for c in json.loads(index_text)['cells']), INDEX.parent)

def course_table(index_text):
    "(title, file) of the course pages, in the order in which index.ipynb lists them."
    text = _linked(index_text)
    return re.findall(r'^\| \[([^]]*)\]\((\S+?\.ipynb)\)', text, re.M)

def sidebar(index_text):
    "The site's list of pages: the course as in index's table, the engine room by number, the other pages as index links them."
    text = _linked(index_text)
    there = {p.relative_to(ROOT/'nbs').as_posix(): p for p in PAGES}
    course = [(name, file) for name, file in course_table(index_text) if file in there]
    engine = [(f'{p.stem[:2]} {title(p)}', f'engine/{p.name}') for p in ENGINE]
    more = [(title(there[file]), file) for file in dict.fromkeys([*re.findall(r'\]\(([\w-]+\.qmd)\)', text), 'api.qmd']) if file in there]
    entry = lambda name, file, indent: f'{indent}- href: {file}\n{indent}  text: {json.dumps(name, ensure_ascii=False)}\n'
    out = ('# Written by `python .ci/check.py --write`: the course from the table in index.ipynb, the engine room from its titles.\n'
           'website:\n  sidebar:\n    style: floating\n    collapse-level: 1\n    contents:\n')
    out += entry(title(INDEX), 'index.ipynb', ' '*6)
    for section, pages in ('The course', course), ('More', more), ('The engine room', engine):
        out += f'      - section: {section}\n        contents:\n' + ''.join(entry(*page, ' '*10) for page in pages)
    return out

def readme(index_text):
    "README.md as index.ipynb says it, hidden cells left out."
    out = []
    for c in json.loads(index_text)['cells']:
        if c['cell_type'] == 'markdown': out.append(source(c))
        elif not {'hide', 'echo: false'} & set(directives(c)): out.append(f'```python\n{source(c)}\n```')
    return '\n\n'.join(out) + '\n'

def imports(path):
    "The modules of the library that a module imports, anywhere in it."
    here, found = ('cspgan', *module(path).split('.')), set()
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom):
            base = '.'.join([*(here[:-node.level] if node.level else ()), *filter(None, [node.module])])
            found |= {base, *(f'{base}.{a.name}' for a in node.names)}
        elif isinstance(node, ast.Import): found |= {a.name for a in node.names}
    return {module(p) for p in MODULES if f'cspgan.{module(p)}' in found}

def diagram():
    "The folders as rooms with their modules, and which uses which, as Mermaid draws it. An arrow that follows from two others is left out."
    rooms, uses = {}, {}
    for p in MODULES:
        rooms.setdefault(room(module(p)), []).append(p.stem)
        uses.setdefault(room(module(p)), set()).update(room(m) for m in imports(p))
    for name, used in uses.items(): used.discard(name)
    def reach(name): return {m for n in uses[name] for m in {n} | reach(n)}
    arrows = [(a, b) for a in uses for b in sorted(uses[a]) if not any(b in reach(c) for c in uses[a] - {b})]
    boxes = [f'  {name}["<b>{name}</b><br>{"<br>".join(modules)}"]' for name, modules in rooms.items()]
    return '\n'.join(['flowchart TD', *boxes, *(f'  {a} --> {b}' for a, b in arrows)])

def room(name):
    "The folder of a module, `use` for those at the top."
    return name.split('.')[0] if '.' in name else 'use'

def outputs():
    "Every file that is written, with its text: {path: text}."
    texts = {p: p.read_text(encoding='utf-8') for p in TEXTS if p != ROOT/'settings.ini' and '.ci' not in p.parts}
    before, now, s = address_before(texts), address(), settings()
    out = {p: moved(text, before, now) for p, text in texts.items()}
    for p in LESSONS: out[p] = notebook(p, out[p])
    out[INDEX] = index(out[INDEX])
    for p in out:
        if p.parent.name == 'workflows': out[p] = re.sub(r'branches: \[.*\]', f'branches: [{s["branch"]}]', out[p])
    for name, f in {'nbs/sidebar.yml': sidebar, 'README.md': readme}.items(): out[ROOT/name] = f(out[INDEX])
    out[ROOT/'nbs/api.qmd'] = api.page()
    out[ROOT/'_quarto.yml'] = re.sub(r'\[Version [^]]*\]', f'[Version {s["version"]}]', out[ROOT/'_quarto.yml'])
    out[ROOT/'CITATION.cff'] = citation()
    out[ROOT/'kaggle/kernel-metadata.json'] = kaggle(out[ROOT/'kaggle/kernel-metadata.json'])
    out[ROOT/'CONTRIBUTING.md'] = re.sub(r'```mermaid\n.*?```', lambda _: f'```mermaid\n{diagram()}\n```', out[ROOT/'CONTRIBUTING.md'], flags=re.S)
    lines = {k: s[k] for k in ('branch', 'doc_baseurl', 'doc_host', 'git_url')}
    out[ROOT/'cspgan/_modidx.py'] = re.sub(rf"'({'|'.join(lines)})': '[^']*'", lambda m: f"'{m[1]}': '{lines[m[1]]}'", out[ROOT/'cspgan/_modidx.py'])
    return out

def stale():
    "The files that are not as they should be, with the text they should have."
    return {p: text for p, text in outputs().items() if not p.exists() or p.read_text(encoding='utf-8') != text}
