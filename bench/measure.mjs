/**
 * Measures every contestant in every scenario, round by round: within a round the contestants follow one another, and
 * each round begins with another one, so that drift of the machine falls on all alike.
 *
 * @returns per scenario and contestant the samples, one per round
 */
export async function measure({ load, contestants, scenarios, rounds, seconds, progress }) {
  const samples = new Map(
    scenarios.map(({ name }) => [name, new Map(contestants.map((contestant) => [contestant.name, []]))]),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const scenario of scenarios) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const contestant = contestants[(turn + round) % contestants.length];
        const isWarmUp = round === 0;
        progress(`${isWarmUp ? 'warm-up' : `round ${round} of ${rounds}`}: ${scenario.name}, ${contestant.name}`);
        const sample = await load.sample(scenario, contestant, seconds).catch((error) => {
          throw new Error(`${contestant.name} failed in ${scenario.name}: ${error.message}`);
        });
        if (!isWarmUp) samples.get(scenario.name).get(contestant.name).push(sample);
      }
    }
  }
  return samples;
}
