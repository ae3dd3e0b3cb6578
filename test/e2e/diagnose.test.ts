import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AdminClient } from '../emulator/adminClient.ts';
import { startSelfSigned } from '../emulator/selfSigned.ts';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import {
  changeSettings,
  clearNotifications,
  clientSecret,
  executeCommand,
  signInForTests,
} from './support/host.ts';
import { breakKeyring } from './support/keyring.ts';
import { screenshotThemes } from './support/themes.ts';

interface Case {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  readonly prepare?: (client: AdminClient) => Promise<unknown>;
  /** Lines of the report, in their order. */
  readonly lines: readonly RegExp[];
  /** What the message offers beside its copy. */
  readonly button?: string;
}

const always = async (client: AdminClient, kind: '502' | 'captivePortal'): Promise<void> => {
  await client.inject({ endpoint: 'token', kind, times: 0 });
  await client.inject({ endpoint: 'authorize', kind, times: 0 });
};

const cases: readonly Case[] = [
  {
    name: 'an address that is not set',
    settings: { baseUrl: undefined },
    lines: [
      /✗ \*\*Settings\*\*: /,
      /Next step\*\*: Run "AIRisk: Set Up"\./,
      /– \*\*Client secret\*\*: Not checked/,
      /– \*\*Deployment\*\*: Not checked/,
      /– \*\*Token request\*\*: Not checked/,
    ],
  },
  {
    name: 'a client ID that is not set',
    settings: { clientId: undefined },
    lines: [
      /✗ \*\*Settings\*\*: /,
      /Next step\*\*: Run "AIRisk: Set Up"\./,
      /– \*\*Authorization request\*\*: Not checked/,
    ],
  },
  {
    name: 'an unknown client',
    settings: { clientId: 'nobody' },
    secret: clientSecret,
    lines: [
      /✗ \*\*Authorization request\*\*: AIRisk does not recognize this client ID\.\n/,
      /Next step\*\*: Compare the client ID with the one from your AIRisk administrator\.\n {2}- AIRisk trace ID: 00-[0-9a-f-]{52}\n/,
      /– \*\*Token request\*\*: Not checked/,
    ],
  },
  {
    name: 'a redirect URI that is not registered',
    settings: { redirectUri: 'https://example.com/signed-in' },
    lines: [
      /✗ \*\*Authorization request\*\*: AIRisk does not recognize this redirect URI\.\n/,
      /Next step\*\*: Ask your AIRisk administrator to register exactly this redirect URI: https:\/\/example\.com\/signed-in/,
      /✓ \*\*Redirect URI\*\*: Nothing listens at https:\/\/example\.com\/signed-in/,
    ],
    button: 'Copy Redirect URI',
  },
  {
    name: 'the callback of another editor',
    settings: { redirectUri: 'vscode-insiders://airisk.airisk-authentication/callback' },
    lines: [
      /✗ \*\*Redirect URI\*\*: vscode-insiders:.* opens a different editor/,
      /Select how the sign-in returns/,
    ],
  },
  {
    name: 'an address that nobody answers at',
    settings: { baseUrl: 'http://127.0.0.3:40399' },
    lines: [
      /✗ \*\*Client secret\*\*: Not stored/,
      /✗ \*\*Deployment\*\*: Nothing responds at 127\.0\.0\.3:40399\./,
      /Next step\*\*: Check the address, network, VPN, and proxy\./,
      /– \*\*Clock\*\*: Not checked/,
    ],
  },
  {
    name: 'a name that does not exist',
    settings: { baseUrl: 'https://airisk.invalid' },
    lines: [
      /✗ \*\*Deployment\*\*: No server named airisk\.invalid can be found\./,
      /Next step\*\*: Check the spelling/,
    ],
  },
  {
    name: 'a captive portal',
    prepare: (client) => always(client, 'captivePortal'),
    lines: [
      /✗ \*\*Deployment\*\*: Something other than AIRisk responded: Guest network/,
      /Next step\*\*: Open the address in a browser\. If a network sign-in page appears, sign in/,
    ],
  },
  {
    name: 'a front end without the application behind it',
    prepare: (client) => always(client, '502'),
    lines: [
      /✗ \*\*Deployment\*\*: AIRisk has a server problem \(HTTP 502\)/,
      /Next step\*\*: Try again in a few minutes/,
    ],
  },
  {
    name: 'a clock that is wrong',
    prepare: (client) => client.setOptions({ clockSkewSeconds: 600 }),
    lines: [
      /✗ \*\*Clock\*\*: This computer's clock is (599|600|601) seconds behind/,
      /Turn on automatic time/,
    ],
  },
  {
    name: 'a wrong secret',
    secret: 'not the secret',
    lines: [
      /✗ \*\*Token request\*\*: AIRisk rejected the client secret/,
      /Enter it exactly as you received it/,
    ],
    button: 'Change Client Secret',
  },
  {
    name: 'a setting that is not valid',
    settings: { renewal: 'sometimes' },
    secret: clientSecret,
    lines: [/✗ \*\*Settings\*\*: airisk\.renewal is not valid, so its default is used/],
  },
];

describe('Diagnose', function () {
  let stage: Stage;
  let window: WorkbenchWindow;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await signInForTests(window);
  });
  afterEach(async () => {
    await breakKeyring(window);
    await clearNotifications(window);
    await resetStage(stage);
    await changeSettings(window, {
      baseUrl: stage.emulator.origin,
      clientId: 'abc123',
      redirectUri: undefined,
      renewal: undefined,
      deployments: undefined,
    });
  });
  after(() => window.context.close());

  const storeSecret = (secret: string): Promise<unknown> => signInForTests(window, undefined, secret);
  /** What the message at the end of the last Diagnose offered. */
  let toast: { buttons: string[]; warns: boolean };
  /** Runs Diagnose as a user does, for a deployment where there is a choice, and copies its report. */
  const diagnose = async (which?: string): Promise<string> => {
    await runCommand(window.page, 'AIRisk: Diagnose');
    if (which !== undefined) await quickInput(window.page).pick(which);
    await notifications(window.page).waitFor(
      /AIRisk: (all checks passed|one check failed|\d+ checks failed)/,
    );
    toast = {
      buttons: await notifications(window.page).buttons(/check(s)? (passed|failed)/),
      warns: await window.page.locator('.notification-list-item .codicon-warning').first().isVisible(),
    };
    await evaluateInHost(window, (api) => api.env.clipboard.writeText(''));
    await notifications(window.page).click(/check(s)? (passed|failed)/, 'Copy Report');
    for (;;) {
      const text = await evaluateInHost(window, (api) => api.env.clipboard.readText());
      if (text !== '') return text;
    }
  };

  it('passes every check where all is well, and shows it', async () => {
    await signInForTests(window, 'user_42');
    const text = await diagnose();
    assert.match(text, /\*\*AIRisk: all checks passed\.\*\*/);
    assert.deepEqual(toast, { buttons: ['Copy Report'], warns: false });
    for (const check of [
      'Settings',
      'Secret storage',
      'Client secret',
      'Redirect URI',
      'URI scheme',
      'Deployment',
      'Clock',
      'Authorization request',
      'Token request',
    ]) {
      assert.ok(text.includes(`- ✓ **${check}**: `), `${check} in\n${text}`);
    }
    assert.match(text, /URI scheme\*\*: The browser itself hands the redirect over\./);
    const environment = text.split('## Environment')[1] ?? '';
    for (const line of [
      /^- Time: \d{4}-\d\d-\d\dT[\d:.]+Z$/m,
      /^- AIRisk Authentication \d+\.\d+\.\d+$/m,
      /^- code-server \d+\.\d+\.\d+ in a browser$/m,
      /^- Remote window: yes$/m,
      /^- URI scheme: code-oss$/m,
    ]) {
      assert.match(environment, line);
    }
    assert.match(text, /- Sessions: 1 active, 0 expired\n- Next session expires: \d{4}-/);
    assert.doesNotMatch(text, /user_42/);
    const preview = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await preview.getByRole('heading', { name: 'AIRisk diagnosis' }).waitFor();
    await screenshotThemes(window, 'diagnose-passed');
  });

  for (const { name, settings = {}, secret, prepare, lines, button } of cases) {
    it(`explains ${name}`, async () => {
      await changeSettings(window, settings);
      if (secret !== undefined) await storeSecret(secret);
      await prepare?.(stage.emulator.client);
      const text = await diagnose();
      assert.match(text, /\*\*\n\n- ✗/, 'failures come first');
      assert.ok(toast.warns);
      if (button) assert.ok(toast.buttons.includes(button), toast.buttons.join());
      let from = 0;
      for (const line of lines) {
        const found = line.exec(text.slice(from));
        assert.ok(found, `${line.source} in\n${text}`);
        from += found.index;
      }
      await screenshotThemes(window, `diagnose-${name}`);
    });
  }

  it('covers every deployment, those with failures first, or the one that is picked', async () => {
    const { origin } = stage.emulator;
    const redirectUri = 'https://localhost/callback';
    const broken = { baseUrl: origin, clientId: 'reporting-tool', redirectUri };
    await changeSettings(window, { deployments: { broken } });
    const ofAll = await diagnose('All deployments');
    await screenshotThemes(window, 'diagnose-deployments');
    const [, first = '', second = ''] = ofAll.split('\n## ');
    assert.match(ofAll, /^# AIRisk diagnosis\n\n\*\*AIRisk: one check failed\.\*\*\n\n## broken/);
    assert.match(first, /\n\n- ✗ \*\*Client secret\*\*: [^✗]*$/);
    assert.match(second, /^default[^✗]*- ✓ \*\*Token request\*\*: [^✗]*$/);
    await clearNotifications(window);
    const ofOne = await diagnose('default');
    assert.match(ofOne, /all checks passed/);
    assert.doesNotMatch(ofOne, /broken/);
    await clearNotifications(window);
    assert.match(await diagnose('broken'), /one check failed/);
  });

  it('explains a proxy that wants credentials, without those that it has', async () => {
    const proxy = createServer().on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
    });
    const port = await new Promise<number>((resolve) => {
      proxy.listen(0, '127.0.0.1', () => {
        const address = proxy.address();
        if (address && typeof address === 'object') resolve(address.port);
      });
    });
    const useProxy = (address: string): Promise<void> =>
      evaluateInHost(
        window,
        (api, value) =>
          api.workspace
            .getConfiguration('http')
            .update('proxy', value || undefined, api.ConfigurationTarget.Global),
        address,
      );
    try {
      await useProxy(`http://u:MARKED@127.0.0.1:${port}`);
      await changeSettings(window, { baseUrl: 'https://airisk.invalid' });
      const text = await diagnose();
      assert.match(text, /Check the proxy and its credentials/);
      assert.match(text, new RegExp(`Proxy: 127\\.0\\.0\\.1:${port}`));
      assert.ok(!text.includes('MARKED'));
      await clearNotifications(window);
      await useProxy(`127.0.0.1:${port}`);
      assert.match(await diagnose(), new RegExp(`Proxy: 127\\.0\\.0\\.1:${port}\n`));
    } finally {
      await useProxy('');
      proxy.close();
    }
  });

  it('explains a certificate that nobody vouches for', async () => {
    const server = await startSelfSigned();
    try {
      await changeSettings(window, { baseUrl: server.origin });
      assert.match(
        await diagnose(),
        /✗ \*\*Deployment\*\*: The certificate of 127\.0\.0\.1:\d+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.\n {2}- \*\*Next step\*\*: If you are on a guest network/,
      );
    } finally {
      await server.close();
    }
  });

  it('tells no secret, token, code or state, whatever the server says', async () => {
    const marked = 'MARKED s3cret+/&"ü';
    const { client } = stage.emulator;
    const { clients } = await client.options();
    await client.setOptions({ clients: clients.map((one) => ({ ...one, client_secret: marked })) });
    await storeSecret(marked);
    await signInForTests(window, 'user_42', marked);
    await client.inject({
      endpoint: 'authorize',
      kind: 'errorRedirect',
      error: `server_error of ${marked}`,
      errorDescription: `it quotes ${marked} and ${encodeURIComponent(marked)}`,
    });
    const refused = await diagnose();
    assert.match(
      refused,
      /✗ \*\*Authorization request\*\*: AIRisk rejected the sign-in request: it quotes ••• and ••• \(server_error of •••\)/,
    );
    await clearNotifications(window);
    const passed = await diagnose();
    assert.match(passed, /all checks passed/);
    const requests = JSON.stringify(await client.requests());
    const states = [...requests.matchAll(/state=([\w-]{43})/g)].map(([, state]) => state ?? '');
    assert.ok(states.length >= 2, requests);
    for (const report of [refused, passed]) {
      for (const secret of [marked, encodeURIComponent(marked), 'MARKED', 'eyJ', ...states]) {
        assert.ok(!report.includes(secret), `${secret} in\n${report}`);
      }
    }
  });

  it('explains a secret storage that does not work', async () => {
    await breakKeyring(window, { store: 'fails' });
    assert.match(
      await diagnose(),
      /✗ \*\*Secret storage\*\*: VS Code's secret storage is not working\.\n {2}- \*\*Next step\*\*: Unlock or install a keyring/,
    );
  });

  const waits: [what: string, prepare: () => Promise<unknown>][] = [
    [
      'AIRisk',
      () => stage.emulator.client.inject({ endpoint: 'token', kind: 'delay', delayMs: 60_000, times: 0 }),
    ],
    ['the keyring', () => breakKeyring(window, { store: 'hangs', delete: 'hangs' })],
  ];
  for (const [who, prepare] of waits) {
    it(`ends at once when it is cancelled while ${who} does not answer`, async function () {
      await prepare();
      const ended = executeCommand(window, 'airisk.diagnose');
      await notifications(window.page).click('Diagnosing AIRisk', 'Cancel');
      await ended;
      assert.doesNotMatch((await notifications(window.page).texts()).join('\n'), /check/);
    });
  }
});
