import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, runWatch } from '#monitoring';
import { temporaryFolder, Workspace } from '#testing';
import { maintainersPackages } from '../../tools/maintain/install.mjs';
import { boot, type RunningApi } from '../helper/boot.js';
import { StoppedClock } from '../helper/stopped-clock.js';
import { type Browser, type Page, startBrowser } from './helper/chromium.js';

const DAY = 86_400_000;
/** Names that break pages which take them for markup, for keys, or for the direction of a text. */
const HOSTILE = ['<img src=x onerror="alert(1)">', '__proto__', '\u202Egnp.exe', 'web'];
const MODEL = 'hostile';
const COLUMN = '<script>alert(2)</script>';
const PAGES = ['/monitor', `/monitor/${MODEL}`, `/monitor/${MODEL}/columns/${encodeURIComponent(COLUMN)}`];

/** 400 rows of hostile categories become a model; later rows have one of them only. */
async function writeModel(home: string, workspace: Workspace): Promise<void> {
  const lines = Array.from({ length: 400 }, (_, n) => {
    const label = n % 4 < 2 ? '<i>no</i>' : '__proto__';
    return `"${HOSTILE[n % 4].replaceAll('"', '""')}",${(n % 10) + (n % 4)},${label}`;
  });
  writeFileSync(join(home, `${MODEL}.csv`), `${COLUMN},x,label\n${lines.join('\n')}\n`);
  const run = (...args: string[]) => workspace.runWith({ SKEWLESS_HOME: home }, ...args);
  expect(await run('init', join(home, `${MODEL}.csv`), '--target', 'label')).toMatchObject({ code: 0, stderr: '' });
  const file = join(home, `config/models/${MODEL}.yaml`);
  const model = readFileSync(file, 'utf8')
    .replace('algorithm: auto', 'algorithm: gradient_boosting')
    .replace('hyperparameters: {}', 'hyperparameters: {n_estimators: 10}')
    .replaceAll('use: false', 'use: true');
  writeFileSync(file, model);
  const { code, stderr } = await run('run', MODEL);
  if (code !== 0) throw new Error(stderr);
}

describe('The pages of the monitor in Chromium', () => {
  const home = mkdtempSync(join(tmpdir(), 'skewless-home-'));
  const store = temporaryFolder();
  const axe = readFileSync(maintainersPackages().require.resolve('axe-core/axe.min.js'), 'utf8');
  const workspace = new Workspace();
  let browser: Browser;
  let api: RunningApi;

  beforeAll(async () => {
    await writeModel(home, workspace);
    const settings = {
      MODELS_DIR: join(home, 'models'),
      DEFAULT_MODEL: MODEL,
      MONITOR_ENABLED: 'true',
      MONITOR_STORE: store,
      MONITOR_SLICES: COLUMN,
    };
    const today = Date.now() - (Date.now() % DAY);
    // Two hours of yesterday: the watch compares minutes.
    const clock = new StoppedClock(today - DAY / 2);
    const first = await boot(settings);
    const labels = [];
    for (let n = 0; n < 400; n++) {
      const { body } = await first.post('/predict', { [COLUMN]: HOSTILE[n % 8 === 0 ? 3 : 0], x: (n % 10) + (n % 4) });
      clock.advance(20_000);
      labels.push({ prediction_id: body.prediction_id, label: n % 3 === 0 ? '__proto__' : '<i>no</i>' });
    }
    expect((await first.post('/feedback', { labels })).body).toMatchObject({ accepted: 400 });
    await first.close();
    clock.giveBack();
    const watched = await openStore({ store, schema: '', maxBytes: 1e9 });
    await runWatch(watched, today + 600_000);
    await watched.close();
    api = await boot(settings);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await api.close();
  });

  /** What a page does that it should not. */
  async function opened(path: string, options: object, look: (page: Page) => Promise<void>): Promise<string[]> {
    const faults: string[] = [];
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => {
      faults.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${api.url}/`) && url !== 'data:,') faults.push(`asked ${url}`);
    });
    await page.goto(api.url + path);
    await look(page);
    await context.close();
    return faults;
  }

  const looks = PAGES.flatMap((path) =>
    [360, 1280].flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => ({ path, width, colorScheme }))),
  );

  it.each(looks)(
    '$path at $width px, $colorScheme: no serious finding of axe, nothing blocked, nothing wider than the page',
    async ({ path, width, colorScheme }) => {
      const viewport = { width, height: 800 };
      const faults = await opened(path, { viewport, colorScheme }, async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(await page.evaluate('document.querySelectorAll("main img, main script, main i").length')).toBe(0);
      });
      expect(faults).toEqual([]);
      // The page's own policy lets no other script in.
      await opened(path, { viewport, colorScheme, bypassCSP: true }, async (page) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate<{ violations: { id: string; impact: string; nodes: unknown[] }[] }>(
          'axe.run({ resultTypes: ["violations"] })',
        );
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(grave.map(({ id, nodes }) => [id, JSON.stringify(nodes)])).toEqual([]);
      });
    },
  );

  it('shows hostile names as the texts that they are', async () => {
    const faults = await opened(PAGES[1], {}, async (page) => {
      const text = await page.evaluate<string>('document.querySelector("main").textContent');
      expect(text).toContain(`${COLUMN}: `);
      expect(text).toContain(JSON.stringify(HOSTILE[0]));
      expect(text).toContain(`Accuracy by ${COLUMN}`);
      expect(text).toContain('was <i>no</i>');
      expect(text).toContain('was __proto__');
    });
    expect(faults).toEqual([]);
    expect(
      await opened(PAGES[2], {}, async (page) => {
        const cells = await page.evaluate<string[]>(
          '[...document.querySelectorAll("main section:nth-of-type(2) th[scope=row]")].map((cell) => cell.textContent)',
        );
        expect([...cells].sort()).toEqual(
          [...HOSTILE.map((name) => JSON.stringify(name)), 'missing', 'never seen'].sort(),
        );
      }),
    ).toEqual([]);
  });

  it.each(PAGES)('%s: the keyboard reaches every link, and each can be seen', async (path) => {
    await opened(path, { viewport: { width: 360, height: 800 } }, async (page) => {
      const links = await page.evaluate<string[]>('[...document.links].map((link) => link.href)');
      const reached = new Set<string>();
      for (let n = 0; n < links.length + 30; n++) {
        await page.keyboard.press('Tab');
        const [href, outline] = await page.evaluate<[string | undefined, string]>(
          '[document.activeElement.href, getComputedStyle(document.activeElement).outlineStyle]',
        );
        if (href === undefined) continue;
        reached.add(href);
        expect([href, outline]).toEqual([href, 'solid']);
      }
      expect([...reached].sort()).toEqual([...new Set(links)].sort());
    });
  });
});
