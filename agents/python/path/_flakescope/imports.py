"""Tells of modules as they are imported, so that what is never used is never loaded on our account.

A finder in front of all others lets them find the module and has its loader call us once when it has run the module.
The loader stays what it is; only this one instance runs `exec_module` differently, and only once."""

import sys

from .guard import fail, guard


class Finder:
    """The first entry of `sys.meta_path`. It finds nothing by itself."""

    def __init__(self):
        self.hooks = {}

    def find_spec(self, name, path=None, target=None):
        hook = self.hooks.pop(name, None)
        if hook is None:
            return None
        spec = None
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                break
        if spec is None:
            self.hooks[name] = hook
        else:
            _follow(spec, hook)
        return spec


def _follow(spec, hook):
    loader = spec.loader
    run = getattr(loader, "exec_module", None)
    if run is None:
        return

    def exec_module(module):
        try:
            del loader.exec_module
        except AttributeError:
            pass
        run(module)
        hook(module)

    try:
        loader.exec_module = exec_module
    except (AttributeError, TypeError):
        # A loader that cannot be changed; what it loads is not captured.
        fail("import of " + spec.name, TypeError("its loader cannot be followed"))


_finder = Finder()


def when_imported(name, hook):
    """Calls `hook(module)` when the module `name` is imported, which is now if it has been."""
    hook = guard("load " + name)(hook)
    module = sys.modules.get(name)
    if module is not None:
        hook(module)
    else:
        _finder.hooks[name] = hook


def look():
    """Calls the hooks of what was imported past us: pytest's own finder loads the packages of its plugins, before any other."""
    for name in [name for name in _finder.hooks if name in sys.modules]:
        _finder.hooks.pop(name)(sys.modules[name])


def install():
    sys.meta_path.insert(0, _finder)
