import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createSession } from '../../../src/core/sessions/session.ts';
import { copyRequest } from '../../../src/vscode/commands/copyRequest.ts';
import type { TokenCommandParts } from '../../../src/vscode/commands/tokenCommands.ts';
import { named } from '../support/atWork.ts';

const demo = named('demo', 'abc123');

describe('copying a request with the helper', () => {
  /** What is copied for bash when the settings name deployments so, the one of the session first. */
  async function copied(names: string[], later = names): Promise<string> {
    const token = { accessToken: 'a.b.c', expiration: Date.now() + 3_600_000, clockSkew: 0 };
    const session = createSession(demo, '', token, Date.now());
    const configured = (list: string[]) =>
      list.map((name, index) => ({ ...demo, key: index === 0 ? demo.key : name, name }));
    let deployments = configured(names);
    const parts = {
      settings: {
        inUse: () => deployments[0],
        describe: () => deployments[0],
        deployments: () => deployments,
      },
      sessions: { listStored: async () => [session], find: async () => session },
      state: { chosenUserid: () => undefined },
      questions: {
        pick: async (items: readonly (vscode.QuickPickItem & { form: string; withHelper: boolean })[]) => {
          deployments = configured(later);
          return items.find(({ form, withHelper }) => form === 'bash' && withHelper);
        },
      },
      now: Date.now,
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the command uses is there
    await copyRequest(parts as unknown as TokenCommandParts, { deployment: demo }, undefined);
    return vscode.env.clipboard.readText();
  }

  it('names the deployment when the helper could mean a different one, then or later', async () => {
    assert.match(await copied(['default']), /^airisk-token --generic --header \|/);
    assert.match(await copied(['demo']), /^airisk-token --generic --deployment demo --header \|/);
    assert.match(
      await copied(['default', 'other']),
      /^airisk-token --generic --deployment default --header \|/,
    );
  });

  it('copies none that would send the token of a different deployment', async () => {
    assert.match(await copied(['demo'], ['renamed']), /--deployment renamed --header/);
    await assert.rejects(copied(['demo'], []), { code: 'settings_changed' });
  });
});
