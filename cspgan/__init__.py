"""Why GANs fail, and how to train one that does not."""
__version__ = "0.2.0"

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what editors and type checkers see
    from .evaluate import score
    from .generate import load_generator
    from .models.sampling import sample
    from .training.config import Config, presets
    from .training.run import resume, train

__all__ = ['Config', 'presets', 'train', 'resume', 'load_generator', 'sample', 'score']

_homes = dict(Config='training.config', presets='training.config', train='training.run', resume='training.run',
              load_generator='generate', sample='models.sampling', score='evaluate')

def __getattr__(name):
    "Load a name of the front door when it is first used, so that `import cspgan` takes no time."
    if name not in _homes: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    value = globals()[name] = getattr(import_module(f'{__name__}.{_homes[name]}'), name)
    return value

def __dir__():
    "The names that are loaded and those that wait."
    return sorted({*globals(), *__all__})
