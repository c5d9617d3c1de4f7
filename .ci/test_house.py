"""The house: linters, what programs write, how long a module is and what it says of itself, what claims rest on."""
import ast, csv, inspect, json, re, subprocess, textwrap
from functools import cache
from importlib import import_module
from zipfile import ZipFile
import pandas as pd
import pytest
from fastcore.docments import docments
from common import INDEX, LESSONS, ROOT, cells, must, short

MODULES = sorted((ROOT/'cspgan').rglob('[!_]*.py'))
CLAIMS = list(csv.DictReader((ROOT/'nbs/claims.csv').open(encoding='utf-8')))

@pytest.mark.parametrize('command', ['ruff check --no-cache -q .ci cspgan', 'lint-imports --no-cache --no-logo'])
def test_lint(command):
    "Linters find nothing to say; pyproject.toml has their rules: mistakes, what may be imported where, docstrings."
    must(command, PYTHONPATH=str(ROOT))

@pytest.mark.parametrize('command', ['nbdev_export', 'nbdev_clean', 'python .ci/write.py'])
def test_written(command, checkout):
    "Modules are what the notebooks export, notebooks are clean, the rest is as `python .ci/write.py` writes it."
    must('git reset -q --hard', checkout)
    must(command, checkout, PYTHONPATH='')
    assert not must('git status --short', checkout)

def test_wheel(checkout):
    "The source distribution builds a wheel with all files of the library, records too, and no tool of development."
    must('python -m build --no-isolation', checkout)
    with ZipFile(next(checkout.glob('dist/*.whl'))) as z:
        has = {name for name in z.namelist() if name.startswith('cspgan/')}
        needs = z.read(next(name for name in z.namelist() if name.endswith('METADATA'))).decode()
    assert has == {*must('git ls-files cspgan', checkout).split()}
    tools = 'nbdev|execnb|fastcore|ghapi|wandb|jupyterlab|ipywidgets|ruff'
    assert not re.search(rf'^Requires-Dist: (?:{tools})\b(?!.*extra ==)', needs, re.M)

def test_killed():
    "A test that is killed half-way leaves the checkout as it was, and the next one passes."
    command = ['nbdev_test', '--path', next(short(p) for p in LESSONS if 'faults' in p.stem)]
    def state():  # of all files that nothing but a tool made, those that .gitignore leaves out too
        but = ('.venv', '__pycache__', '.ipynb_checkpoints', '.pytest_cache', '.ruff_cache', 'build', 'dist', '_proc',
               '_docs', 'node_modules', '*.egg-info')
        listed = must(['git', 'ls-files', '-coz', *(word for name in but for word in ('-x', name))])
        return {name: (ROOT/name).stat().st_mtime_ns for name in listed.split('\0') if name}
    before = state()
    with pytest.raises(subprocess.TimeoutExpired): must(command, timeout=8, OMP_NUM_THREADS='1')
    assert state() == before
    must(command, OMP_NUM_THREADS='1')
    assert state() == before

def test_lengths():
    "A module has at most 250 lines, training/gan 150, and .ci 558 together."
    lines = {short(p): len(p.read_text(encoding='utf-8').splitlines()) for p in (*MODULES, *ROOT.glob('.ci/*.py'))}
    assert not {name: n for name, n in lines.items() if n > (150 if name.endswith('/gan.py') else 250)}
    assert sum(n for name, n in lines.items() if name.startswith('.ci')) <= 558

@pytest.mark.parametrize('path', MODULES, ids=lambda p: p.stem)
def test_documented(path):
    "A public function explains each parameter in a comment on its line; a method of two statements has a docstring."
    module, bad = import_module('.'.join(path.relative_to(ROOT).with_suffix('').parts)), []
    public = {name: getattr(module, name) for name in module.__all__}
    for c in filter(inspect.isclass, list(public.values())):
        public |= {f'{c.__name__}.{name}': f for name, f in vars(c).items() if name == '__init__' or name[0] != '_'}
    for name, f in public.items():
        f = inspect.unwrap(f)
        if not inspect.isfunction(f) or f.__code__.co_filename != module.__file__: continue
        said = docments(f, returns=False, args_kwargs=True)
        bad += [f'{name}: {k} is not explained' for k in said if not said[k] and k not in ('self', '_')]
        body = ast.parse(textwrap.dedent(inspect.getsource(f))).body[0].body
        if not f.__doc__ and f.__name__ != '__init__' and len(body) > 1: bad.append(f'{name} has no docstring')
    assert not bad

@cache
def record(name):
    "A record of cspgan/results: a table as a DataFrame, JSON as it is."
    path = ROOT/'cspgan/results'/name
    if path.suffix == '.json': return json.loads(path.read_text(encoding='utf-8'))
    return pd.read_csv(path) if path.suffix == '.csv' else pd.read_json(path, lines=True)

@pytest.mark.parametrize('claim', CLAIMS, ids=lambda c: f'{c["page"]}-{c["cell"]}')
def test_claim(claim):
    "The cell says what it is held to say, and the record gives that number."
    path = next(p for p in (*LESSONS, INDEX) if p.stem == claim['page'])
    assert claim['says'] in next(c.source for c in cells(path) if c.id == claim['cell'])
    got = str(eval(claim['value'], dict(r=record(claim['record']))))
    assert got in claim['says'] and re.search(r'\d', got)
