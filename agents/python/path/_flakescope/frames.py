"""The only functions of the agent that stand between a caller and the function it called, and the means to take their
frames out of a traceback again before a runner prints it. Every hook is guarded here: what fails in one stays in it."""

import functools

from .guard import guard

_OURS = {__file__, __file__.replace("frames.py", "tee.py")}


def before(owner, name, hook):
    """Replaces `owner.name` by a function that first runs `hook(*args, **kwargs)` and then the original, unchanged. A tuple
    that the hook answers replaces the positional arguments."""
    hook = guard("before " + _label(owner, name))(hook)

    def wrap(original):
        def wrapper(*args, **kwargs):
            __tracebackhide__ = True
            changed = hook(*args, **kwargs)
            return original(*(args if changed is None else changed), **kwargs)

        return wrapper

    _replace(owner, name, wrap)


def after(owner, name, hook):
    """Runs `hook(result, *args, **kwargs)` when the original has returned; not when it has raised."""
    def told(_token, result, error, *args, **kwargs):
        if error is None:
            hook(result, *args, **kwargs)

    around(owner, name, _always, told)


def around(owner, name, hook, over):
    """Runs `hook(*args, **kwargs)` before the original, and when that answers a token,
    `over(token, result, error, *args, **kwargs)` when the original has returned or raised."""
    hook, over = _both(owner, name, hook, over)

    def wrap(original):
        def wrapper(*args, **kwargs):
            __tracebackhide__ = True
            token = hook(*args, **kwargs)
            if token is None:
                return original(*args, **kwargs)
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                over(token, None, error, *args, **kwargs)
                raise
            over(token, result, None, *args, **kwargs)
            return result

        return wrapper

    _replace(owner, name, wrap)


def around_async(owner, name, hook, over):
    """`around` for a coroutine function."""
    hook, over = _both(owner, name, hook, over)

    def wrap(original):
        async def wrapper(*args, **kwargs):
            __tracebackhide__ = True
            token = hook(*args, **kwargs)
            if token is None:
                return await original(*args, **kwargs)
            try:
                result = await original(*args, **kwargs)
            except BaseException as error:
                over(token, None, error, *args, **kwargs)
                raise
            over(token, result, None, *args, **kwargs)
            return result

        return wrapper

    _replace(owner, name, wrap)


def _always(*args, **kwargs):
    return True


def _both(owner, name, hook, over):
    label = _label(owner, name)
    return guard("before " + label)(hook), guard("after " + label)(over)


def _label(owner, name):
    return "{}.{}".format(getattr(owner, "__name__", owner), name)


def _replace(owner, name, wrap):
    """Puts the wrapper in place with the original's name and documentation; what is not there stays so."""
    original = owner.__dict__.get(name) or getattr(owner, name, None)
    if original is None or getattr(original, "__flakescope__", False):
        return
    wrapper = functools.update_wrapper(wrap(original), original)
    wrapper.__flakescope__ = True
    setattr(owner, name, wrapper)


def strip(error):
    """Takes our frames out of the tracebacks of an error and of what it came of."""
    seen = set()
    while error is not None and id(error) not in seen and len(seen) < 100:
        seen.add(id(error))
        error.__traceback__ = _without(error.__traceback__)
        parts = getattr(error, "exceptions", None)
        for part in parts if isinstance(parts, tuple) else ():
            strip(part)
        error = error.__cause__ or error.__context__


def codes(error):
    """The code of every frame that an error, or a part of it, was raised through."""
    found = set()
    parts = [error]
    while parts and len(found) < 10_000:
        part = parts.pop()
        trace = part.__traceback__ if part is not None else None
        while trace is not None:
            found.add(trace.tb_frame.f_code)
            trace = trace.tb_next
        more = getattr(part, "exceptions", None)
        parts.extend(more if isinstance(more, tuple) else ())
    return found


def _without(trace):
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    link = trace
    while link is not None:
        following = link.tb_next
        while following is not None and _is_ours(following):
            following = following.tb_next
        if following is not link.tb_next:
            link.tb_next = following
        link = following
    return trace


def _is_ours(trace):
    return trace.tb_frame.f_code.co_filename in _OURS
