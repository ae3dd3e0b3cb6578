import assert from 'node:assert/strict';
import type { Emulator } from '../emulator/emulator.ts';
import { stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import {
  changeSettings,
  clearNotifications,
  clientSecret,
  executeCommand,
  signInForTests,
  startCommand,
  startSignIn,
} from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { airiskToasts, holdRedirect, signedInAs } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';

interface Case {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  readonly userid?: string;
  readonly prepare?: (emulator: Emulator) => Promise<unknown>;
  readonly message: RegExp;
  readonly button: string;
}

const traceId = /\(AIRisk trace ID: 00-[0-9a-f]{32}-[0-9a-f]{16}-00\)/;

const unregistered = 'https://localhost/signed-in';

const cases: readonly Case[] = [
  {
    name: 'an unknown client',
    settings: { clientId: 'nobody' },
    message: new RegExp(
      `rejected the sign-in request: Unauthorized\\. Check the user and the client ID .*${traceId.source}`,
    ),
    button: 'Set Up',
  },
  {
    name: 'an unknown userid',
    userid: 'nobody',
    message: new RegExp(`rejected the sign-in request: .* userid\\. Check the user .*${traceId.source}`),
    button: 'Set Up',
  },
  {
    name: 'an unknown redirect URI',
    settings: { redirectUri: unregistered },
    message: new RegExp(`register exactly this redirect URI: ${unregistered} ${traceId.source}`),
    button: 'Copy Redirect URI',
  },
  {
    name: 'a wrong secret',
    secret: 'not the secret',
    message: new RegExp(`rejected the client secret\\. Enter it exactly .*${traceId.source}`),
    button: 'Change Client Secret',
  },
  {
    name: 'a wrong code',
    prepare: ({ client }) => client.inject({ endpoint: 'authorize', kind: 'wrongCode', times: 0 }),
    message: /rejected the code/,
    button: 'Try Again',
  },
  {
    name: 'an unreachable host',
    settings: { baseUrl: 'http://127.0.0.3:40399' },
    message: /Nothing responds at 127\.0\.0\.3:40399\. Check the address/,
    button: 'Try Again',
  },
  {
    name: 'a front end in the way',
    prepare: ({ client }) => client.inject({ endpoint: 'authorize', kind: '502' }),
    message: /has a server problem \(HTTP 502\)/,
    button: 'Try Again',
  },
  {
    name: 'a redirect with error=access_denied',
    prepare: ({ client }) => client.inject({ endpoint: 'authorize', kind: 'errorRedirect', times: 0 }),
    message: /AIRisk rejected the sign-in:/,
    button: 'Try Again',
  },
  {
    name: 'no redirect at all',
    settings: { signInTimeoutMinutes: 0.05 },
    prepare: ({ client }) => client.inject({ endpoint: 'authorize', kind: 'noRedirect', times: 0 }),
    message: /The browser did not return in time/,
    button: 'Try Again',
  },
  {
    name: 'a redirect with another state',
    settings: { signInTimeoutMinutes: 0.05 },
    prepare: ({ client }) => client.inject({ endpoint: 'authorize', kind: 'wrongState', times: 0 }),
    message: /The browser did not return in time/,
    button: 'Try Again',
  },
  {
    name: 'a redirect without a state',
    prepare: ({ client }) => client.inject({ endpoint: 'authorize', kind: 'missingState', times: 0 }),
    message: /did not return the state of this sign-in/,
    button: 'Try Again',
  },
  {
    name: 'a token that has expired already',
    prepare: ({ client }) => client.inject({ endpoint: 'token', kind: 'pastExpiration' }),
    message: /issued a token that is already expired/,
    button: 'Try Again',
  },
  {
    name: 'an unexpected response',
    prepare: ({ client }) => client.inject({ endpoint: 'token', kind: 'garbage' }),
    message: /Something other than AIRisk responded: HTTP 200\. Open the address/,
    button: 'Try Again',
  },
];

describe('a sign-in that fails', () => {
  let window: WorkbenchWindow;
  let emulator: Emulator;
  let defaults: Readonly<Record<string, unknown>>;

  before(async function () {
    ({ emulator } = stageOf(this));
    defaults = {
      baseUrl: emulator.origin,
      clientId: 'abc123',
      signInTimeoutMinutes: undefined,
      redirectUri: undefined,
    };
    window = await openWindow(stageOf(this));
  });
  beforeEach(() => emulator.client.reset());
  afterEach(async () => {
    await clearNotifications(window);
    await changeSettings(window, defaults);
  });
  after(() => window.context.close());

  const assertSignedOut = async (): Promise<void> => {
    const accounts = await evaluateInHost(window, (api) => api.authentication.getAccounts('airisk'));
    assert.deepEqual(accounts, []);
  };

  for (const [setting, missing, step] of [
    ['baseUrl', 'the deployment address', 'Address of your AIRisk deployment'],
    ['clientId', 'the client ID', 'Client ID'],
    ['', 'the client secret', 'Client secret'],
  ] as const) {
    it(`leads into set-up for ${missing}, and says nothing after Escape`, async () => {
      if (setting) await changeSettings(window, { [setting]: '' });
      const ended = executeCommand(window, 'airisk.signIn', { userid: '' });
      const input = quickInput(window.page);
      await input.waitForMessage(step);
      await input.cancel();
      await ended;
      assert.deepEqual(await airiskToasts(window), []);
      await assertSignedOut();
    });
  }

  for (const {
    name,
    settings = {},
    secret = clientSecret,
    userid = 'user_42',
    prepare,
    message,
    button,
  } of cases) {
    it(`says why and what to do: ${name}`, async () => {
      await changeSettings(window, settings);
      await signInForTests(window, undefined, secret);
      await prepare?.(emulator);
      await startSignIn(window, userid);
      await notifications(window.page).waitFor(message);
      await screenshotThemes(window, `error-${name}`);
      const buttons = await notifications(window.page).buttons(message);
      assert.ok(buttons.includes(button), buttons.join());
      await assertSignedOut();
    });
  }

  it('says why and what to do: a used code', async () => {
    await signInForTests(window);
    const held = holdRedirect(window.context);
    await startSignIn(window, 'user_42');
    const address = await held;
    const requests = (await emulator.client.requests()).filter(({ path }) => path === '/api/oauth2');
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'abc123',
      client_secret: clientSecret,
      redirect_uri: requests.at(-1)?.query['redirect_uri'] ?? '',
      code: new URL(address).searchParams.get('code') ?? '',
      userid: 'user_42',
    });
    const answer = await fetch(`${emulator.origin}/api/oauth2/Token`, { method: 'POST', body });
    assert.equal(answer.status, 200);
    const tab = await window.context.newPage();
    await tab.goto(address);
    await window.page.bringToFront();
    await notifications(window.page).waitFor(/rejected the code/);
    assert.ok((await notifications(window.page).buttons(/rejected the code/)).includes('Try Again'));
    await assertSignedOut();
    await tab.close();
  });

  it('says why and what to do to whom an extension asked', async () => {
    await signInForTests(window);
    await emulator.client.inject({ endpoint: 'token', kind: '500' });
    const asked = getSessionAs(window, 'one', ['userid:user_42'], { createIfNone: true });
    await dialog(window.page).click('Allow');
    await assert.rejects(asked, /has a server problem/);
    await notifications(window.page).click('has a server problem', 'Try Again');
    await notifications(window.page).waitFor(signedInAs('user_42'));
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signOutAll'));
  });

  it('ends a renewal that takes long on Cancel, and keeps the token', async () => {
    await signInForTests(window, 'user_42');
    await emulator.client.inject({ endpoint: 'token', kind: 'delay', delayMs: 20_000 });
    const title = 'Renewing the AIRisk token';
    await startCommand(window, 'airisk.renew', { userid: 'user_42' });
    await notifications(window.page).click(title, 'Cancel');
    await until(async () => (await notifications(window.page).texts()).length === 0);
    // The emulator still waits: the renewal itself has not ended.
    const tokenRequests = (await emulator.client.requests()).filter(({ method }) => method === 'POST');
    assert.equal(tokenRequests.filter(({ status }) => status === 200).length, 1);
    const accounts = await evaluateInHost(window, (api) => api.authentication.getAccounts('airisk'));
    assert.equal(accounts.length, 1);
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signOutAll'));
  });

  it('does the same again on Try Again', async () => {
    await emulator.client.inject({ endpoint: 'token', kind: '500' });
    await startSignIn(window, 'user_42');
    await notifications(window.page).click('has a server problem', 'Try Again');
    await notifications(window.page).waitFor(signedInAs('user_42'));
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signOutAll'));
  });

  it('is quiet after Cancel', async () => {
    await emulator.client.inject({ endpoint: 'authorize', kind: 'noRedirect', times: 0 });
    await startSignIn(window, 'user_42');
    const toasts = notifications(window.page);
    await toasts.waitFor('Signing in to AIRisk as user_42');
    await toasts.click('Signing in to AIRisk', 'Cancel');
    await until(async () => !(await toasts.texts()).some((text) => text.startsWith('Signing in')));
    assert.deepEqual(await toasts.texts(), []);
    await assertSignedOut();
  });
});
