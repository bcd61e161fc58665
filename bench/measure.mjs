/**
 * Measures every contestant in every scenario, round by round. A round starts all of them again, for two processes of one
 * build differ by several percent, warms them up, and measures one after the other; each round begins with another one,
 * so that drift of the machine falls on all alike.
 *
 * @param start starts all contestants
 * @returns per scenario and contestant the samples, one per round
 */
export async function measure({ load, start, names, scenarios, rounds, seconds, progress }) {
  const samples = new Map(scenarios.map(({ name }) => [name, new Map(names.map((contestant) => [contestant, []]))]));
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}: start`);
    const contestants = await start();
    const inTurn = contestants.map((_, turn) => contestants[(turn + round) % contestants.length]);
    for (const isWarmUp of [true, false]) {
      for (const scenario of scenarios) {
        for (const contestant of inTurn) {
          const { name } = contestant;
          progress(`round ${round} of ${rounds}: ${scenario.name}, ${name}${isWarmUp ? ', warm-up' : ''}`);
          const sample = await load
            .sample(scenario, contestant, isWarmUp ? { count: scenario.warmUpRequests } : { seconds })
            .catch((error) => {
              throw new Error(`${name} failed in ${scenario.name}: ${error.message}`);
            });
          if (!isWarmUp) samples.get(scenario.name).get(name).push(sample);
        }
      }
    }
    for (const contestant of contestants) await contestant.stop();
  }
  return samples;
}
