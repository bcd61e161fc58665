/** Why a champion is not scored on the candidate's rows. */
export const incomparable = (champion: string): string =>
  `champion ${champion} takes other columns or knows other classes`;
