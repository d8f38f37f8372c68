"""One file a detector; all streams at once as arrays.

The promise every detector keeps (tests/models/test_detector_laws.py holds them to it):

- `layout`  the packed record of what it knows of one stream: a row of bytes that can be kept
  and restored bit for bit;
- `score(rows, who, time, value)`  judges one sample of each of several different streams
  against all that came before, and changes nothing;
- `learn(rows, who, time, value)`  takes the same samples in.

`rows` holds one record a stream, `who` the rows that speak, `time` is in microseconds since
1970-01-01T00:00Z. A score is in [0, 1]: 1 minus how probable so odd a value is. A detector
that has not seen enough says UNSURE.
"""
