"""Run All, as a learner does: python .ci/run_all.py NOTEBOOK, with the Python that shall run it, in its folder.

It replaces the outputs, prints JSON (seconds, of all processors, what went wrong), and fails if a cell does.
"""
import json, resource, sys, time
import nbformat
from pathlib import Path
from nbclient import NotebookClient

path, bad, start = Path(sys.argv[1]).resolve(), [], time.time()
nb = nbformat.read(path, 4)
client = NotebookClient(nb, timeout=300, resources={'metadata': {'path': str(path.parent)}})
client.comm_open_handlers.clear()  # its answers to widgets make a kernel miss a cell, now and then, and wait for ever
with client.setup_kernel():
    for i, cell in enumerate(nb.cells):
        if cell.cell_type != 'code' or bad: continue
        try: client.execute_cell(cell, i)
        except Exception as e: bad = [f'{cell.id}: {str(e)[-1500:]}']  # of the cell, a dead kernel, no answer in time
        if cell.id == 'setup': start = time.time()  # it is not counted
        said = ''.join(o.text for o in cell.outputs if o.output_type == 'stream' and o.name == 'stderr').strip()
        if said: bad.append(f'{cell.id}: {said[-300:]}')  # progress bars and warnings, of which a newcomer must wonder
nbformat.write(nb, path)
used = resource.getrusage(resource.RUSAGE_CHILDREN)  # the kernel and what it started
print(json.dumps(dict(seconds=round(time.time() - start), cpu=round(used.ru_utime + used.ru_stime), bad=bad)))
sys.exit(bool(bad))
