import { COLORS } from './colors.js';

const AXIS = {
  nameLocation: 'middle',
  nameTextStyle: { fontSize: 12, color: COLORS.muted },
  axisLabel: { fontSize: 12, color: COLORS.muted },
  axisLine: { show: true, lineStyle: { color: COLORS.muted } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: COLORS.line } },
} as const;

/** An axis of shares, from 0 to 1. */
export function shareAxis(name: string, nameGap: number): object {
  return { ...AXIS, type: 'value', min: 0, max: 1, interval: 0.2, name, nameGap };
}

/** An axis of numbers with an automatic range. */
export function numberAxis(name: string, nameGap: number): object {
  return { ...AXIS, type: 'value', name, nameGap };
}

/** The start of a text that is too long. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, Math.max(1, longest - 1))}…` : text;
}

/** An axis of names, all shown, each shortened to `longest` characters. */
export function nameAxis(name: string, nameGap: number, names: readonly string[], longest: number): object {
  return {
    ...AXIS,
    type: 'category',
    data: names.map((one) => shortened(one, longest)),
    axisLabel: { ...AXIS.axisLabel, interval: 0 },
    name,
    nameGap,
    splitLine: { show: false },
  };
}

/** A thin dashed reference line. */
export function referenceLine(points: readonly (readonly [number, number])[]): object {
  return {
    type: 'line',
    data: points,
    showSymbol: false,
    silent: true,
    lineStyle: { color: COLORS.muted, width: 1, type: [4, 4] },
  };
}
