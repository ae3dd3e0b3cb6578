import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { readSetUpLink } from '../../../src/core/oauth/setUpLink.ts';
import { createSetUpLinks, type SetUpLinkParts } from '../../../src/vscode/setUp/setUpLinks.ts';
import type { CarefulItem } from '../../../src/vscode/typeAhead.ts';
import { restoreSettings } from '../settings.ts';

const hash = (text: string): string => `hash of ${text}`;
const link = (host: string, more = ''): string => `baseUrl=https://${host}&clientId=abc123${more}`;

/** Follows links, with the question of one answered by the entry whose label holds a text. */
function followLinks(configured: ConfiguredDeployment[] = []) {
  const asked: string[][] = [];
  const details: string[] = [];
  const rows: CarefulItem[] = [];
  const wentOn: string[] = [];
  const logged: string[] = [];
  let answer: ((label: string) => void) | undefined;
  let time = 0;
  let isAsking = false;
  const drafts = new Map<string, Readonly<Record<string, unknown>>>();
  const map = (): Record<string, unknown> =>
    Object.fromEntries(
      configured
        .filter(({ name }) => name !== 'default')
        .map(({ name, origin: baseUrl, key: _key, ...rest }) => [name, { ...rest, baseUrl }]),
    );
  const parts: Record<keyof SetUpLinkParts, unknown> = {
    settings: {
      read: () => ({ baseUrl: '', clientId: '', redirectUri: '', deployments: map() }),
      deployments: () => configured,
      describe: ({ key }: { key: string }) => configured.find((one) => one.key === key),
      problems: () => [],
      deploymentOf: ({ baseUrl, clientId }: { baseUrl: string; clientId: string }) =>
        deploymentOf(baseUrl, clientId, hash),
    },
    drafts,
    clientSecrets: {},
    http: {},
    redirects: { callback: 'vscode://airisk.airisk-authentication/callback' },
    questions: {
      get isAsking() {
        return isAsking;
      },
      ask: async (
        picker: vscode.QuickPick<CarefulItem>,
        listen: (answer: () => void) => void,
        _signal: AbortSignal | undefined,
        beforeShow: () => void,
      ) => {
        listen(() => undefined);
        beforeShow();
        asked.push(picker.items.filter(({ explains }) => !explains).map(({ label }) => label));
        rows.push(...picker.items);
        details.push(...picker.items.map(({ detail = '' }) => detail));
        assert.equal(picker.activeItems[0]?.label, 'Do Not Set Up');
        const label = await new Promise<string>((resolve) => (answer = resolve));
        const { items } = picker;
        picker.dispose();
        return items.find((item) => item.label.includes(label));
      },
    },
    goOn: async (name: string) => void wentOn.push(name),
    monotonic: () => time,
    log: {
      warn: (text: string) => void logged.push(text),
      error: (text: string) => void logged.push(text),
    },
  };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what links need is there
    open: createSetUpLinks(parts as unknown as SetUpLinkParts),
    drafts,
    asked,
    details,
    rows,
    wentOn,
    logged,
    /** Answers the question that is open, and waits until what follows has been done. */
    answer: async (label: string): Promise<void> => {
      answer?.(label);
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
    configure: (...deployments: ConfiguredDeployment[]) => (configured = deployments),
    wait: (ms: number) => (time += ms),
    setAsking: (value: boolean) => (isAsking = value),
  };
}

const configuredAs = (name: string, host: string): ConfiguredDeployment => ({
  ...deploymentOf(`https://${host}`, 'abc123', hash),
  name,
  redirectUri: '',
  userid: '',
  tokenRequestFormat: 'form',
  production: false,
});
const setting = (): unknown =>
  vscode.workspace.getConfiguration('airisk').inspect<unknown>('deployments')?.globalValue;

describe('a set-up link that somebody opens', () => {
  after(async () => {
    await vscode.workspace
      .getConfiguration('airisk')
      .update('deployments', undefined, vscode.ConfigurationTarget.Global);
    await restoreSettings();
  });

  it('asks once however often it is opened, says where the client secret would go, and changes nothing yet', async () => {
    const links = followLinks();
    for (let count = 0; count < 100; count++) links.open(link('evil.example', '&name=test'));
    assert.deepEqual(links.asked, [['Do Not Set Up', 'Set Up evil.example']]);
    assert.match(links.details.join(), /client secret .* will be sent to evil\.example\./);
    assert.deepEqual([links.wentOn, setting()], [[], undefined]);
    await links.answer('Do Not');
    assert.deepEqual([links.wentOn, setting()], [[], undefined]);
    assert.ok(links.logged.includes('Ignored 99 set-up links that came meanwhile'));
  });

  it('is not asked about for a while after a refusal, nor while something else is asked', async () => {
    const links = followLinks();
    links.setAsking(true);
    links.open(link('evil.example'));
    assert.deepEqual(links.asked, []);
    links.setAsking(false);
    links.open(link('evil.example'));
    await links.answer('Do Not');
    links.wait(29_000);
    links.open(link('evil.example'));
    assert.equal(links.asked.length, 1);
    links.wait(2_000);
    links.open(link('evil.example'));
    assert.equal(links.asked.length, 2);
    await links.answer('Do Not');
  });

  it('is refused with a secret in it, which is nowhere then', async () => {
    const links = followLinks();
    links.open(link('demo.aicrisk.com', '&clientSecret=AI-marked'));
    await links.answer('');
    assert.deepEqual([links.asked, links.wentOn, setting()], [[], [], undefined]);
    assert.doesNotMatch(links.logged.join(), /marked/);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('shows whose its host is when the name of that is too long for a line', async () => {
    const links = followLinks();
    links.open(link(`demo.aicrisk.com.${'a.'.repeat(60)}evil.example`));
    const label = links.asked[0]?.[1] ?? '';
    assert.match(label, /^Set Up ….*\.evil\.example$/);
    assert.ok(label.length < 70);
    assert.doesNotMatch(links.details.join(), /demo\.aicrisk/);
    await links.answer('Do Not');
  });

  it('is said once not to be valid however often it is opened, and stands in the way of no other', async () => {
    const links = followLinks();
    const invalid = (): void => links.open(link('evil.example', '&name=a&name=b'));
    const said = (): number => links.logged.filter((text) => text.includes('invalid_link')).length;
    for (let count = 0; count < 100; count++) invalid();
    assert.equal(said(), 1);
    links.open(link('demo.aicrisk.com'));
    assert.deepEqual(links.asked, [['Do Not Set Up', 'Set Up demo.aicrisk.com']]);
    await links.answer('Do Not');
    links.wait(31_000);
    invalid();
    assert.equal(said(), 2);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('changes nothing when the settings have changed during the question', async () => {
    const links = followLinks();
    links.open(link('test.example', '&name=test'));
    links.configure(configuredAs('test', 'other.example'));
    await links.answer('Set Up test.example');
    assert.deepEqual([links.wentOn, setting()], [[], undefined]);
    assert.match(links.logged.join(), /settings_changed/);
  });

  it('takes the place of a deployment of its name only when that is chosen', async () => {
    const links = followLinks([configuredAs('test', 'test.aicrisk.com')]);
    links.open(link('evil.example', '&name=TEST'));
    assert.deepEqual(links.asked, [
      ['Do Not Set Up', 'Set Up evil.example', 'Replace test, which is https://test.aicrisk.com now'],
    ]);
    await links.answer('Do Not');
    assert.deepEqual([links.wentOn, setting()], [[], undefined]);
  });

  it('leaves nothing of the deployment that it replaces, at a different host, but its name', async () => {
    const links = followLinks([{ ...configuredAs('test', 'test.aicrisk.com'), production: true }]);
    links.open(link('new.example', '&name=TEST'));
    await links.answer('Replace test');
    while (links.wentOn.length === 0) await links.answer('');
    assert.deepEqual(setting(), { test: { baseUrl: 'https://new.example', clientId: 'abc123' } });
  });

  it('says what it changes of a deployment that is there', async () => {
    const mine = { ...configuredAs('mine', 'demo.aicrisk.com'), userid: 'user_42', production: true };
    const local = 'http://127.0.0.1:38431/callback';
    const callback = 'vscode://airisk.airisk-authentication/callback';
    const changes = async (configured: ConfiguredDeployment, query: string): Promise<unknown[]> => {
      const links = followLinks([configured]);
      links.open(query);
      const rows = links.rows.filter(({ explains }) => explains);
      await links.answer('Do Not');
      return rows.map(({ label, detail }) => [label, detail]);
    };
    const same = link('demo.aicrisk.com');
    assert.deepEqual(await changes(mine, same), []);
    assert.deepEqual(await changes({ ...mine, redirectUri: local }, same), [
      [`Redirect URI: ${local}`, `Replaced by: ${callback}`],
    ]);
    assert.deepEqual(await changes(mine, `${same}&redirectUri=${local}`), [
      [`Redirect URI: ${callback}`, `Replaced by: ${local}`],
    ]);
    const old = { ...mine, redirectUri: local, clientId: 'old', tokenRequestFormat: 'json' } as const;
    assert.deepEqual(await changes(old, link('new.example', '&name=mine')), [
      [`Redirect URI: ${local}`, `Replaced by: ${callback}`],
      ['Client ID: old', 'Replaced by: abc123'],
      ['User: user_42', 'Replaced by: none'],
      ['tokenRequestFormat: json', 'Replaced by: form'],
      ['production: true', 'Replaced by: false'],
    ]);
  });

  it('takes no place of what was only begun in this window, and gets its name', async () => {
    const links = followLinks([configuredAs('default', 'demo.aicrisk.com')]);
    links.drafts.set('test', { baseUrl: 'https://begun.example' });
    links.open(link('test.example', '&name=test'));
    assert.deepEqual(links.asked, [['Do Not Set Up', 'Set Up test.example']]);
    await links.answer('Set Up test.example');
    while (links.wentOn.length === 0) await links.answer('');
    assert.deepEqual(links.wentOn, ['test']);
    assert.deepEqual(setting(), { test: { baseUrl: 'https://test.example', clientId: 'abc123' } });
    assert.equal(links.drafts.size, 0);
  });

  it('goes on with the client secret when the person agrees', async () => {
    const links = followLinks([configuredAs('default', 'demo.aicrisk.com')]);
    links.open(link('test.aicrisk.com', '&name=test&redirectUri=http://127.0.0.1:38431/callback'));
    await links.answer('Set Up test.aicrisk.com');
    while (links.wentOn.length === 0) await links.answer('');
    assert.deepEqual(links.wentOn, ['test']);
    assert.deepEqual(setting(), {
      test: {
        baseUrl: 'https://test.aicrisk.com',
        clientId: 'abc123',
        redirectUri: 'http://127.0.0.1:38431/callback',
      },
    });
  });

  it('of a deployment that is there opens that one, whatever the link calls it', async () => {
    const links = followLinks([configuredAs('mine', 'demo.aicrisk.com')]);
    links.open(link('demo.aicrisk.com', '&name=theirs'));
    assert.deepEqual(links.asked, [['Do Not Set Up', 'Set Up demo.aicrisk.com']]);
    await links.answer('Do Not');
  });
});

describe('the set-up link that is shared', () => {
  const share = async (redirectUri: string): Promise<string> => {
    await vscode.workspace
      .getConfiguration('airisk')
      .update('redirectUri', redirectUri, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('airisk.copySetUpLink');
    return vscode.env.clipboard.readText();
  };
  after(async () => {
    await restoreSettings();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('is one that can be opened, also when its redirect URI has to be entered by hand', async () => {
    const redirectUri = 'https://x.example/cb?a=1&b=2';
    const whole = await share(redirectUri);
    const callback = whole.replace(/\/set-up\?.*/, '/callback');
    const read = (text: string) => readSetUpLink(vscode.Uri.parse(text).query, callback);
    assert.equal(read(whole).redirectUri, redirectUri);
    assert.deepEqual(read(await share('http://intranet.example/cb')), { ...read(whole), redirectUri: '' });
  });

  it('is that of a deployment that is named, also when the one in use is not valid', async () => {
    const set = (name: string, value: unknown) =>
      vscode.workspace.getConfiguration('airisk').update(name, value, vscode.ConfigurationTarget.Global);
    await set('deployments', { test: { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' } });
    await set('baseUrl', '');
    try {
      await vscode.env.clipboard.writeText('');
      await vscode.commands.executeCommand('airisk.copySetUpLink', { deployment: 'test' });
      assert.match(await vscode.env.clipboard.readText(), /set-up\?name=test&/);
    } finally {
      await set('deployments', undefined);
    }
  });
});
