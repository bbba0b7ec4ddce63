import sys

print("sitecustomize of", __name__, [entry for entry in sys.path if "flakescope" in entry or "agents/python" in entry])
