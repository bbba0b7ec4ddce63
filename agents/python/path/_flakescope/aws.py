"""Names the operations of AWS. botocore knows which one it asks for where it sends the request itself: what it asks for on
the way there, such as credentials, is none of it."""

from . import frames
from .exchange import calling


def install(_recorder, module):
    """`module` is `botocore.endpoint`, just imported."""
    frames.around(module.Endpoint, "_do_get_response", _begins, _over)


def _begins(_endpoint, _request, operation, *args, **kwargs):
    before = calling.get()
    calling.set(("aws-api", "{}/{}".format(operation.service_model.service_id, operation.name)))
    return (before,)


def _over(token, _result, _error, *args, **kwargs):
    calling.set(token[0])
