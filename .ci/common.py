"""What the checks share: where things lie, how a notebook is read, how a command is run."""
import json, os, re, subprocess
from pathlib import Path
from execnb.nbio import read_nb
from fastcore.foundation import Config

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Config(ROOT, 'settings.ini')
COURSE, ENGINE = (sorted((ROOT/folder).glob('[0-9]*.ipynb')) for folder in ('nbs', 'nbs/engine'))
LESSONS, INDEX = [*COURSE, *ENGINE], ROOT/'nbs/index.ipynb'
PAGES = [INDEX, *LESSONS, *sorted((ROOT/'nbs').glob('*.qmd'))]
LINK = re.compile(r'(?<=\]\()[^)\s]+|(?<=src=")[^"]+|(?<=set=")[^"]+|(?<=href=")[^"]+')

def short(path): return path.relative_to(ROOT).as_posix()  # as it is printed: from the top of the repository

def must(cmd, cwd=ROOT, ok=(0,), timeout=None, **env):
    "What `cmd`, a list or a line of shell, prints with the tools of `.venv` first; an error with its end if it fails."
    env = {**os.environ, 'PATH': f'{ROOT}/.venv/bin:{os.environ["PATH"]}', **env}
    r = subprocess.run(cmd, shell=isinstance(cmd, str), cwd=cwd, env=env, encoding='utf-8', timeout=timeout,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert r.returncode in ok, f'{cmd} ended with status {r.returncode}\n{r.stdout[-6000:]}'
    return r.stdout

def cells(path, kind=None):
    "The cells of a notebook, each with its source as one string."
    return [c for c in read_nb(path).cells if kind in (None, c.cell_type)]

def directives(cell):
    "What a cell says to nbdev and Quarto, in lines `#|` or, if it is exported, in its metadata."
    folded = [f'{k}: {json.dumps(v, ensure_ascii=False)}' for k, v in cell.metadata.items() if k.startswith('code-')]
    return re.findall(r'^#\| *(.*)', cell.source, re.M) + folded

def prose(path):
    "The text of a notebook or a file, as Markdown."
    if path.suffix != '.ipynb': return path.read_text(encoding='utf-8')
    return '\n\n'.join(c.source for c in cells(path, 'markdown'))

def title(path): return re.search(r'^(?:# |title: )(.*)', prose(path), re.M)[1]
