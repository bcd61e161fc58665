/** JSON.stringify for texts that are most often the same as the one before. */
export function repeatedJson(): (text: string) => string {
  let last = '';
  let json = '""';
  return (text) => {
    if (text !== last) {
      last = text;
      json = JSON.stringify(text);
    }
    return json;
  };
}
