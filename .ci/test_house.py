"""The house: linters, what programs write, how long a module is and what it says of itself, what claims rest on."""
import csv, inspect, json, re
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
    "The source distribution builds a wheel with every file of the library, the records too."
    must('python -m build --no-isolation', checkout)
    names = ZipFile(next(checkout.glob('dist/*.whl'))).namelist()
    assert {name for name in names if name.startswith('cspgan/')} == {*must('git ls-files cspgan', checkout).split()}

def test_lengths():
    "A module has at most 250 lines, training/gan 150, and .ci 537 together."
    lines = {short(p): len(p.read_text(encoding='utf-8').splitlines()) for p in (*MODULES, *ROOT.glob('.ci/*.py'))}
    assert not {name: n for name, n in lines.items() if n > (150 if name.endswith('/gan.py') else 250)}
    assert sum(n for name, n in lines.items() if name.startswith('.ci')) <= 537

@pytest.mark.parametrize('path', MODULES, ids=lambda p: p.stem)
def test_documented(path):
    "A public function explains each parameter in a comment on its line; a method of over three lines has a docstring."
    module, bad = import_module('.'.join(path.relative_to(ROOT).with_suffix('').parts)), []
    public = {name: getattr(module, name) for name in module.__all__}
    for c in filter(inspect.isclass, list(public.values())):
        public |= {f'{c.__name__}.{name}': f for name, f in vars(c).items() if name == '__init__' or name[0] != '_'}
    for name, f in public.items():
        f = inspect.unwrap(f)
        if not inspect.isfunction(f) or f.__code__.co_filename != module.__file__: continue
        said = docments(f, returns=False, args_kwargs=True)
        bad += [f'{name}: {k} is not explained' for k in said if not said[k] and k not in ('self', '_')]
        if not f.__doc__ and f.__name__ != '__init__' and inspect.getsource(f).count('\n') > 3: bad.append(name)
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
