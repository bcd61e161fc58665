import { changeWords, numberText } from '../drift/words.js';
import type { SCALES, Scale } from '../time/scales.js';
import type { WatchedEvent } from '../watch/events.js';
import type { HistoryEntry } from './version-view.js';

const MOST = 50;
const SCALE_WORDS: Readonly<Record<Scale, string>> = {
  '1h': 'windows of an hour',
  '1d': 'windows of a day',
  '7d': 'windows of 7 days',
  '28d': 'windows of 28 days',
} satisfies Record<keyof typeof SCALES, string>;

const fourDigits = (value: number): string => numberText(Number(value.toPrecision(4)));
const three = (value: number): string => value.toFixed(3);

function entryOf({ time, ...event }: WatchedEvent, version: string): HistoryEntry {
  const { body } = event;
  const of = body.version === version ? '' : ` (version ${body.version})`;
  switch (event.kind) {
    case 'loaded':
      return { time, kind: 'loaded', text: `Version ${body.version} answered here for the first time` };
    case 'drift.opened': {
      const { column, scale, split, baseline, now, low, high } = event.body.episode.alarm;
      const words = changeWords(split, baseline, now, low, high);
      return { time, kind: 'opened', text: `Alarm: ${column}: ${words}, in ${SCALE_WORDS[scale]}${of}` };
    }
    case 'drift.closed': {
      const { column, scale } = event.body.episode.alarm;
      return { time, kind: 'closed', text: `Alarm ended: ${column} is as usual again, in ${SCALE_WORDS[scale]}${of}` };
    }
    case 'accuracy.opened': {
      const { value, bound, labels, scale } = event.body.episode.alarm;
      const words = `accuracy ${three(value)} of ${labels.toLocaleString('en')} labels is below ${three(bound)}`;
      return { time, kind: 'opened', text: `Alarm: ${words}, in ${SCALE_WORDS[scale]}${of}` };
    }
    case 'accuracy.closed': {
      const words = SCALE_WORDS[event.body.episode.alarm.scale];
      return { time, kind: 'closed', text: `Alarm ended: accuracy is above its floor again, in ${words}${of}` };
    }
    case 'error.opened': {
      const { value, bound, labels, scale } = event.body.episode.alarm;
      const words = `mean absolute error ${fourDigits(value)} of ${labels.toLocaleString('en')} labels is above ${fourDigits(bound)}`;
      return { time, kind: 'opened', text: `Alarm: ${words}, in ${SCALE_WORDS[scale]}${of}` };
    }
    case 'error.closed': {
      const words = SCALE_WORDS[event.body.episode.alarm.scale];
      return {
        time,
        kind: 'closed',
        text: `Alarm ended: the mean absolute error is below its ceiling again, in ${words}${of}`,
      };
    }
    case 'reference.adopted': {
      const { by, reason } = event.body;
      return { time, kind: 'adopted', text: `${by} adopted a window as the reference: ${reason}${of}` };
    }
    case 'acknowledged': {
      const { by, reason, column } = event.body;
      return { time, kind: 'acknowledged', text: `${by} has seen ${column}: ${reason}${of}` };
    }
  }
}

/** The history of a model, newest first. @param moves changes of aliases, which the store does not record */
export function historyOf(
  events: readonly WatchedEvent[],
  version: string,
  moves: readonly HistoryEntry[],
): HistoryEntry[] {
  return [...events.map((event) => entryOf(event, version)), ...moves].sort((a, b) => b.time - a.time).slice(0, MOST);
}
