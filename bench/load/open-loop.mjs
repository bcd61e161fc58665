import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends requests at a fixed rate for `seconds`, whether or not earlier ones are answered: an answer that is late does not make the next
 * one late too.
 *
 * @param rate requests a second
 * @param onAnswer is told of each answer with status 200
 * @returns the latency of each answer in milliseconds, from when its request was due, and how many requests were not answered 200
 */
export async function openLoop({ port, path, bodies, rate, seconds, onAnswer = () => undefined }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const latencies = [];
  const [total, begun] = [rate * seconds, performance.now()];
  const answers = [];
  let failed = 0;
  const send = (body, due) =>
    new Promise((resolve) => {
      const fail = () => resolve(void failed++);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.once('error', fail).once('end', () => {
          if (response.statusCode !== 200) return fail();
          latencies.push(performance.now() - due);
          onAnswer(JSON.parse(text));
          resolve();
        });
      });
      sent.once('error', fail).end(body);
    });
  for (let n = 0; n < total; n++) {
    const due = begun + (n * 1_000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    answers.push(send(bodies[n % bodies.length], due));
  }
  await Promise.all(answers);
  agent.destroy();
  return { latencies, failed };
}
