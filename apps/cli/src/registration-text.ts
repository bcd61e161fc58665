import { EXIT } from './exit-codes.js';
import { howToSign } from '#registry';
import type { Registration } from '#training';

const promote = (model: string, version: string): string => `npx skewless models promote ${model} ${version}`;

/** Describes a candidate that an earlier run registered. */
function* known({ model, version, champion, reasons, left }: Registration): Generator<string> {
  const bundle = `${model}/${version}`;
  if (champion === version) yield `The candidate is ${bundle}, which is the champion already: nothing was changed.`;
  else {
    const since = left ? `: ${left.who} made ${left.to} the champion on ${left.when} (${left.why})` : '';
    yield `The candidate is ${bundle}, which was the champion before${since}. A run does not bring it back; this does: ${promote(model, version!)}`;
  }
  if (reasons.length === 0) return;
  const stays = champion === version ? ` It stays the champion until another one is: models rollback ${model}` : '';
  yield `The gate would refuse it now: ${reasons.join('; ')}.${stays}`;
}

function* refused({ model, version, champion, reasons }: Registration): Generator<string> {
  yield `The gate refused the candidate: ${reasons.join('; ')}.`;
  if (version === null) return;
  yield `It is kept as ${model}/${version}, ${champion === null ? 'without an alias, as there is no champion' : 'alias challenger'}.`;
}

function* challenger({ model, version, champion, reasons }: Registration): Generator<string> {
  const alias = champion === null ? 'without an alias, as there is no champion' : 'alias challenger';
  yield `The candidate is ${model}/${version}, ${alias}: it is not proven good enough to become the champion.`;
  yield `Not proven: ${reasons.join('; ')}.`;
  yield `To let it serve anyway: ${promote(model, version!)}`;
}

function outcomeOf(registration: Registration): Iterable<string> {
  const { outcome, model, version } = registration;
  switch (outcome) {
    case 'registered':
      return [`The candidate is ${model}/${version}.`];
    case 'unsigned':
      return [`The candidate passed the gate and is ${model}/${version}.`, howToSign(model, version!)];
    case 'passed':
      return [
        `The candidate passed the gate and is ${model}/${version}, alias challenger. To let it take over step by step: npx skewless rollout start ${model}`,
      ];
    case 'already registered':
      return known(registration);
    case 'challenger':
      return challenger(registration);
    case 'refused':
      return refused(registration);
  }
}

/** Describes the outcome of a candidate and its reasons, line by line. */
export function registrationText(registration: Registration): string {
  const { tested, champion } = registration;
  const lines = [...(tested === null ? [] : [tested]), ...outcomeOf(registration)];
  return [...lines, `Champion: ${champion ?? 'none'}.`].join('\n');
}

/** 3 if the candidate violates an absolute bound of the gate. */
export const exitCodeOf = ({ outcome, reasons }: Registration): number | undefined =>
  outcome === 'refused' || (outcome === 'already registered' && reasons.length > 0) ? EXIT.refused : undefined;
