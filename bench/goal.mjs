/** A figure beside what it has to be: `is` counts, `says` explains. */
export const atMost = (what, is, limit, says) => ({ what, is, goal: `<= ${limit}`, met: is <= limit, says });
export const atLeast = (what, is, limit, says) => ({ what, is, goal: `>= ${limit}`, met: is >= limit, says });

export const show = ({ what, is, goal, met, says }) =>
  `${met ? 'met   ' : 'MISSED'}  ${what}: ${is.toFixed(2)} (goal ${goal}); ${says}`;

/** Lets a file of figures be run on its own. */
export async function runAlone({ filename }, measure) {
  if (filename !== process.argv[1]) return;
  for (const figure of await measure()) console.log(show(figure));
  process.exit();
}
