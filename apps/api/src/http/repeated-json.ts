/** JSON.stringify with a cache of one, for texts that usually repeat. */
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
