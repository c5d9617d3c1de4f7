"""The checks that only read files. Each returns the list of problems that it found; its docstring says what it wants."""
import ast, io, json, os, re, sys, tempfile, tokenize
from contextlib import redirect_stdout
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from unittest import mock
import addresses, write
from common import (COURSE, ENGINE, FILES, INDEX, LESSONS, LINK, MODULES, NOTEBOOKS, PAGES, ROOT, anchor, cells, copy_checkout, directives, module, must,
                    prose, short)

DATA = {'.jpg', '.jpeg', '.npy', '.npz', '.pt', '.zip', '.tar'}
WEIGHTS = {'.safetensors': 8, '.onnx': 5}  # MB of a generator that comes along: good faces need some, and a visitor of Play waits for the second
PICTURES = {'.png', '.webp', '.gif'}
SHOWN = {'image/png', 'image/jpeg', 'image/svg+xml'}  # a film goes into HTML, as <img src="data:image/webp;base64,...">
MACHINE = re.compile(r'(?<![\w.:])/(?:work|root|tmp|home|Users)/[\w./-]*')
UGLY = re.compile(r'skip_exec: true|"output_type": "error"|np\.(?:float|int)\d+\([-\d]|\w object at 0x\w+|\d%\|')
SECRET = re.compile(r'gh[pousr]_\w{36}|github_pat_\w{22}|hf_[A-Za-z]{34}|AKIA[0-9A-Z]{16}|PRIVATE KEY-{5}|wandb_v1_\w{20}|'
                    r'(?i:key|token|secret|password|login)\W{1,6}(?:[0-9a-f]{40}|[0-9a-f]{32})\b')  # the last: W&B's, Kaggle's
OPTIONAL = {'wandb', 'ipywidgets', 'kagglehub', 'onnx', 'onnxscript', 'onnxruntime', 'torch_fidelity'}

# Limits, and what was over them when they were set: these may not grow. Take an entry out once it is within the limit.
WORDS, LINES = 2000, 250
ROOMS = 'data', 'models', 'metrics', 'training', 'use', 'experiments'  # from the bottom up
CELLS_TODAY = {('33_config', 'config'): 60, ('42_run', 'train-run'): 44}

@cache
def anchors(path):
    "The names that Pandoc gives to the headings of a page, and with it the site."
    text = re.sub(r'^```.*?^```', '', prose(path), flags=re.M|re.S)
    return {anchor(h) for h in re.findall(r'^#+ (.*)', text, re.M)}

def sources():
    "No data, large files, secrets or paths of somebody's machine; no notebook is skipped or shows an error, an address or a progress bar."
    bad = []
    for p in FILES:
        if p.suffix in DATA: bad.append(f'{short(p)}: data do not belong here')
        limit = WEIGHTS.get(p.suffix, 1)
        if p.stat().st_size > limit*1e6: bad.append(f'{short(p)}: {p.stat().st_size/1e6:.1f} MB, over {limit} MB')
        if p.suffix in {*DATA, *WEIGHTS, *PICTURES}: continue
        text = re.sub(r'"image/\w+": "[^"]*"', '', p.read_text(encoding='utf-8'))
        bad += [f'{short(p)}: {m[0]}' for m in (MACHINE.search(text), SECRET.search(text)) if m]
        if p in NOTEBOOKS: bad += [f'{short(p)}: {m[0]}' for m in UGLY.finditer(text)]
    return bad

def written():
    "All that `--write` writes is as it would write it: badges, set-up cells, addresses, sidebar, API page, README, citation, diagram."
    return [f'{short(p)}: run python .ci/check.py --write' for p in write.stale()]

def pages():
    "Lessons have a number of their own, a first Markdown cell of title and description alone, badges, one set-up cell, no cell for nbdev to skip."
    numbers = [p.stem[:2] for p in LESSONS]
    bad = [f'{short(p)}: another notebook has this number' for p in LESSONS if numbers.count(p.stem[:2]) > 1]
    bad += [f'{short(p)}: no two-digit number' for p in LESSONS if not re.match(r'\d\d_', p.name)]
    bad += [f'{short(p)}: from 20 on in the engine room, below in the course' for p in LESSONS if (p in ENGINE) != (p.name >= '20')]
    for p in NOTEBOOKS:
        md = list(cells(p, 'markdown'))
        if not re.fullmatch(r'# [^\n]+\n\n> [^\n]+', md[0]['source'].strip()):
            bad.append(f'{short(p)}: the first Markdown cell holds more or less than "# title" and "> description"')
        if p == INDEX: continue
        if write.BADGE.search(prose(p).replace(md[1]['source'], '')): bad.append(f'{short(p)}: badges outside of their cell')
        if sum(map(write.is_setup, cells(p, 'code'))) != 1: bad.append(f'{short(p)}: not one set-up cell')
        bad += [f'{short(p)}: {c["id"]}: Run All runs it: write a switch into its first line' for c in cells(p, 'code')
                if {'eval: false', 'gpu'} & set(directives(c))]
        bad += [f'{short(p)}: {c["id"]}: a course page asserts plainly, without fastcore' for c in cells(p, 'code') if p in COURSE and 'fastcore' in c['source']]
        bad += [f'{short(p)}: hide the cell with default_exp' for c in cells(p, 'code')
                if c['source'].startswith('#| default_exp') and 'hide' not in directives(c)]
    return bad

def links():
    "Links lead to files, and to headings in them."
    user, repo, branch = write.address()
    ours = re.compile(rf'(?:.*github(?:\.com)?/{re.escape(user)}/{re.escape(repo)}/(?:blob|tree|raw)/({re.escape(branch)})/)?([^#]*)#?(.*)')
    bad = []
    for p in (*ROOT.glob('*.md'), *PAGES):
        for url in LINK.findall(addresses.relative(prose(p), p.parent)):
            here, file, anchor = ours.fullmatch(url).groups()
            if not here and re.match(r'\w+:', url) and not url.startswith(addresses.bases()[0]): continue
            target = (ROOT if here else p.parent)/file if file else p
            if not target.exists(): bad.append(f'{short(p)}: leads nowhere: {url}')
            elif anchor and anchor not in anchors(target.resolve()): bad.append(f'{short(p)}: no such heading: {url}')
    return bad

def site():
    "Every page is in the sidebar once, under the words of index's table; the site is smaller than 15 MB without the generators of Play."
    listed = re.findall(r'href: (\S+)', (ROOT/'nbs/sidebar.yml').read_text(encoding='utf-8'))
    names = [p.relative_to(ROOT/'nbs').as_posix() for p in PAGES if p.stem != '404']
    bad = [f'{n}: {names.count(n)} in nbs, {listed.count(n)} in sidebar.yml: is it in index.ipynb, and has --write been run?'
           for n in sorted({*names, *listed}) if not names.count(n) == listed.count(n) == 1]
    table = [file for _, file in write.course_table(INDEX.read_text(encoding='utf-8'))]
    if table != sorted(table): bad.append(f"index's table is not in the order of the numbers: {table}")
    bad += [f"index's table says {name!r} for {file}" for name, file in write.course_table(INDEX.read_text(encoding='utf-8'))
            if name[:2] != file[:2]]
    size = sum(p.stat().st_size for p in FILES if p.is_relative_to(ROOT/'nbs') and p.suffix != '.onnx')/1e6
    return bad + ([f'nbs has {size:.1f} MB, over 15 MB'] if size > 15 else [])

def figures():
    "Every picture that a cell shows is told in words, in its `#| fig-alt`, and every one in the text, in its brackets."
    bad = []
    for p in PAGES:
        bad += [f'{short(p)}: {image} says too little' for image in re.findall(r'!\[.{0,9}\]\(\S+', prose(p))]
        for c in cells(p, 'code') if p in NOTEBOOKS else ():
            shows = {kind for o in c['outputs'] for kind in o.get('data', ()) if kind.startswith('image/')}
            bad += [f'{short(p)}: {c["id"]} shows {kind}, which Quarto and old Jupyter do not' for kind in shows - SHOWN]
            alt = ''.join(d.removeprefix('fig-alt:') for d in directives(c) if d.startswith('fig-alt:'))
            if shows and len(alt.strip(' "')) < 20: bad.append(f'{short(p)}: {c["id"]} has no fig-alt of 20 letters or more')
    return bad

def kaggle():
    "What `kaggle kernels push -p kaggle` needs is said, with the types that Kaggle documents, and its notebook is there."
    path = ROOT/'kaggle/kernel-metadata.json'
    said = json.loads(path.read_text(encoding='utf-8'))
    types = dict(id=str, title=str, code_file=str, language=str, kernel_type=str, is_private=bool, enable_gpu=bool,
                 enable_internet=bool, machine_shape=str, dataset_sources=list, competition_sources=list,
                 kernel_sources=list, model_sources=list)
    bad = [f'{k}: {said.get(k)!r}' for k in sorted(types.keys() | said.keys()) if type(said.get(k)) is not types.get(k)]
    if bad: return bad
    if said['id'].split('/')[-1] != said['title'].lower().replace(' ', '-'): bad.append('the id is not that of the title')
    if (path.parent/said['code_file']).resolve() not in NOTEBOOKS: bad.append(f'no notebook: {said["code_file"]}')
    if (said['language'], said['kernel_type']) != ('python', 'notebook'): bad.append('not a Python notebook')
    return bad + [f'no data set: {d}' for d in said['dataset_sources'] if not re.fullmatch(r'[\w-]+/[\w-]+', d)]

def imports():
    "Modules import each other without a cycle, and from folders below their own; none imports nbdev or fastcore, or at its top what is optional."
    uses = {module(p): write.imports(p) for p in MODULES}
    bad = [f'{a} imports {b}, an arrow upwards' for a in uses for b in uses[a] if ROOMS.index(write.room(a)) < ROOMS.index(write.room(b))]
    try: TopologicalSorter(uses).prepare()
    except CycleError as e: bad.append('a cycle: ' + ' imports '.join(reversed(e.args[1])))
    for p in MODULES:
        tree = ast.parse(p.read_text(encoding='utf-8'))
        tops = {id(n) for n in tree.body}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import): names = {a.name.split('.')[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level: names = {node.module.split('.')[0]}
            else: continue
            never = {'nbdev', 'execnb', 'fastcore'} | (OPTIONAL if id(node) in tops else set())
            bad += [f'{short(p)}:{node.lineno}: imports {n}' for n in sorted(names & never)]
    return bad

def words(path):
    "The number of words of a page's Markdown, without code, formulas, addresses of links, and badges."
    text = re.sub(r'```.*?```|\$[^$]*\$|\]\([^)]*\)', ' ', write.BADGE.sub('', prose(path)), flags=re.S)
    return sum(bool(re.search(r'[^\W_]', w)) for w in text.split())

def lengths():
    "A module has at most 250 lines, gan.py 150; a course page 2,000 words and cells of 30 lines, an engine page cells of 40."
    bad = []
    def at_most(limit, n, what): bad.extend([f'{what}: {n}, over {limit}'] if n > limit else [])
    for p in MODULES:
        limit = 150 if p.stem == 'gan' else LINES
        at_most(limit, len(p.read_text(encoding='utf-8').splitlines()), f'lines of {short(p)}')
    for p in COURSE: at_most(WORDS, words(p), f'words of {short(p)}')
    for p in LESSONS:
        for c in cells(p, 'code'):
            lines = sum(not line.startswith('#|') for line in c['source'].strip().splitlines())
            at_most(CELLS_TODAY.get((p.stem, c['id']), 40 if p in ENGINE else 30), lines, f'lines of cell {c["id"]} in {short(p)}')
    return bad

def docments():
    "A public function says in its docstring what it does, and explains each parameter in a comment on its line."
    bad = []
    for p in MODULES:
        text = p.read_text(encoding='utf-8')
        commented = {t.start[0] for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT}
        tree = ast.parse(text)
        classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith('_')]
        functions = [(n.name, n) for n in tree.body if isinstance(n, ast.FunctionDef)]
        functions += [(f'{c.name}.{n.name}', n) for c in classes for n in c.body if isinstance(n, ast.FunctionDef)]
        for name, f in functions:
            if name.startswith('_') or re.search(r'\._(?!_init__)', name): continue
            a = f.args
            args = [x for x in (*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg) if x and x.arg not in ('self', 'cls', '_')]
            lines = [x.end_lineno for x in args]
            bad += [f'{short(p)}:{x.lineno}: {name}: {x.arg} is not explained' for x in args
                    if x.end_lineno not in commented or lines.count(x.end_lineno) > 1]
            if not ast.get_docstring(f) and f.name != '__init__' and len(f.body) > 1: bad.append(f'{short(p)}:{f.lineno}: {name} has no docstring')
    return bad

def workflows():
    "Every action is pinned by its commit; every workflow states its permissions; docs and tests run on the branch of settings.ini."
    bad = []
    for p in sorted((ROOT/'.github/workflows').glob('*.yml')):
        text = p.read_text(encoding='utf-8')
        bad += [f'{short(p)}: not pinned by a commit: {a}' for a in re.findall(r'uses: *(\S+)', text) if not re.search(r'@[0-9a-f]{40}$', a)]
        if not re.search(r'^permissions:\n  contents: read$', text, re.M): bad.append(f'{short(p)}: permissions: contents: read is missing')
    return bad

def setup_cell():
    "The set-up cell installs the repository on Colab and Kaggle if the library is not there, and nothing anywhere else."
    user, repo, branch = write.address()
    pip = [sys.executable, '-m', 'pip', 'install', '-q', f'cspgan @ git+https://github.com/{user}/{repo}@{branch}']
    bad = []
    for env in {'COLAB_RELEASE_TAG': 'x'}, {'KAGGLE_KERNEL_RUN_TYPE': 'Interactive'}, {}:
        for installed in False, True:
            calls = []
            def run(cmd, **kw): calls.append(cmd); return mock.Mock(returncode=0)
            with mock.patch.dict(os.environ, env, clear=True), \
                 mock.patch('importlib.util.find_spec', lambda name: installed or None), \
                 mock.patch.dict(sys.modules, {'cspgan': mock.MagicMock(), 'cspgan.training.device': mock.MagicMock()}), \
                 mock.patch('subprocess.run', run), redirect_stdout(io.StringIO()): exec(write.setup_cell(), {})
            if calls != ([pip] if env and not installed else []): bad.append(f'{env}, {installed=}: {calls}')
    return bad

def renamed():
    "settings.ini alone names user, repository and branch: changed there, `--write` leaves no trace of the old ones."
    with tempfile.TemporaryDirectory() as d:
        copy = Path(d)/'copy'
        copy_checkout(copy)
        ini, bad = (copy/'settings.ini').read_text(encoding='utf-8'), []
        old = write.address()
        for now in ('user-one', 'repo-one', 'branch-one'), ('user-two', 'repo-two', 'branch-two'):
            lines = dict(zip(('user', 'repo', 'branch'), now))
            (copy/'settings.ini').write_text(re.sub(r'^(user|repo|branch) = .*$', lambda m: f'{m[1]} = {lines[m[1]]}', ini, flags=re.M),
                                             encoding='utf-8')
            must([sys.executable, '.ci/check.py', '--write'], cwd=copy)
            must([sys.executable, '.ci/check.py', 'written', 'setup_cell'], cwd=copy)
            trace = [re.escape(f'{old[0]}/{old[1]}') + r'(?![\w-])', rf'{re.escape(old[0])}\.github\.io'] if old[0] != 'user-one' else ['(?:user|repo|branch)-one']
            for p in copy.rglob('*'):
                if p.suffix in {*PICTURES, *WEIGHTS} or not p.is_file() or '.ci' in p.parts: continue
                found = re.search('|'.join(trace), p.read_text(encoding='utf-8'))
                if found: bad.append(f'{p.relative_to(copy)} still says {found[0]} after a change to {"/".join(now)}')
            old = now
    return bad
