-- The store of `structlint fleet`, version 1 (`PRAGMA user_version`). docs/fleet.md explains it.
-- Times are ISO 8601 in UTC, days ISO dates, lists and objects JSON. Names are printable:
-- one with control characters or bytes that are not UTF-8 is in double quotes, with escapes.

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,                 -- NULL: it runs, or was ended before its end
    structlint TEXT NOT NULL,      -- the version
    options TEXT NOT NULL,         -- an object: layout, own_exceptions, rev, engine, workers, timeout, memory
    exceptions TEXT NOT NULL,      -- a list: the `ignore` entries of the imposed layout
    repositories INTEGER NOT NULL, -- how many were to be checked
    seconds REAL                   -- from start to finish
);

CREATE TABLE repo (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    team TEXT NOT NULL,
    more TEXT NOT NULL             -- an object: the other columns of the list
);

-- A result belongs to a repository, the tree that was checked, and what was asked: a digest of the
-- layout, the version of structlint and the policy. While `valid_until` has not passed, the same three
-- have the same result.
CREATE TABLE result (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL REFERENCES repo,
    tree TEXT NOT NULL,            -- '' where it is not known
    asked TEXT NOT NULL,
    status TEXT NOT NULL,          -- ok, findings, no-layout, layout-error, ... (docs/fleet.md)
    message TEXT NOT NULL,         -- why it could not be judged
    checked TEXT NOT NULL,         -- the day
    valid_until TEXT NOT NULL,     -- the last day; '' for every day
    seconds REAL NOT NULL,
    files INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    baselined INTEGER NOT NULL,    -- findings that the repository's baseline accepts
    hidden_baseline INTEGER NOT NULL, -- findings that its own exceptions hide, where they are counted
    hidden_ignore INTEGER NOT NULL,
    hidden_nested INTEGER NOT NULL,
    layouts TEXT NOT NULL,         -- a list
    rules TEXT NOT NULL,           -- an object: the number of findings of each rule
    exceptions TEXT NOT NULL,      -- a list of objects: rule, path, why, until, place
    notes TEXT NOT NULL            -- a list
);
CREATE INDEX result_key ON result (repo, asked, tree);

CREATE TABLE finding (
    result INTEGER NOT NULL REFERENCES result,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    path TEXT NOT NULL,
    which TEXT NOT NULL,           -- tells findings of one rule at one path apart
    line INTEGER,
    message TEXT NOT NULL,
    hint TEXT NOT NULL,
    more TEXT NOT NULL             -- an object: about, layout, related, fix, as in docs/json.md
);
CREATE INDEX finding_result ON finding (result);

-- What is looked at instead of asking git for the tree of a repository's revision: as long as git's files
-- have the same digest of owners, sizes and times, the revision has the same tree.
CREATE TABLE state (
    repo INTEGER PRIMARY KEY REFERENCES repo,
    rev TEXT NOT NULL,
    state TEXT NOT NULL,           -- the digest
    tree TEXT NOT NULL
);

-- The result that each repository had in each run.
CREATE TABLE run_result (
    run INTEGER NOT NULL REFERENCES run,
    repo INTEGER NOT NULL REFERENCES repo,
    result INTEGER NOT NULL REFERENCES result,
    reused INTEGER NOT NULL,       -- 1: the result of an earlier run, for nothing had changed
    PRIMARY KEY (run, repo)
) WITHOUT ROWID;
