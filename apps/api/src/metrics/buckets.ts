/** Seconds of a whole request: a single prediction takes less than one millisecond, a large batch seconds. */
export const REQUEST_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Seconds of one stage: features take some microseconds, a run of ONNX Runtime tens of them. */
export const STAGE_SECONDS = [
  0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5,
];

/** Rows of one run, which holds 1,000 at most. */
export const RUN_ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000];
