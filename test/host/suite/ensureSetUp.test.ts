import assert from 'node:assert/strict';
import { AiriskError } from '../../../src/core/errors.ts';
import { ensureSetUp, type EnsureSetUpParts } from '../../../src/vscode/signIn/ensureSetUp.ts';

describe('a sign-in that leads into set-up', () => {
  it('goes on with what was set up, whatever the window uses by then', async () => {
    for (const used of ['first', undefined]) {
      let inUse = used;
      const secrets = new Set<string>();
      const asked: string[] = [];
      const parts = {
        settings: {
          inUse: () => (inUse === undefined ? undefined : { name: inUse }),
          named: (name: string) => ({ name }),
          deployment: () => {
            if (inUse !== undefined) return { name: inUse };
            throw new AiriskError('not_configured', { subject: 'airisk.clientId' });
          },
        },
        clientSecrets: { get: async ({ name }: { name: string }) => secrets.has(name) || undefined },
        setUp: async (name: string) => {
          asked.push(name);
          secrets.add(name).add('second');
          inUse = 'second';
          return true;
        },
      };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it takes of the settings is there
      const { name } = await ensureSetUp(parts as unknown as EnsureSetUpParts, undefined);
      assert.deepEqual([name, ...asked], [used ?? 'default', used ?? 'default']);
    }
  });
});
