"""Run All, as a learner does: every cell of a notebook, in the folder it lies in. The Python that runs this runs the notebook.

python .ci/run_all.py NOTEBOOK    replaces the outputs; the last line is JSON: seconds of each cell, what went wrong
"""
import json, re, resource, sys, time
from pathlib import Path
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

def wonders(cell):
    "What a newcomer must wonder about below a cell: anything on stderr, as progress bars and warnings are."
    said = ''.join(o['text'] for o in cell.outputs if o.output_type == 'stream' and o.name == 'stderr')
    return re.split(r'[\r\n]', said.strip())[-1][:300]

def run(path):
    "Run the notebook and save it; {seconds of each cell, error, odd: what stands on stderr, cpu: seconds of all processors}."
    nb = nbformat.read(path, 4)
    client, said = NotebookClient(nb, timeout=300, resources={'metadata': {'path': str(path.parent)}}), dict(seconds={}, error='', odd=[])
    client.comm_open_handlers.clear()  # its answers to widgets make old kernels miss the next cell, now and then
    with client.setup_kernel():
        for i, cell in enumerate(nb.cells):
            if cell.cell_type != 'code': continue
            start = time.time()
            try: client.execute_cell(cell, i)
            except (CellExecutionError, DeadKernelError, TimeoutError) as e: said['error'] = f'[{i}] {cell.id}: {str(e)[-1500:]}'
            said['seconds'][cell.id] = round(time.time() - start, 1)
            if wonders(cell): said['odd'].append(f'[{i}] {cell.id}: {wonders(cell)}')
            if said['error']: break
    nbformat.write(nb, path)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # the kernel and what it started
    return said | dict(cpu=used.ru_utime + used.ru_stime)

if __name__ == '__main__': print(json.dumps(run(Path(sys.argv[1]).resolve())))
