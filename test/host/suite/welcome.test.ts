import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createWelcome, type WelcomeParts } from '../../../src/vscode/setUp/welcome.ts';
import { until } from '../../harness/until.ts';

/** What a focused window says that has never been welcomed, with such settings. */
async function welcome(settings: { baseUrl: string; clientId: string; deployments: object }) {
  const { showInformationMessage } = vscode.window;
  const said: string[] = [];
  let welcomed = false;
  let read = false;
  const parts = {
    state: {
      hadSecret: () => false,
      isWelcomed: () => welcomed,
      setWelcomed: async () => void (welcomed = true),
    },
    settings: {
      inUse: () => undefined,
      read: () => {
        read = true;
        return settings;
      },
    },
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  };
  const state = Object.getOwnPropertyDescriptor(vscode.window, 'state') ?? assert.fail();
  Object.assign(vscode.window, {
    showInformationMessage: async (message: string) => void said.push(message),
  });
  Object.defineProperty(vscode.window, 'state', { configurable: true, value: { focused: true } });
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is used of it is there
    createWelcome(parts as unknown as WelcomeParts)();
    await until(async () => read);
  } finally {
    Object.assign(vscode.window, { showInformationMessage });
    Object.defineProperty(vscode.window, 'state', state);
  }
  return said;
}

describe('the welcome', () => {
  for (const [what, settings, says] of [
    ['says how to begin where nothing is set up', {}, ['AIRisk is ready. Set it up to sign in.']],
    ['says nothing where an address is set', { baseUrl: 'https://demo.aicrisk.com' }, []],
    ['says nothing where only further deployments are', { deployments: { test: {} } }, []],
  ] as const) {
    it(what, async () => {
      assert.deepEqual(await welcome({ baseUrl: '', clientId: '', deployments: {}, ...settings }), says);
    });
  }
});
