// The live page in headless Chromium. Debian's `chromium` is not among what ./setup installs, as it takes 350 MB; PKTAP_CHROMIUM=PATH
// names another.

import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { findProgram } from './served.js';

const chromium = findProgram(
  ['chromium', 'chromium-browser', 'google-chrome'],
  process.env['PKTAP_CHROMIUM'],
);
/** Why there is no page here; false where there is. */
export const noBrowser = chromium === null ? 'no chromium here (PKTAP_CHROMIUM=PATH)' : false;
/** A start of Chromium on a busy machine takes a while. */
const PATIENCE = 120_000;
/** What is waited for in a page that is there. */
const WAIT = 60_000;

/** @param args more of Chromium's */
export async function startBrowser(...args: string[]): Promise<Browser> {
  const { chromium: driver } = await import('playwright-core');
  return driver.launch({ executablePath: chromium!, args: ['--no-sandbox', ...args], timeout: PATIENCE });
}

/** Opens a page. @returns it, and what it complains of: violations of its policy too */
export async function openPage(
  t: TestContext,
  browser: Browser,
  url: string,
  look: Parameters<Browser['newPage']>[0] = {},
): Promise<{ page: Page; faults: string[]; requests: string[] }> {
  const page = await browser.newPage(look);
  t.after(() => page.close());
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, faults, requests };
}

/** Rows of a table, as column → text. */
export async function rowsOf(page: Page, tab: string): Promise<Record<string, string>[]> {
  await page.click(`#tab-${tab}`);
  await page.waitForSelector(`[data-table=${tab}] table`);
  const rows = await page.locator('#table tbody tr:not(.rest)').all();
  return Promise.all(
    rows.map((row) =>
      row
        .locator('td')
        .evaluateAll((cells) =>
          Object.fromEntries(
            (cells as unknown as { dataset: Record<string, string>; textContent: string }[]).map((cell) => [
              cell.dataset['column'],
              cell.textContent,
            ]),
          ),
        ),
    ),
  );
}

/** Drops a file on the page. */
export async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => { const t = new DataTransfer(); t.items.add(new File([Uint8Array.from(atob('${bytes.toString('base64')}'), (c) => c.charCodeAt(0))], ${JSON.stringify(name)})); return t; })()`,
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

/** Waits until an expression is true in the page. The page's policy has no `eval`, by which Playwright's own wait would ask. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const begin = Date.now(); (await page.evaluate(expression)) !== true; ) {
    if (Date.now() - begin > WAIT)
      throw new Error(`never: ${expression}\n${await page.locator('body').innerText()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
