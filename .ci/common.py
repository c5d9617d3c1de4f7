"""What the checks share: where things lie, how a notebook is read, how a command is run. Standard library only."""
import json, os, re, shutil, subprocess
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COURSE, ENGINE = (sorted((ROOT/folder).glob('[0-9]*.ipynb')) for folder in ('nbs', 'nbs/engine'))
LESSONS, INDEX = [*COURSE, *ENGINE], ROOT/'nbs/index.ipynb'
PAGES = [INDEX, *LESSONS, *sorted((ROOT/'nbs').glob('*.qmd'))]
MODULES = sorted((ROOT/'cspgan').rglob('[!_]*.py'))
MADE = {'.git', '.venv', '.ipynb_checkpoints', '__pycache__', '_docs', '_proc', 'build', 'dist', 'runs', 'wandb', '.ruff_cache', '.pytest_cache'}
FILES = [p for p in ROOT.rglob('*') if p.is_file() and not MADE & set(p.relative_to(ROOT).parts) and '.egg-info' not in str(p)]
LINK = re.compile(r'(?<=\]\()[^)\s]+|(?<=src=")[^"]+|(?<=href=")[^"]+')

def short(path):
    "The path as it is printed: from the top of the repository."
    return path.relative_to(ROOT).as_posix()

def module(path):
    "The name of a module below the library: training.gan."
    return '.'.join(path.relative_to(ROOT/'cspgan').with_suffix('').parts)

def settings():
    "What settings.ini says, `%(name)s` resolved."
    ini = ConfigParser(delimiters='=')
    ini.read(ROOT/'settings.ini', encoding='utf-8')
    return ini['DEFAULT']

def must(cmd, cwd=ROOT, ok=(0,), **env):
    "What `cmd`, a list or a line of shell, printed with the tools of `.venv` first; an error with its end if it fails."
    env = {**os.environ, 'PATH': f'{ROOT}/.venv/bin:{os.environ["PATH"]}', **env}
    r = subprocess.run(cmd, shell=isinstance(cmd, str), cwd=cwd, env=env, text=True, encoding='utf-8', stdout=-1, stderr=subprocess.STDOUT)
    assert r.returncode in ok, f'{cmd} ended with status {r.returncode}\n{r.stdout[-3000:]}'
    return r.stdout

def source(cell): return ''.join(cell['source'])

def cells(path, kind=None):
    "The cells of a notebook, each with its source as one string."
    return [{**c, 'source': source(c)} for c in json.loads(path.read_text(encoding='utf-8'))['cells'] if kind in (None, c['cell_type'])]

def directives(cell): return re.findall(r'^#\| *(.*)', source(cell), re.M)

def prose(path):
    "The text of a notebook or a file, as Markdown."
    if path.suffix != '.ipynb': return path.read_text(encoding='utf-8')
    return '\n\n'.join(c['source'] for c in cells(path, 'markdown'))

def title(path): return re.search(r'^(?:# |title: )(.*)', prose(path), re.M)[1]

def copy_checkout(to):
    "Copy all files of the checkout, and nothing that was made beside them."
    for p in FILES:
        (to/short(p)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(p, to/short(p))
