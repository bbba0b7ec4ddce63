// A file without tests, which the runner takes for one.
