import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import type { SetUpOfOne } from '../../../src/vscode/setUp/setUpParts.ts';
import { testStep } from '../../../src/vscode/setUp/testStep.ts';
import { named, next } from '../support/atWork.ts';

describe('the last step of Set Up', () => {
  it('leads to the diagnosis of the deployment that is set up, whichever is in use', async () => {
    const test = named('test', 'of-a-test');
    const parts: Partial<Record<keyof SetUpOfOne, unknown>> = {
      entry: {
        name: 'test',
        read: () => ({ baseUrl: test.origin, clientId: test.clientId, redirectUri: '' }),
      },
      settings: { deploymentOf: () => test, describe: () => test, inUse: () => next },
      clientSecrets: { get: async () => undefined },
      redirects: { rehearse: async () => 'https://localhost/callback' },
      http: () => ({ fetch: async () => new Response('', { status: 500 }), now: Date.now, timeoutMs: 5_000 }),
      questions: {
        ask: async (picker: vscode.QuickPick<vscode.QuickPickItem>) => {
          picker.dispose();
          return 'diagnose';
        },
      },
    };
    const executed = mock.method(vscode.commands, 'executeCommand', async () => undefined);
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the step uses is there
      await testStep(parts as unknown as SetUpOfOne, { step: 5, of: 5, drafts: new Map() }, true);
      assert.deepEqual(
        executed.mock.calls.map((call): unknown[] => call.arguments),
        [['airisk.diagnose', { userid: undefined, deploymentKey: test.key }]],
      );
    } finally {
      executed.mock.restore();
    }
  });
});
