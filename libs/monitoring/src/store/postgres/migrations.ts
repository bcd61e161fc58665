/** Each is carried out once, in this order; one that was released is never changed. Plain PostgreSQL, no extension. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE predictions (
    time bigint NOT NULL,
    id uuid NOT NULL,
    external_id text,
    model text NOT NULL,
    version text NOT NULL,
    prediction text NOT NULL,
    score real,
    slices text,
    PRIMARY KEY (time, id)
  ) PARTITION BY RANGE (time);
  CREATE INDEX ON predictions (external_id) WHERE external_id IS NOT NULL;

  CREATE TABLE raw (
    time bigint NOT NULL,
    id uuid NOT NULL,
    raw text NOT NULL,
    weight double precision,
    PRIMARY KEY (time, id)
  ) PARTITION BY RANGE (time);

  CREATE TABLE labels (
    time bigint NOT NULL,
    id uuid NOT NULL,
    label text NOT NULL,
    observed_at bigint NOT NULL,
    PRIMARY KEY (time, id)
  ) PARTITION BY RANGE (time);

  CREATE TABLE counts (
    scale text NOT NULL,
    model text NOT NULL,
    version text NOT NULL,
    name text NOT NULL,
    time bigint NOT NULL,
    cells double precision[] NOT NULL,
    PRIMARY KEY (model, scale, time, version, name)
  );

  CREATE TABLE events (
    id text PRIMARY KEY,
    time bigint NOT NULL,
    model text NOT NULL,
    kind text NOT NULL,
    body json NOT NULL
  );
  CREATE INDEX ON events (model, time);

  CREATE TABLE leases (name text PRIMARY KEY, owner text NOT NULL, until timestamptz NOT NULL);

  CREATE TABLE producers (producer text PRIMARY KEY, sequence bigint NOT NULL, seen timestamptz NOT NULL);
  `,
  'CREATE TABLE notes (name text PRIMARY KEY, note json NOT NULL)',
];
