import { idText, mintIds, SingleId } from './prediction-ids.js';

it('generates unique UUIDs of version 7 with the current time, in requests of any size', () => {
  const before = Date.now();
  const texts = [1, 1, 100, 255, 256, 257, 1_000].flatMap((rows) => {
    const ids = mintIds(rows);
    return Array.from({ length: rows }, (_, row) => idText(ids, row));
  });
  const [one, other] = [new SingleId(), new SingleId()];
  for (let i = 0; i < 300; i++) {
    for (const single of [one, other]) {
      texts.push(single.mint());
      expect(idText(single.bytes, 0)).toBe(texts.at(-1));
    }
  }
  const after = Date.now();
  expect(new Set(texts).size).toBe(2_470);
  for (const text of texts) {
    expect(text).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = parseInt(text.slice(0, 8) + text.slice(9, 13), 16);
    expect(time >= before && time <= after).toBe(true);
  }
  // Every random digit takes all values.
  for (const at of [15, 16, 17, 20, 21, 22, 24, 30, 35]) expect(new Set(texts.map((text) => text[at])).size).toBe(16);
});
