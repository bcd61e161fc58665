/** What a color in a plot is for, and the color on paper. Each is used once, so that a card can set it again. */
export const COLORS = {
  surface: '#ffffff',
  ink: '#1c2430',
  muted: '#5d6878',
  line: '#d8dde5',
  accent: '#2b62d9',
} as const;

/** Of the classes, in turn. */
export const SERIES_COLORS = [COLORS.accent, '#d4490c', '#2b8a3e', '#9c36b5', '#0b7285', '#a86500'] as const;

/** The plot with CSS variables for colors, `--plot-ink` and `--plot-1` for example: it follows the page it is put in. */
export function withPageColors(svg: string): string {
  const variables = [
    ...Object.entries(COLORS),
    ...SERIES_COLORS.slice(1).map((color, i) => [`${i + 1}`, color] as const),
  ];
  return variables.reduce((text, [name, color]) => text.replaceAll(color, `var(--plot-${name})`), svg);
}
