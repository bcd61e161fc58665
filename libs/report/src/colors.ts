/** The colors of a plot by purpose, as in print. All are distinct, so that a card can replace each. */
export const COLORS = {
  surface: '#ffffff',
  ink: '#1c2430',
  muted: '#5d6878',
  line: '#d8dde5',
  accent: '#2b62d9',
} as const;

/** The colors of the classes, in turn. */
export const SERIES_COLORS = [COLORS.accent, '#d4490c', '#2b8a3e', '#9c36b5', '#0b7285', '#a86500'] as const;

/**
 * Replaces a plot's colors by CSS variables, such as `--plot-ink` and `--plot-1`, so that it follows the page's theme.
 */
export function withPageColors(svg: string): string {
  const variables = [
    ...Object.entries(COLORS),
    ...SERIES_COLORS.slice(1).map((color, i) => [`${i + 1}`, color] as const),
  ];
  return variables.reduce((text, [name, color]) => text.replaceAll(color, `var(--plot-${name})`), svg);
}
