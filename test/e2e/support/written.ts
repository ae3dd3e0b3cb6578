import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Something that was written, and where. */
export interface Written {
  readonly where: string;
  readonly text: string;
}

/** Every file below a folder. */
export async function filesIn(folder: string): Promise<Written[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // One that goes meanwhile has nothing in it any more.
  const read = (where: string): Promise<string> => readFile(where, 'latin1').catch(() => '');
  return Promise.all(files.map(async (where) => ({ where, text: await read(where) })));
}

/** Starts to note every text and label that a window shows. */
export async function noteShown(page: Page): Promise<void> {
  await page.evaluate(`
    window.shownByTheTest = new Set();
    const note = (node) => {
      const element = node.nodeType === 1 ? node : node.parentElement;
      if (!element) return;
      window.shownByTheTest.add(element.textContent);
      for (const labelled of [element, ...element.querySelectorAll('[aria-label], [title]')]) {
        window.shownByTheTest.add(labelled.getAttribute('aria-label') ?? '');
        window.shownByTheTest.add(labelled.getAttribute('title') ?? '');
      }
    };
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) { note(target); addedNodes.forEach(note); }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: ['aria-label', 'title'] });
  `);
}

/** Everything that the window has shown since {@link noteShown}. */
export async function shownBy(page: Page): Promise<Written> {
  const text = await page.evaluate<string>(`[...window.shownByTheTest].join('\\n')`);
  return { where: 'what the window showed', text };
}

/** What the workbench keeps in its page, other than the encrypted secrets. */
export async function keptBy(page: Page): Promise<Written[]> {
  const web = await page.evaluate<string>(`JSON.stringify([localStorage, sessionStorage].map((kept) =>
    Object.entries(kept).filter(([key]) => key !== 'secrets.provider')))`);
  const databases = await page.evaluate<string>(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const all = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        all.push(name, store, await done(objects.getAllKeys()), (await done(objects.getAll())).map((value) =>
          value instanceof Uint8Array ? new TextDecoder().decode(value) : value));
      }
      database.close();
    }
    return JSON.stringify(all);
  })()`);
  return [
    { where: 'localStorage and sessionStorage', text: web },
    { where: 'IndexedDB', text: databases },
  ];
}

/** Where any of the secrets stands, plainly or escaped as in an address. */
export function findSecrets(
  written: readonly Written[],
  secrets: ReadonlyMap<string, string>,
  shapes: readonly RegExp[],
): string[] {
  return written.flatMap(({ where, text }) => [
    ...[...secrets].flatMap(([secret, name]) =>
      text.includes(secret) || text.includes(encodeURIComponent(secret)) ? [`${name} in ${where}`] : [],
    ),
    ...shapes.filter((shape) => shape.test(text)).map((shape) => `${String(shape)} in ${where}`),
  ]);
}

/** What a window shows or a screen reader says now that begins with one of the ids, whole or shortened. */
export async function linesLedBy(page: Page, ids: readonly string[]): Promise<string[]> {
  const lines = await page.evaluate<string[]>(`[
    ...document.body.innerText.split(/[\\n\\t]/),
    ...[...document.querySelectorAll('[aria-label], [title]')].flatMap((element) =>
      ['aria-label', 'title'].map((name) => element.getAttribute(name) ?? '')),
  ]`);
  return lines.filter((line) => {
    const start = line.replace(/^[^\p{L}\p{N}]+/u, '');
    return ids.some((id) => start.startsWith(id.slice(0, 8)));
  });
}
