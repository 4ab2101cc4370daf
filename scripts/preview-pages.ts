/** Takes pictures of every page in every state, light and dark, wide and narrow: node scripts/preview-pages.ts [NAME]. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../packages/server/test/pages/browser.ts';
import { gallery } from '../packages/server/test/pages/gallery.ts';
import { servePages } from '../packages/server/test/pages/serve.ts';

const FOLDER = join(import.meta.dirname, '../test-results/pages');
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
] as const;
const SCHEMES = ['light', 'dark'] as const;
const WRITINGS = { en: 'locale=en', de: 'locale=de', rtl: 'dir=rtl' } as const;

type Look = Readonly<{ viewport: (typeof SIZES)[number]; colorScheme: (typeof SCHEMES)[number] }>;

const wanted = gallery.filter(({ name }) => name.startsWith(process.argv[2] ?? ''));

async function photograph(browser: Browser, origin: string, look: Look): Promise<void> {
  const page = await browser.newPage(look);
  for (const [writing, query] of Object.entries(WRITINGS)) {
    for (const { name } of wanted) {
      await page.goto(`${origin}/${name}?${query}`);
      const path = join(FOLDER, `${name}.${writing}.${look.colorScheme}.${look.viewport.width}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
  }
  await page.close();
}

await mkdir(FOLDER, { recursive: true });
const server = await servePages();
const browser = await launchBrowser();
const looks = SIZES.flatMap((viewport) => SCHEMES.map((colorScheme) => ({ viewport, colorScheme })));
await Promise.all(looks.map((look) => photograph(browser, server.origin, look)));
await browser.close();
server.close();
console.log(`${wanted.length} pages photographed into ${FOLDER}`);
