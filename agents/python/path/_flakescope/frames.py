"""The only functions of the agent that stand between a caller and the function it called, and the means to take their
frames out of a traceback again before a runner prints it."""

import functools

_OURS = {__file__, __file__.replace("frames.py", "tee.py")}


def before(owner, name, hook):
    """Replaces `owner.name` by a function that first runs `hook(*args, **kwargs)` and then the original, unchanged. The
    hook must be guarded. A tuple that it answers replaces the positional arguments."""
    def wrap(original):
        def wrapper(*args, **kwargs):
            __tracebackhide__ = True
            changed = hook(*args, **kwargs)
            return original(*(args if changed is None else changed), **kwargs)

        return wrapper

    replace(owner, name, wrap)


def around(owner, name, hook, after):
    """Like `before`, and runs `after(token, result, error, *args)` when the original has returned or raised, where
    `token` is what the hook answered. Without a token `after` is left out."""
    def wrap(original):
        def wrapper(*args, **kwargs):
            __tracebackhide__ = True
            token = hook(*args, **kwargs)
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                if token is not None:
                    after(token, None, error, *args)
                raise
            if token is not None:
                after(token, result, None, *args)
            return result

        return wrapper

    replace(owner, name, wrap)


def around_async(owner, name, hook, after):
    """`around` for a coroutine function."""
    def wrap(original):
        async def wrapper(*args, **kwargs):
            __tracebackhide__ = True
            token = hook(*args, **kwargs)
            try:
                result = await original(*args, **kwargs)
            except BaseException as error:
                if token is not None:
                    after(token, None, error, *args)
                raise
            if token is not None:
                after(token, result, None, *args)
            return result

        return wrapper

    replace(owner, name, wrap)


def replace(owner, name, wrap):
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
        for part in getattr(error, "exceptions", ()) if isinstance(getattr(error, "exceptions", None), tuple) else ():
            strip(part)
        error = error.__cause__ or error.__context__


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
