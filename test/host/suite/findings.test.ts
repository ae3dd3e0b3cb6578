import assert from 'node:assert/strict';
import { examine, type Finding } from '../../../src/core/diagnosis.ts';
import { AiriskError, type AiriskErrorCode } from '../../../src/core/errors.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, type Session } from '../../../src/core/sessions/session.ts';
import { createReport, type DiagnoseParts, openerDetail } from '../../../src/vscode/diagnose/diagnose.ts';
import { errorMessage } from '../../../src/vscode/errorMessages.ts';
import { findingAdvice, findingText } from '../../../src/vscode/diagnose/findingWords.ts';
import { findingLines } from '../../../src/vscode/diagnose/report.ts';

const never = new AbortController().signal;
/** A finding in the words of a report. */
const words = (finding: Finding): string[] => [findingText(finding), findingAdvice(finding)];

describe('what Diagnose says of the URI scheme on the desktop', () => {
  const answers: [opener: string | undefined, ok: boolean | undefined, said: RegExp][] = [
    ['code.desktop', true, /^Registered with the operating system\. $/],
    ['', false, /^No program is registered for vscode: addresses\. Reinstall this editor, or select/],
    [undefined, undefined, /^Not checked\. $/],
  ];
  for (const [opener, ok, said] of answers) {
    it(`where the operating system says ${opener === undefined ? 'nothing at all' : `"${opener}"`}`, async () => {
      const redirects = {
        callback: 'vscode://airisk.airisk-authentication/callback',
        opener: async () => opener,
      };
      const finding = await examine('uriScheme', () => openerDetail(redirects, false, never));
      assert.equal(finding.ok, ok);
      assert.match(words(finding).join(' '), said);
    });
  }
});

describe('what Diagnose says of a port', () => {
  const reasons: [reason: string, said: RegExp][] = [
    [
      'EADDRINUSE',
      /^Port 99 is in use by another program, or by a sign-in in another window\. Close the program/,
    ],
    ['EACCES', /^Port 99 is not available \(EACCES\)\. /],
  ];
  for (const [reason, said] of reasons) {
    it(`that cannot be had: ${reason}`, async () => {
      const finding = await examine('redirectUri', () =>
        Promise.reject(new AiriskError('port_in_use', { subject: '99', reason })),
      );
      assert.match(words(finding).join(' '), said);
    });
  }
});

describe('what Diagnose says of a network', () => {
  it('has the code for the reason, which no message has', async () => {
    const error = new AiriskError('unreachable', { subject: 'demo.aicrisk.com', reason: 'UND_ERR_SOCKET' });
    const lines = findingLines(await examine('deployment', () => Promise.reject(error)));
    assert.match(
      lines,
      /: demo\.aicrisk\.com cannot be reached\.\n {2}- `UND_ERR_SOCKET`\n {2}- \*\*Next step/,
    );
  });
});

describe('what Diagnose says of a secret storage', () => {
  const failures: [how: string, reason: string | undefined, said: RegExp][] = [
    ['is locked', undefined, /^VS Code's secret storage is not working\. Unlock or install a keyring/],
    // VS Code's own question about a keyring holds the first store up, for as long as nobody answers it.
    [
      'does not answer',
      'time-out',
      /^VS Code's secret storage does not respond\. .* answer what VS Code asks/,
    ],
  ];
  for (const [how, reason, said] of failures) {
    it(`that ${how}`, async () => {
      const finding = await examine('secretStorage', () =>
        Promise.reject(new AiriskError('storage', { reason })),
      );
      assert.match(words(finding).join(' '), said);
    });
  }

  it('that works, where there may be no keyring', async () => {
    const finding = await examine('secretStorage', async () => ({}));
    assert.match(words(finding).join(' '), /each window keeps its own secrets until it closes or reloads/);
  });
});

describe('a check of Diagnose that fails in a way nobody thought of', () => {
  const stored = new Map<string, string>();
  const logged: string[] = [];
  const deployments = ['test', 'live'].map((name) =>
    deploymentOf(`https://${name}.aicrisk.com`, 'abc123', (text) => text),
  );
  const tokens = deployments.map(({ origin }) => `token of ${origin}`);
  const sessionAt = (at: Deployment): Session => {
    const token = { accessToken: `token of ${at.origin}`, expiration: Date.now() + 3_600_000, clockSkew: 0 };
    return createSession(at, 'user_42', token, Date.now());
  };
  /** What a report takes where nothing is set up. */
  const parts = {
    sessions: { listStored: async (at: Deployment) => [sessionAt(at)] },
    settings: {
      deployments: () => deployments,
      problems: () => [],
      read: () => ({ redirectUri: '' }),
      deployment: () => {
        throw new AiriskError('not_configured', { subject: 'airisk.baseUrl' });
      },
    },
    secretStore: {
      get: async (key: string) => stored.get(key),
      store: async (key: string, value: string) => void stored.set(key, value),
      delete: async (key: string) => void stored.delete(key),
    },
    redirects: {
      callback: 'vscode://airisk.airisk-authentication/callback',
      rehearse: async () => Promise.reject(new TypeError(`boom ${[...probed, ...tokens].join(' ')}`)),
    },
    now: Date.now,
    version: '0.0.0',
    log: { error: (text: string) => void logged.push(text) },
  };
  const probed = new Set<string>();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the report takes is there
  const report = (signal = never) => createReport(parts as unknown as DiagnoseParts, [undefined], signal);

  it('takes away no other finding, and says where to look', async () => {
    const { text, message } = await report();
    assert.match(text, /✗ \*\*Settings\*\*: .*the deployment address is missing/);
    assert.match(text, /✓ \*\*Secret storage\*\*/);
    assert.match(text, /✗ \*\*Redirect URI\*\*: An unexpected error occurred\. See the log for details\./);
    assert.equal(message, 'AIRisk: 2 checks failed.');
    assert.match(logged.join('\n'), /^TypeError: boom/);
  });

  it('is logged without the secrets of the checks before it and the tokens of all deployments', async () => {
    parts.secretStore.store = async (key, value) => {
      probed.add(value);
      stored.set(key, value);
    };
    await report();
    assert.equal(probed.size, 1);
    assert.match(logged.at(-1) ?? '', /^TypeError: boom ••• ••• •••/);
  });

  it('says why an entry is left out, once, and of no deployment that is picked instead', async () => {
    const configured = deployments.map((one, index) => ({
      ...one,
      name: ['test', 'live'][index] ?? '',
      production: false,
      redirectUri: '',
      tokenRequestFormat: 'form',
    }));
    const broken = { name: 'broken', reason: 'missing', member: 'baseUrl' };
    const offline = {
      ...parts,
      settings: {
        ...parts.settings,
        deployments: () => configured,
        problems: () => [broken],
        read: () => ({}),
      },
      http: () => ({
        fetch: () => Promise.reject(new TypeError('offline')),
        now: Date.now,
        timeoutMs: 1_000,
      }),
    };
    const reportOn = async (looked: readonly unknown[]): Promise<readonly string[]> => {
      const { text } = await createReport(
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the report takes is there
        offline as unknown as DiagnoseParts,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
        looked as Parameters<typeof createReport>[1],
        never,
      );
      return text.split('\n').filter((line) => line.includes('**Settings**'));
    };
    const said =
      '- ✗ **Settings**: The deployment "broken" in airisk.deployments is not used. Its "baseUrl" is missing.';
    const passed = '- ✓ **Settings**: Complete for client ID abc123.';
    assert.deepEqual(await reportOn(configured), [passed, passed, said]);
    assert.deepEqual(await reportOn(configured.slice(0, 1)), [passed]);
    assert.deepEqual((await reportOn([undefined, ...configured])).filter((line) => line === said).length, 1);
  });

  it('is none where the person has cancelled', async () => {
    const ended = new AbortController();
    ended.abort();
    await assert.rejects(report(ended.signal), { name: 'AbortError' });
  });
});

describe('the words of any error', () => {
  const codes: AiriskErrorCode[] = [
    'unreachable',
    'request_timeout',
    'server_error',
    'invalid_response',
    'wrong_address',
    'forbidden',
    'authorization_refused',
    'authorization_error',
    'authorization_response_invalid',
    'invalid_code',
    'invalid_client',
    'invalid_request',
    'unauthorized',
    'not_silent',
    'storage',
  ];
  const reasons = [
    '',
    '.',
    'Check this userid.',
    'Check this userid..',
    'Invalid Code…',
    'Unknown user. ',
    'Who?',
    'No!',
    '失敗。',
  ];
  for (const code of codes) {
    it(`are whole sentences, whatever the server says beside it: ${code}`, () => {
      for (const reason of reasons) {
        for (const status of [200, 302, 400, 403, 503]) {
          const error = new AiriskError(code, { subject: 'demo.aicrisk.com', reason, status });
          const said = errorMessage(error);
          assert.match(said, /^\S.*[.?]$/su, said);
          assert.doesNotMatch(said, /\.\.|[:,(?!] ?\.|\(\)|…\.|\s\s|\s\./u, said);
        }
      }
    });
  }

  it('say where a redirect leads, at the same host too, and who answers where it leads nowhere', () => {
    const subject = 'demo.aicrisk.com';
    const said = (status: number, reason?: string): string =>
      errorMessage(
        new AiriskError('not_airisk', { subject, status, ...(reason !== undefined && { reason }) }),
      );
    const to = 'https://demo.aicrisk.com/api/oauth2/Token/';
    assert.match(
      said(308, to),
      /^demo\.aicrisk\.com redirects to \S+\/api\/oauth2\/Token\/ instead of answering\./,
    );
    for (const other of [said(302, ''), said(401), said(407, 'Sign in first')])
      assert.match(other, /^Something in front of AIRisk responded at demo\.aicrisk\.com \(HTTP \d+\)\./);
  });
});
