import { nameAxis } from './axes.js';
import { renderPlot } from './render-svg.js';

describe('renderPlot', () => {
  it('draws names that every object has, and leaves the prototype of all objects as it is', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const { svg } = renderPlot('names', '__proto__', 'constructor', {
      xAxis: nameAxis('valueOf', 30, names, 10),
      yAxis: { type: 'value' },
      series: [],
    });
    for (const name of names) expect(svg).toContain(name);
    const inherited: string[] = [];
    for (const key in {}) inherited.push(key);
    expect(inherited).toEqual([]);
  });
});
