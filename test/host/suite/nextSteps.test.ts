import assert from 'node:assert/strict';
import FakeTimers from '@sinonjs/fake-timers';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import type { Finding } from '../../../src/core/diagnosis.ts';
import { AiriskError, atDeployment, type NextStep } from '../../../src/core/errors.ts';
import { findingButtons } from '../../../src/vscode/diagnose/findingWords.ts';
import { buttonsFor, showError, whatHappened, whatHelps } from '../../../src/vscode/errorMessages.ts';
import { type Button, nextStepButtons } from '../../../src/vscode/nextSteps.ts';
import { until } from '../../harness/until.ts';
import { named } from '../support/atWork.ts';

const test = named('test', 'def456');
const here = { userid: undefined, deploymentKey: test.key };
const log = vscode.window.createOutputChannel('AIRisk test of next steps', { log: true });

/** What helps, and its buttons when the redirect URI is not valid. */
const steps: [NextStep, string[]][] = [
  ['setUp', ['Set Up']],
  ['settings', ['Set Up']],
  ['deployments', ['Switch Deployment', 'Set Up', 'Open Settings']],
  ['keyring', []],
  ['keyringQuestion', []],
  ['clientId', ['Set Up']],
  ['user', ['Select User', 'Set Up']],
  ['clientSecret', ['Change Client Secret']],
  ['redirectUri', ['Copy Redirect URI', 'Set Up']],
  ['editor', ['Set Up']],
  ['scheme', ['Set Up']],
  ['port', ['Set Up']],
  ['signInWaits', ['Cancel It and Continue']],
  ['dns', ['Set Up', 'Diagnose']],
  ['tls', ['Diagnose']],
  ['plainHttp', ['Set Up']],
  ['otherPort', ['Set Up']],
  ['proxy', ['Open Settings']],
  ['network', ['Diagnose']],
  ['portal', ['Set Up']],
  ['moved', ['Set Up']],
  ['wait', ['Diagnose']],
  ['clock', []],
  ['administrator', ['Diagnose']],
];

/** The commands of this extension that buttons run, with their arguments. */
async function ranBy(buttons: readonly Button[]): Promise<unknown[][]> {
  const ran: unknown[][] = [];
  mock.method(vscode.commands, 'executeCommand', async (...all: unknown[]) => void ran.push(all));
  mock.method(vscode.window, 'showInformationMessage', async () => undefined);
  for (const button of buttons) await button.run();
  mock.restoreAll();
  return ran.filter(([name]) => String(name).startsWith('airisk.') && name !== 'airisk.cancelSignIn');
}

describe('the buttons for what to do next', () => {
  afterEach(() => mock.restoreAll());
  after(() => log.dispose());

  const about = { subject: 'airisk.redirectUri', reason: 'https://new.example', deployment: test };
  for (const [step, titles] of steps) {
    it(`act on the deployment that the message is about: ${step}`, async () => {
      const buttons = nextStepButtons(step, about);
      assert.deepEqual(
        buttons.map(({ title }) => title),
        titles,
      );
      for (const [name, argument] of await ranBy(buttons)) {
        // The switch is about the window.
        assert.deepEqual(argument, name === 'airisk.switchDeployment' ? undefined : here, String(name));
      }
    });
  }

  it('of what was found at one deployment of several act there', async () => {
    const finding = (more: Partial<Finding>): Finding => ({ check: 'token', ok: false, ...more });
    const rejected = finding({ nextStep: 'clientSecret', error: new AiriskError('invalid_client') });
    assert.deepEqual(await ranBy(findingButtons(rejected, test)), [['airisk.setClientSecret', here]]);
    const missing = finding({ check: 'clientSecret', detail: 'missing', nextStep: 'setUp' });
    assert.deepEqual(await ranBy(findingButtons(missing, test)), [['airisk.setUp', here]]);
    // What is the matter with the settings may be about a different one.
    const invalid = finding({ check: 'settings', nextStep: 'settings', fact: 'airisk.clientId' });
    const any = { userid: undefined, deploymentKey: undefined };
    assert.deepEqual(await ranBy(findingButtons(invalid, test)), [['airisk.setUp', any]]);
  });

  it('are those of the innermost place that knows where it failed', async () => {
    const failing = atDeployment(named('outer', 'xyz789'), () =>
      atDeployment(test, () => Promise.reject(new AiriskError('invalid_client'))),
    );
    const error: unknown = await failing.catch((failure: unknown) => failure);
    assert.deepEqual(await ranBy(buttonsFor(error).slice(0, 1)), [['airisk.setClientSecret', here]]);
  });

  it('that fail themselves say so', async () => {
    const messages: string[] = [];
    mock.method(vscode.window, 'showErrorMessage', async (message: string, ...buttons: Button[]) => {
      messages.push(message);
      return messages.length === 1 ? buttons.find(({ title }) => title === 'Copy Redirect URI') : undefined;
    });
    mock.method(vscode.window, 'showInformationMessage', () => {
      throw new AiriskError('settings_changed');
    });
    const request = { redirectUri: 'https://localhost/callback', userid: '' };
    await showError(log, new AiriskError('authorization_error', { reason: 'Invalid redirect_uri', request }));
    await until(async () => messages.length === 2);
    assert.match(messages[1] ?? '', /^The AIRisk settings have changed/);
  });
});

describe('what helps when AIRisk cannot answer now', () => {
  const few = /^Try again in a few minutes\. If it persists, /;
  const waits: [wait: string, retryAfterMs: number | undefined, advice: RegExp][] = [
    ['no wait', undefined, few],
    ['seconds', 7_000, few],
    ['an hour', 3_600_000, /^AIRisk asks you to try again after .*\d:\d\d.*\.$/],
    ['days', 3 * 86_400_000, /^AIRisk asks you to try again after .*\d:\d\d.*\.$/],
    ['more than a clock knows', 1e18, few],
  ];
  for (const [wait, retryAfterMs, advice] of waits) {
    it(`says when it has answered with ${wait}`, () => {
      assert.match(whatHelps(new AiriskError('server_error', { status: 503, retryAfterMs })), advice);
    });
  }
});

describe('the time after which AIRisk asks to be tried again', () => {
  it('is the same whenever it is said, and no earlier than asked for', () => {
    const clock = FakeTimers.install({ now: new Date(2026, 0, 15, 14, 40, 59).getTime(), toFake: ['Date'] });
    try {
      const error = new AiriskError('server_error', { status: 503, retryAfterMs: 3_600_000 });
      const atFirst = whatHelps(error);
      assert.match(atFirst, /after (15:41|3:41\sPM)\.$/);
      clock.tick(31 * 60_000);
      assert.equal(whatHelps(error), atFirst);
    } finally {
      clock.uninstall();
    }
  });
});

describe('the button that uses the address to which AIRisk has moved', () => {
  const airisk = () => vscode.workspace.getConfiguration('airisk');
  const set = (name: string, value: unknown) =>
    airisk().update(name, value, vscode.ConfigurationTarget.Global);
  const names = ['baseUrl', 'clientId'] as const;
  const saved = new Map<string, unknown>();
  const moved = (clientId: string) => {
    const about = { subject: 'demo.aicrisk.com', reason: 'https://www.aicrisk.com' };
    return nextStepButtons('moved', { ...about, deployment: named('default', clientId) })[0];
  };

  before(async () => {
    for (const name of names) saved.set(name, airisk().inspect(name)?.globalValue);
    await set('baseUrl', 'https://demo.aicrisk.com/');
    await set('clientId', 'abc123');
  });
  after(async () => {
    for (const name of names) await set(name, saved.get(name));
  });

  it('is not offered for a different client at the same address', () => {
    assert.deepEqual(
      [moved('abc123')?.title, moved('xyz789')?.title],
      ['Use https://www.aicrisk.com', 'Set Up'],
    );
  });

  it('changes no address that has taken its place', async () => {
    const button = moved('abc123');
    await set('baseUrl', 'https://other.aicrisk.com');
    await assert.rejects(async () => button?.run(), { code: 'settings_changed' });
    assert.equal(airisk().inspect('baseUrl')?.globalValue, 'https://other.aicrisk.com');
    await set('baseUrl', 'https://demo.aicrisk.com');
    await button?.run();
    assert.equal(airisk().inspect('baseUrl')?.globalValue, 'https://www.aicrisk.com');
  });
});

describe('a redirect without a state', () => {
  it('is said to have a code only when it has one', () => {
    assert.match(whatHappened(new AiriskError('state_missing')), /the code may be anybody's/);
    const error = whatHappened(new AiriskError('state_missing', { reason: 'error' }));
    assert.match(error, /^The browser returned an error without the state/);
    assert.doesNotMatch(error, /code/);
  });
});
