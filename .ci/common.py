"""What the checks share: where things lie, how a notebook is read, how a command is run. Standard library only."""
import json, os, re, shutil, subprocess
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COURSE = sorted((ROOT/'nbs').glob('[0-9]*.ipynb'))
ENGINE = sorted((ROOT/'nbs/engine').glob('*.ipynb'))
LESSONS = [*COURSE, *ENGINE]
INDEX = ROOT/'nbs/index.ipynb'
NOTEBOOKS = [INDEX, *LESSONS]
QMDS = sorted((ROOT/'nbs').glob('*.qmd'))
PAGES = [*NOTEBOOKS, *QMDS]
MODULES = sorted((ROOT/'cspgan').rglob('[!_]*.py'))
SKIP = {'.git', '.venv', '.ipynb_checkpoints', '__pycache__', '_docs', '_proc', 'build', 'dist', 'runs', 'wandb', '.ruff_cache'}
FILES = [p for p in ROOT.rglob('*') if p.is_file() and not SKIP & set(p.relative_to(ROOT).parts)
         and not any(part.endswith('.egg-info') for part in p.parts)]
TEXTS = [p for p in FILES if p.suffix in {'.md', '.ipynb', '.qmd', '.yml', '.json', '.cff', '.ini', '.toml', '.py', '.css', '.scss'}]
LINK = re.compile(r'(?<=\]\()[^)\s]+|(?<=src=")[^"]+|(?<=href=")[^"]+')

def module(path):
    "The name of a module below the library: training.gan."
    return '.'.join(path.relative_to(ROOT/'cspgan').with_suffix('').parts)

def short(path):
    "The path as it is printed: from the top of the repository."
    return path.relative_to(ROOT).as_posix()

def settings():
    "What settings.ini says, `%(name)s` resolved."
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

def today(pages):
    "The pages whose turn it is: every third, so that three runs one after the other have all of them."
    status, commits = sh(['git', 'rev-list', '--count', 'HEAD'])
    turn = int(os.environ.get('GITHUB_RUN_NUMBER') or (0 if status else commits))
    return [p for i, p in enumerate(pages) if (i + turn)%3 == 0]

def source(cell): return ''.join(cell['source'])

def cells(path, kind=None):
    "The cells of a notebook, each with its source as one string."
    for c in json.loads(path.read_text(encoding='utf-8'))['cells']:
        if kind in (None, c['cell_type']): yield {**c, 'source': source(c)}

def directives(cell): return re.findall(r'^#\| *(.*)', source(cell), re.M)

def prose(path):
    "The text of a notebook or a file, as Markdown."
    if path.suffix != '.ipynb': return path.read_text(encoding='utf-8')
    return '\n\n'.join(c['source'] for c in cells(path, 'markdown'))

def title(path):
    "The title of a page."
    return re.search(r'^(?:# |title: )(.*)', prose(path), re.M)[1]

def anchor(heading):
    "The name that Pandoc gives to a heading, and with it the site."
    return re.sub(r'^[\W\d_]+', '', re.sub(r'[^\w. -]', '', heading.strip().lower()).replace(' ', '-'))

def quick_start():
    "README's two commands: the main job, the tests."
    text = (ROOT/'README.md').read_text(encoding='utf-8').split('\n## Quick start\n')[1]
    return re.findall(r'^```sh\n(.*?)\n```$', text, re.M|re.S)[:2]

def copy_checkout(to):
    "Copy all files of the checkout, and nothing that was made beside them."
    for p in FILES:
        (to/short(p)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(p, to/short(p))
