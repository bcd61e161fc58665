import { createServer } from 'node:http';
import { labelOf, MODEL_VERSION, probabilities, rounded } from './model.mjs';

// The ceiling: node:http, all singles of one event-loop turn in one run, JSON written by hand. It checks nothing.

let waiting = [];

function predictWithTurn(instance, respond) {
  if (waiting.push({ instance, respond }) === 1) setImmediate(flush);
}

async function flush() {
  const arrived = waiting;
  waiting = [];
  const scores = await probabilities(arrived.map(({ instance }) => instance));
  const tail = tailNow();
  for (let i = 0; i < arrived.length; i++) arrived[i].respond(predictionJson(scores[i], tail));
}

async function predictBatch(instances, respond) {
  const scores = await probabilities(instances);
  const tail = tailNow();
  let json = '{"predictions":[';
  for (let i = 0; i < scores.length; i++) json += (i === 0 ? '' : ',') + predictionJson(scores[i], tail);
  respond(`${json}],"count":${scores.length}}`);
}

const tailNow = () => `,"model_version":"${MODEL_VERSION}","timestamp":"${new Date().toISOString()}"}`;

function predictionJson(probability, tail) {
  return `{"prediction":${labelOf(probability)},"probability":${rounded(probability)}${tail}`;
}

createServer((request, response) => {
  const respond = (json) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) });
    response.end(json);
  };
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'GET') return respond('{}');
    const body = JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString());
    return request.url === '/predict' ? predictWithTurn(body, respond) : predictBatch(body.instances, respond);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
