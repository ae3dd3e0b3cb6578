import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';

/**
 * Reads the records that the extension keeps in SecretStorage, and writes some before, as damage or another version
 * of the extension would. VS Code's object for an extension's secrets knows the extension by one property: with
 * another id in it, the object of the tests' own extension gives the secrets of that one.
 * @returns each record by its key
 */
export async function records(
  window: WorkbenchWindow,
  written: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  return evaluateInHost(
    window,
    async (_api, entries) => {
      const own = globalThis.airiskTestSecrets;
      const id = own && Object.entries(own).find(([, value]) => value === 'airisk-test.rpc')?.[0];
      if (!own || id === undefined)
        throw new Error('SecretStorage has no property with the id of its extension.');
      Reflect.set(own, id, 'airisk.airisk-authentication');
      try {
        for (const [key, text] of entries) await own.store(key, text);
        const keys = await own.keys();
        const texts = await Promise.all(keys.map((key) => own.get(key)));
        return Object.fromEntries(keys.map((key, index) => [key, texts[index] ?? '']));
      } finally {
        Reflect.set(own, id, 'airisk-test.rpc');
      }
    },
    Object.entries(written),
  );
}

/** Lets every token that a window has be one that has lived for eight hours more, and ends when it did. */
export async function makeTokensOlder(window: WorkbenchWindow): Promise<void> {
  const older = Object.entries(await records(window)).flatMap(([key, text]) => {
    if (!key.startsWith('session:')) return [];
    const record: { obtained: number } = JSON.parse(text);
    return [[key, JSON.stringify({ ...record, obtained: record.obtained - 8 * 3_600_000 })] as const];
  });
  await records(window, Object.fromEntries(older));
}
