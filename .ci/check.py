"""The checks of the project. Standard library only; the tools that it calls come from `.venv`, then from the path.

python .ci/check.py               all of them, in a fresh copy of the checkout: .ci/run makes one
python .ci/check.py readme links  only these
python .ci/check.py --write       write README.md from nbs/index.ipynb
"""
import importlib.util, json, os, posixpath, re, shutil, subprocess, sys, tempfile, time, zipfile
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from functools import cache, partial
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT/'nbs').glob('*.ipynb'))
PAGES = [*NOTEBOOKS, *sorted((ROOT/'nbs').glob('*.qmd'))]
SKIP = {'.git', '.venv', '.ipynb_checkpoints', '__pycache__', '_docs', '_proc', 'build', 'dist', 'runs', 'wandb'}
FILES = [p for p in ROOT.rglob('*') if p.is_file() and not SKIP & set(p.relative_to(ROOT).parts)]
DATA = {'.jpg', '.jpeg', '.npy', '.npz', '.pt', '.zip', '.tar'}
WEIGHTS = {'.safetensors', '.onnx'}  # of the generator that comes along
MACHINE = re.compile(r'(?<![\w.:])/(?:work|root|tmp|home|Users)/[\w./-]*')
SECRET = re.compile(r'gh[pousr]_\w{36}|github_pat_\w{22}|hf_[A-Za-z]{34}|AKIA[0-9A-Z]{16}|PRIVATE KEY-{5}|wandb_v1_\w{20}|'
                    r'(?i:key|token|secret|password|login)\W{1,6}(?:[0-9a-f]{40}|[0-9a-f]{32})\b')  # the last: W&B's, Kaggle's
BRANCH = 'main'
ONE = dict(OMP_NUM_THREADS='1')  # thread each for notebooks that run at the same time
DOORS = 'https://colab.research.google.com/github', 'https://www.kaggle.com/kernels/welcome?src=https://github.com'
LINK = re.compile(r'(?<=\]\()[^)\s]+|(?<=src=")[^"]+|(?<=href=")[^"]+')

NEVER = 'skip_exec: true', '"output_type": "error"'  # in a notebook

def settings():
    ini = ConfigParser(delimiters='=')
    ini.read(ROOT/'settings.ini', encoding='utf-8')
    return ini['DEFAULT']

def sh(cmd, cwd=ROOT, **env):
    "Run `cmd`, a list or a line of shell, with the tools of `.venv` first; returns (exit status, all it printed)."
    env = {**os.environ, 'PATH': f'{ROOT}/.venv/bin:{os.environ["PATH"]}', **env}
    r = subprocess.run(cmd, shell=isinstance(cmd, str), cwd=cwd, env=env, text=True, encoding='utf-8',
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return r.returncode, r.stdout

def must(cmd, **kw):
    "What `cmd` printed; raises with the end of it if it fails."
    status, out = sh(cmd, **kw)
    if status: raise RuntimeError(f'{cmd} ended with status {status}\n{out[-3000:]}')
    return out

def cells(path, kind=None):
    "The cells of a notebook, each with its source as one string."
    for c in json.loads(path.read_text(encoding='utf-8'))['cells']:
        if kind in (None, c['cell_type']): yield {**c, 'source': ''.join(c['source'])}

def directives(cell): return re.findall(r'^#\| *(.*)', cell['source'], re.M)

def prose(path):
    "The text of a notebook or a file, as Markdown."
    if path.suffix != '.ipynb': return path.read_text(encoding='utf-8')
    return '\n\n'.join(c['source'] for c in cells(path, 'markdown'))

@cache
def anchors(path):
    "The names that Pandoc gives to the headings of a page, and with it the site."
    text = re.sub(r'^```.*?^```', '', prose(path), flags=re.M|re.S)
    plain = [re.sub(r'[^\w. -]', '', h.strip().lower()).replace(' ', '-') for h in re.findall(r'^#+ (.*)', text, re.M)]
    return {re.sub(r'^[\W\d_]+', '', h) for h in plain}

# Each check returns the list of problems that it found.

def sources():
    "No data, large files, secrets or paths of somebody's machine; no notebook that is skipped or shows an error."
    bad = []
    for p in FILES:
        if p.suffix in DATA: bad.append(f'{p}: data do not belong here')
        limit = 2 if p.suffix in WEIGHTS else 1
        if p.stat().st_size > limit*1e6: bad.append(f'{p}: {p.stat().st_size/1e6:.1f} MB, over {limit} MB')
        if p.suffix in {*DATA, *WEIGHTS, '.png'}: continue
        text = re.sub(r'"image/\w+": "[^"]*"', '', p.read_text(encoding='utf-8'))
        bad += [f'{p}: {m[0]}' for m in (MACHINE.search(text), SECRET.search(text)) if m]
        if p in NOTEBOOKS: bad += [f'{p}: {never}' for never in NEVER if never in text]
    return bad

def links():
    "Links lead to files, and to headings in them; the badges of a notebook open this very notebook on the main branch."
    bad = []
    for p in (ROOT/'README.md', ROOT/'CONTRIBUTING.md', ROOT/'SECURITY.md', *PAGES):
        text = prose(p)
        for url in LINK.findall(text):
            branch, file, anchor = re.fullmatch(r'(?:.*/cspgan/cspgan/blob/(\w+)/)?([^#]*)#?(.*)', url).groups()
            if not branch and '://' in url: continue
            target = (ROOT if branch else p.parent)/file if file else p
            if branch not in (None, BRANCH) or not target.exists(): bad.append(f'{p}: leads nowhere: {url}')
            elif anchor and anchor not in anchors(target): bad.append(f'{p}: no such heading: {url}')
        if p in NOTEBOOKS and p.stem != 'index':
            badges = [f'{door}/cspgan/cspgan/blob/{BRANCH}/nbs/{p.name}' for door in DOORS]
            bad += [f'{p}: no badge for {badge}' for badge in badges if f']({badge})' not in text]
    return bad

def site():
    "Every page is in the sidebar once, the notebooks in the order of index's table; the site is smaller than 15 MB."
    pages = re.findall(r'^ *- (\S+\.(?:ipynb|qmd))$', (ROOT/'nbs/sidebar.yml').read_text(encoding='utf-8'), re.M)
    names = [p.name for p in PAGES]
    bad = [f'{n}: {names.count(n)} in nbs, {pages.count(n)} in sidebar.yml' for n in sorted({*names, *pages})
           if not names.count(n) == pages.count(n) == 1]
    table = re.findall(r'^\| \[[^]]*\]\((\S+?)\)', prose(ROOT/'nbs/index.ipynb'), re.M)
    course = [n for n in pages if re.match(r'\d\d_', n)]
    if course != table: bad.append(f"the sidebar's order {course} is not that of index's table {table}")
    bad += [f'{p}: hide the cell with default_exp, all others are shown' for p in NOTEBOOKS for c in cells(p, 'code')
            if c['source'].startswith('#| default_exp') and 'hide' not in directives(c)]
    size = sum(p.stat().st_size for p in FILES if p.parent.name == 'nbs')/1e6
    return bad + ([f'nbs has {size:.1f} MB, over 15 MB'] if size > 15 else [])

def figures():
    "Every picture that a cell shows is told in words, in its `#| fig-alt`, and every one in the text, in its brackets."
    bad = []
    for p in PAGES:
        bad += [f'{p}: {image} says too little' for image in re.findall(r'!\[.{0,9}\]\(\S+', prose(p))]
        for c in cells(p, 'code') if p in NOTEBOOKS else ():
            shows = any(kind.startswith('image/') for o in c['outputs'] for kind in o.get('data', ()))
            alt = ''.join(d.removeprefix('fig-alt:') for d in directives(c) if d.startswith('fig-alt:'))
            if shows and len(alt.strip(' "')) < 20: bad.append(f'{p}: {c["id"]} has no fig-alt of 20 letters or more')
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

def to_markdown():
    "README.md as nbs/index.ipynb says it: hidden cells left out, links relative to the top of the repository."
    out = []
    for c in cells(ROOT/'nbs/index.ipynb'):
        if c['cell_type'] == 'markdown': out.append(LINK.sub(_from_top, c['source']))
        elif not {'hide', 'echo: false'} & set(directives(c)): out.append(f'```python\n{c["source"]}\n```')
    return '\n\n'.join(out) + '\n'

def _from_top(link): return link[0] if re.match(r'\w+:|#', link[0]) else posixpath.normpath('nbs/' + link[0])

def readme():
    "README.md equals what nbs/index.ipynb says."
    same = (ROOT/'README.md').read_text(encoding='utf-8') == to_markdown()
    return [] if same else ['run: python .ci/check.py --write']

def imports():
    "A module imports modules with a smaller number only, no nbdev, and at its top nothing that is optional."
    number = {p.stem[3:]: p.stem[:2] for p in NOTEBOOKS}
    later = re.compile(r'^(?:import|from) (?:nbdev|wandb|ipywidgets|kagglehub|onnx\w*)', re.M)
    bad = []
    for p in sorted((ROOT/'cspgan').glob('[!_]*.py')):
        text = p.read_text(encoding='utf-8')
        bad += [f'{p}: {m}' for m in later.findall(text)]
        for m in re.findall(r'^ *from \.(\w+) import', text, re.M):
            if number[m] >= number[p.stem]: bad.append(f'{p}: imports {m}')
    return bad

def setup_cells():
    "The set-up cell is the same everywhere; on Colab and Kaggle it installs the pinned release, elsewhere nothing."
    first = {}
    for p in NOTEBOOKS:
        code = [c['source'] for c in cells(p, 'code') if not c['source'].startswith('#| default_exp')]
        if code: first[p] = code[0]
    setup = max(first.values(), key=list(first.values()).count)
    bad = [f'{p}: its first cell is not the set-up cell of the others' for p in first if first[p] != setup]
    pip = [sys.executable, '-m', 'pip', 'install', '-q', f'cspgan=={settings()["version"]}']
    for env in {'COLAB_RELEASE_TAG': 'x'}, {'KAGGLE_KERNEL_RUN_TYPE': 'Interactive'}, {}:
        for installed in False, True:
            calls = _calls(setup, env, installed)
            if calls != ([pip] if env and not installed else []): bad.append(f'{env}, {installed=}: {calls}')
    return bad

def _calls(source, env, installed):
    "The commands that the set-up cell runs under the environment variables `env`."
    calls = []
    with mock.patch.dict(os.environ, env, clear=True), \
         mock.patch('importlib.util.find_spec', lambda name: installed or None), \
         mock.patch('subprocess.run', lambda cmd, **kw: calls.append(cmd)): exec(source, {})
    return calls

def quick_start():
    "README's two commands: the main job, the tests."
    text = (ROOT/'README.md').read_text(encoding='utf-8').split('\n## Quick start\n')[1]
    return re.findall(r'^```sh\n(.*?)\n```$', text, re.M|re.S)[:2]

def main_job():
    "README's first command, cut short, runs; it installs no development tool."
    must(f'{quick_start()[0]} --seconds 10')
    names = '\n' + must(['pip', 'list', '--format=freeze'])
    must(['pip', 'install', '-q', 'jupyter'])
    return [f'{tool} is installed' for tool in ('nbdev', 'execnb', 'ghapi', 'wandb') if f'\n{tool}==' in names]

def _alone(path):
    nb = json.loads(path.read_text(encoding='utf-8'))
    flags = {'eval: false', *settings()['tst_flags'].split()}
    nb['cells'] = [c for c in nb['cells'] if not flags & set(directives({'source': ''.join(c['source'])}))]
    with tempfile.TemporaryDirectory() as d:
        (Path(d)/path.name).write_text(json.dumps(nb), encoding='utf-8')
        status, out = sh(['jupyter', 'nbconvert', '--to', 'notebook', '--execute', '--output', 'done', path.name], d, **ONE)
        if status: return [out[-3000:]]
        left = {p.name for p in Path(d).iterdir()} - {path.name, 'done.ipynb'}
    return [f'left behind: {sorted(left)}'] if left else []

@cache
def _all_alone():
    with ThreadPoolExecutor(os.cpu_count()) as pool: return dict(zip(NOTEBOOKS, pool.map(_alone, NOTEBOOKS)))

def alone(path):
    "The notebook runs from an empty folder, with the library and jupyter installed and nothing else."
    return _all_alone()[path]

@cache
def tests():
    "Run README's second command; the names of the notebooks that fail."
    status, out = sh(quick_start()[1], **ONE)
    if not status: return []
    print(out)
    return re.findall(r'^\t(\S+\.ipynb)$', out.split('nbdev Tests Failed')[-1], re.M) or [p.name for p in NOTEBOOKS]

def tested(path):
    "The notebook passes in README's second command."
    return ['what it printed is above'] if path.name in tests() else []

def _changed(command):
    "The files of the library and the notebooks that `command` changes in a copy."
    names = 'cspgan', 'nbs', 'settings.ini', 'pyproject.toml'
    with tempfile.TemporaryDirectory() as d:
        for n in names: (shutil.copytree if (ROOT/n).is_dir() else shutil.copy)(ROOT/n, Path(d)/n)
        read = lambda: {p.relative_to(d): p.read_bytes() for p in Path(d).rglob('*.*') if '__pycache__' not in p.parts}
        before = read()
        must([command], cwd=d)
        after = read()
    return [f'{command} changes {p}' for p in sorted(before.keys() | after.keys()) if before.get(p) != after.get(p)]

def modules():
    "The modules are what the notebooks export."
    return _changed('nbdev_export')

def clean():
    "The notebooks are clean."
    return _changed('nbdev_clean')

def wheel():
    "The source distribution builds a wheel with every file of the library, the records too, and no development tool."
    with tempfile.TemporaryDirectory() as d:
        must(['python', '-m', 'build', '--no-isolation', '-o', d])
        with zipfile.ZipFile(next(Path(d).glob('*.whl'))) as z:
            has = {n for n in z.namelist() if n.startswith('cspgan/')}
            needs = z.read(next(n for n in z.namelist() if n.endswith('METADATA'))).decode()
    want = {p.relative_to(ROOT).as_posix() for p in FILES if p.is_relative_to(ROOT/'cspgan')}
    needs = re.findall(r'^Requires-Dist: (\w+)(?!.*extra ==)', needs, re.M)
    return ([f'{n}: not in both the checkout and the wheel' for n in sorted(has ^ want)] +
            [f'requires {n}' for n in needs if n in {'nbdev', 'jupyterlab', 'wandb', 'ipywidgets'}])

def all_checks():
    "(name, check) in the order in which they can be made."
    def once(*fs): return [(f.__name__, f) for f in fs]
    def each(f): return [(f'{f.__name__} {p.stem}', partial(f, p)) for p in NOTEBOOKS]
    return [*once(sources, links, figures, site, kaggle, readme, imports, setup_cells, main_job), *each(alone), *each(tested),
            *once(modules, clean, wheel)]

def report(name, check):
    "Make one check, print its line and its problems; True if there are none."
    start = time.time()
    try: bad = check()
    except Exception as e: bad = [f'{type(e).__name__}: {e}']
    print(f'{"FAIL" if bad else "ok  "} {time.time()-start:6.1f} s  {name}', *bad, sep='\n  ', flush=True)
    return not bad

if __name__ == '__main__':
    if sys.argv[1:] == ['--write']: sys.exit((ROOT/'README.md').write_text(to_markdown(), encoding='utf-8') and None)
    wanted = [(name, f) for name,f in all_checks() if not sys.argv[1:] or name.split()[0] in sys.argv[1:]]
    passed = sum(report(name, f) for name,f in wanted)
    print(f'{passed} passed, {len(wanted)-passed} failed')
    sys.exit(passed < len(wanted))
