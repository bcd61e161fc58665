const EARTH_KILOMETRES = 6371.0088;
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Of a column as training has it: NaN is a cell without a value. */
function mean(values, rows) {
  const known = values.subarray(0, rows).filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/**
 * Kilometres on the globe from a row's point to the middle of all points of the training part (haversine).
 *
 * @type {import('#features').OwnStep}
 */
export default {
  kind: 'acme.distance',

  // A fitted step, as pipeline.json has it: JSON Schema of each key.
  keys: {
    latitude: { type: 'string' },
    longitude: { type: 'string' },
    output: { type: 'string' },
    centre: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
  },
  // What a recipe leaves to training.
  learns: ['centre'],

  reads: ({ latitude, longitude }) => [latitude, longitude],
  writes: ({ output }) => [output],

  fit: (step, column, rows) => ({
    ...step,
    centre: [mean(column(step.latitude), rows), mean(column(step.longitude), rows)],
  }),

  // Called once for a pipeline; what it returns computes the first `rows` values of what the step writes.
  bind({ latitude, longitude, output, centre }, column) {
    const [latitudes, longitudes, kilometres] = [latitude, longitude, output].map(column);
    const [middle, meridian] = centre.map(radians);
    return (rows) => {
      for (let i = 0; i < rows; i++) {
        const here = radians(latitudes[i]);
        const half =
          Math.sin((here - middle) / 2) ** 2 +
          Math.cos(here) * Math.cos(middle) * Math.sin((radians(longitudes[i]) - meridian) / 2) ** 2;
        kilometres[i] = 2 * EARTH_KILOMETRES * Math.asin(Math.sqrt(half));
      }
    };
  },
};
