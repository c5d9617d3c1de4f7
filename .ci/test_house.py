"""The house: what imports what, how long a module may be, what a public function says of itself, what the claims of the pages rest on."""
import ast, csv, io, json, re, tokenize
from functools import cache, partial
from graphlib import TopologicalSorter
import pandas as pd
import pytest
import write
from common import LESSONS, MODULES, ROOT, cells, module, must, short

ROOMS = 'data', 'models', 'metrics', 'training', 'use', 'experiments'  # from the bottom up; `use`: what stands at the top
NEVER, LATER = {'nbdev', 'execnb', 'fastcore'}, {'wandb', 'ipywidgets', 'kagglehub', 'onnx', 'onnxscript', 'onnxruntime', 'torch_fidelity'}

def test_arrows():
    "Modules import without a cycle, and from folders below their own; none imports tools of development, or at its top what is optional."
    uses = {module(p): write.imports(p) for p in MODULES}
    bad = [f'{a} imports {b}, upwards' for a in uses for b in uses[a] if ROOMS.index(write.room(a)) < ROOMS.index(write.room(b))]
    TopologicalSorter(uses).prepare()
    for p in MODULES:
        tree = ast.parse(p.read_text(encoding='utf-8'))
        for n in ast.walk(tree):
            names = [a.name for a in n.names] if isinstance(n, ast.Import) else [n.module] if isinstance(n, ast.ImportFrom) and not n.level else []
            bad += [f'{short(p)} imports {x}' for x in names if x.split('.')[0] in NEVER | (LATER if n in tree.body else set())]
    assert not bad

def test_lengths():
    "A module has at most 250 lines, training/gan 150, and .ci 830 together."
    lines = {short(p): len(p.read_text(encoding='utf-8').splitlines()) for p in (*MODULES, *(ROOT/'.ci').glob('*.py'))}
    assert not {name: n for name, n in lines.items() if n > (150 if name.endswith('/gan.py') else 250)}
    assert sum(n for name, n in lines.items() if name.startswith('.ci')) <= 830

@pytest.mark.parametrize('path', MODULES, ids=module)
def test_documented(path):
    "A public function says in its docstring what it does, and explains each parameter in a comment on its line."
    text, bad = path.read_text(encoding='utf-8'), []
    said = {t.start[0] for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT}
    tops = ast.parse(text).body
    methods = [n for c in tops if isinstance(c, ast.ClassDef) and c.name[0] != '_' for n in c.body if isinstance(n, ast.FunctionDef)]
    for f in (n for n in (*tops, *methods) if isinstance(n, ast.FunctionDef) and (n.name[0] != '_' or n.name == '__init__')):
        given = [x for x in (*f.args.posonlyargs, *f.args.args, f.args.vararg, *f.args.kwonlyargs, f.args.kwarg) if x and x.arg not in ('self', 'cls', '_')]
        lines = [x.end_lineno for x in given]
        bad += [f'{f.name}: {x.arg} is not explained' for x in given if x.end_lineno not in said or lines.count(x.end_lineno) > 1]
        if not ast.get_docstring(f) and f.name != '__init__' and len(f.body) > 1: bad.append(f'{f.name} has no docstring')
    assert not bad

CLAIMS = list(csv.DictReader((ROOT/'nbs/claims.csv').open(encoding='utf-8')))

@cache
def record(name):
    "A record of cspgan/results: a table as a DataFrame, JSON as it is."
    read = dict(csv=pd.read_csv, jsonl=partial(pd.read_json, lines=True), json=lambda p: json.loads(p.read_text(encoding='utf-8')))
    return read[name.rpartition('.')[2]](ROOT/'cspgan/results'/name)

@pytest.mark.parametrize('claim', CLAIMS, ids=lambda c: f'{c["page"]}-{c["cell"]}')
def test_claim(claim):
    "The cell says what it is held to say, and the record gives that number."
    path = next(p for p in (*LESSONS, write.INDEX) if p.stem == claim['page'])
    cell = next(c for c in cells(path) if c['id'] == claim['cell'])
    assert claim['says'] in cell['source']
    got = str(eval(claim['value'], dict(r=record(claim['record']))))
    assert got in claim['says'] and re.search(r'\d', got)

def test_lint():
    "ruff finds nothing to say; pyproject.toml has the rules."
    must(['ruff', 'check', '--no-cache', '--output-format', 'concise', '.ci', 'cspgan'])
