import assert from 'node:assert/strict';
import { examine, probe } from '../../../src/core/diagnosis.ts';
import type { SecretStore } from '../../../src/core/sessions/store.ts';
import { createSecretStore } from '../../../src/vscode/secretStorage.ts';
import { breakableSecrets } from '../../faults/secrets.ts';
import { desktopSecrets, failing, type SecretVerb } from '../support/secretStorage.ts';

/** What Diagnose finds out about a SecretStorage. */
async function look(store: SecretStore): Promise<[ok: boolean | undefined, nextStep: string | undefined]> {
  const { ok, error, nextStep } = await examine('secretStorage', () => probe(store, new Set()));
  assert.equal(error?.code, ok ? undefined : 'storage');
  return [ok, nextStep];
}

describe('the probe of the secret storage', () => {
  const works = [true, undefined];
  const broken = [false, 'keyring'];

  it('writes, reads and deletes, and leaves nothing but the value to be blotted out', async () => {
    const host = desktopSecrets();
    const window = host.openWindow();
    const secrets = new Set<string>();
    const written: string[] = [];
    await probe(
      { ...window, store: (key, value) => (written.push(value), window.store(key, value)) },
      secrets,
    );
    assert.deepEqual(
      window.calls.map((call) => call.split(' ')[0]),
      ['store', 'get', 'delete', 'get'],
    );
    assert.deepEqual([...secrets], written);
    assert.equal(host.stored.size, 0);
  });

  for (const verb of ['store', 'get', 'delete'] satisfies SecretVerb[]) {
    it(`finds a ${verb} that fails`, async () => {
      const host = desktopSecrets();
      const window = host.openWindow();
      window.before = failing(verb);
      assert.deepEqual(await look(createSecretStore(asApi(window))), broken);
      if (verb !== 'delete') assert.equal(host.stored.size, 0);
    });
  }

  it('finds one that hangs, in time', async () => {
    const secrets = breakableSecrets();
    secrets.mood = 'hangs';
    assert.deepEqual(await look(createSecretStore(secrets.api, 20)), [false, 'keyringQuestion']);
  });

  it('deletes what was written after all', async () => {
    const host = desktopSecrets();
    const window = host.openWindow();
    window.after = failing('store');
    assert.deepEqual(await look(createSecretStore(asApi(window))), broken);
    assert.equal(host.stored.size, 0);
  });

  const forgetful: [what: string, change: (store: SecretStore) => Partial<SecretStore>][] = [
    ['forgets what was written', () => ({ store: () => Promise.resolve() })],
    ['gives something else', () => ({ get: () => Promise.resolve('something else') })],
    ['keeps what was deleted', () => ({ delete: () => Promise.resolve() })],
  ];
  for (const [what, change] of forgetful) {
    it(`finds one that ${what}`, async () => {
      const window = desktopSecrets().openWindow();
      assert.deepEqual(await look({ ...window, ...change(window) }), broken);
    });
  }

  it('does not disturb the probe of another window', async () => {
    const host = desktopSecrets({ way: () => new Promise((resolve) => setTimeout(resolve, 2)) });
    const looks = Array.from({ length: 5 }, () => look(host.openWindow()));
    for (const found of await Promise.all(looks)) assert.deepEqual(found, works);
  });
});

/** A fake window as VS Code's own SecretStorage. */
function asApi(store: SecretStore): Parameters<typeof createSecretStore>[0] {
  const keys = async (): Promise<string[]> => [...(await store.keys())];
  return { ...store, keys, onDidChange: () => ({ dispose: () => undefined }) };
}
