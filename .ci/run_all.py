"""Run All, as a learner does: every cell of a notebook, in the folder it lies in. The Python that runs this runs the notebook.

python .ci/run_all.py NOTEBOOK            replaces the outputs; the last line is JSON: seconds, processor seconds, what went wrong
python .ci/run_all.py NOTEBOOK --check    changes no file, and fails if a cell does
"""
import json, re, resource, sys, tempfile, time
from pathlib import Path
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

def wonders(cell):
    "What a newcomer must wonder about below a cell: anything on stderr, as progress bars and warnings are."
    said = ''.join(o['text'] for o in cell.outputs if o.output_type == 'stream' and o.name == 'stderr')
    return re.split(r'[\r\n]', said.strip())[-1][:300]

def run(path, folder):
    "Run the notebook in `folder`; the notebook, and {seconds without the set-up cell, cpu: of all processors, bad: errors, what stands on stderr}."
    nb, seconds, bad = nbformat.read(path, 4), 0, []
    client = NotebookClient(nb, timeout=300, resources={'metadata': {'path': str(folder)}})
    client.comm_open_handlers.clear()  # its answers to widgets make a kernel miss the next cell, now and then, and wait for ever
    with client.setup_kernel():
        for i, cell in enumerate(nb.cells):
            if cell.cell_type != 'code' or bad: continue
            start = time.time()
            try: client.execute_cell(cell, i)
            except (CellExecutionError, DeadKernelError, TimeoutError) as e: bad.append(f'[{i}] {cell.id}: {str(e)[-1500:]}')
            if not cell.source.startswith('#| hide\nimport importlib.util'): seconds += time.time() - start
            if wonders(cell): bad.append(f'[{i}] {cell.id}: {wonders(cell)}')
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # the kernel and what it started
    return nb, dict(seconds=round(seconds), cpu=round(used.ru_utime + used.ru_stime), bad=bad)

if __name__ == '__main__':
    path, check = Path(sys.argv[1]).resolve(), sys.argv[2:] == ['--check']
    with tempfile.TemporaryDirectory() as d:
        nb, said = run(path, d if check else path.parent)
    if not check: nbformat.write(nb, path)
    print(json.dumps(said))
    sys.exit(check and bool(said['bad']))
