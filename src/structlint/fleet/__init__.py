"""Checks many repositories: the parts of `structlint fleet`.

`repositories` reads the list. `run` passes them to an engine (`pool` on this machine, `dask_engine` on a
cluster), which drives warm child processes (`worker`), each of which checks one repository after another
(`judge`). `store` keeps the results in SQLite. `report` reads a run from there, and the writers print it.
"""
