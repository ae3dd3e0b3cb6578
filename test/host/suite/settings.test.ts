import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { isDeploymentName, readDeployments } from '../../../src/core/oauth/configuredDeployments.ts';
import { reportProblems } from '../../../src/vscode/deploymentProblems.ts';
import { Settings, watchSettings } from '../../../src/vscode/settings.ts';
import type { ChosenDeployment } from '../../../src/vscode/deploymentChoice.ts';
import { restoreSettings } from '../settings.ts';

const Property = z.looseObject({
  default: z.unknown(),
  enum: z.optional(z.array(z.string())),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
});
const Manifest = z.object({
  contributes: z.object({ configuration: z.object({ properties: z.record(z.string(), Property) }) }),
});
const EntriesSchema = z.object({
  additionalProperties: z.literal(false),
  patternProperties: z.record(
    z.string(),
    z.object({
      additionalProperties: z.literal(false),
      required: z.array(z.string()),
      properties: z.record(z.string(), z.object({ type: z.string(), enum: z.optional(z.array(z.string())) })),
    }),
  ),
});

describe('the settings of the manifest', () => {
  const { packageJSON } = vscode.extensions.getExtension('airisk.airisk-authentication') ?? {};
  const { properties } = Manifest.parse(packageJSON).contributes.configuration;
  const read = (name: string, value: unknown): unknown =>
    new Map(Object.entries(Settings.parse({ [name]: value }))).get(name);

  it('are those that are read', () => {
    const names = Object.keys(Settings.shape).map((name) => `airisk.${name}`);
    assert.deepEqual(Object.keys(properties).toSorted(), names.toSorted());
  });

  for (const [id, { default: fallback, enum: values, minimum, maximum }] of Object.entries(properties)) {
    const name = id.replace('airisk.', '');

    it(`have the same default and the same limits as what reads them: ${name}`, () => {
      const isMark = name === 'production';
      for (const wrong of isMark ? [undefined, null] : [undefined, null, {}, true])
        assert.deepEqual(read(name, wrong), fallback);
      // A slip marks the deployment, and does not hide that it is the production one.
      if (isMark) for (const slip of [true, 'false', 0, {}]) assert.equal(read(name, slip), true);
      for (const value of values ?? []) assert.equal(read(name, value), value);
      if (values) assert.equal(read(name, 'something else'), fallback);
      if (minimum === undefined || maximum === undefined) return;
      assert.deepEqual([read(name, minimum), read(name, maximum)], [minimum, maximum]);
      assert.deepEqual([read(name, minimum - 0.01), read(name, maximum + 1)], [fallback, fallback]);
    });
  }

  it('describe an entry of airisk.deployments as what reads it takes it', () => {
    const schema = EntriesSchema.parse(properties['airisk.deployments']);
    const [pattern = ''] = Object.keys(schema.patternProperties);
    for (const name of [
      'test',
      'a.b_c-1',
      'defaults',
      'x'.repeat(32),
      '',
      'two words',
      'DEFAULT',
      '__proto__',
      'constructor',
      'x'.repeat(33),
    ])
      assert.equal(new RegExp(pattern).test(name), isDeploymentName(name), name);
    const { properties: members, required } = schema.patternProperties[pattern] ?? assert.fail('no entry');
    const values = Object.entries(members).map(([name, { enum: allowed, type }]) => {
      const example = name === 'baseUrl' ? 'https://x.example' : name === 'redirectUri' ? '' : 'x';
      return [name, allowed?.[0] ?? (type === 'boolean' || example)];
    });
    const problemsOf = (entry: unknown) => readDeployments(undefined, { x: entry }, (text) => text).problems;
    assert.deepEqual(problemsOf(Object.fromEntries(values)), []);
    for (const member of required) {
      const without = values.filter(([name]) => name !== member);
      assert.deepEqual(problemsOf(Object.fromEntries(without)), [{ name: 'x', reason: 'missing', member }]);
    }
  });
});

describe('the deployment that a window uses', () => {
  const subscriptions: vscode.Disposable[] = [];
  const set = (name: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration('airisk').update(name, value, vscode.ConfigurationTarget.Global);
  const watch = (chosen: () => ChosenDeployment | undefined) =>
    watchSettings(subscriptions, (text) => text, chosen);
  const change = (deployments: unknown): Thenable<void> => set('deployments', deployments);
  const clientId = vscode.workspace.getConfiguration('airisk').inspect('clientId')?.globalValue;

  afterEach(async () => {
    await change(undefined);
    await set('clientId', clientId);
    await restoreSettings();
  });
  after(() => vscode.Disposable.from(...subscriptions).dispose());

  it('is the chosen one in whatever letters, and the first one while that is not there', async () => {
    const settings = watch(() => ({ name: 'test', key: 'https://test.aicrisk.com\nlost' }));
    const first = settings.deployments()[0]?.name;
    const entry = { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' };
    for (const [deployments, expected] of [
      [{ other: { ...entry, clientId: 'x' }, test: entry }, 'test'],
      [{ other: { ...entry, clientId: 'x' }, Test: entry }, 'Test'],
      [{ other: { ...entry, clientId: 'x' } }, first ?? 'other'],
      [{ other: { ...entry, clientId: 'x' }, TEST: entry, test: entry }, 'TEST'],
    ] as const) {
      await change(deployments);
      assert.equal(settings.inUse()?.name, expected);
    }
  });

  const prod = { baseUrl: 'https://prod.aicrisk.com', clientId: 'live', production: true };
  const test = { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' };

  for (const [how, baseUrl, id, problem, text] of [
    [
      'an address without encryption',
      'http://demo.aicrisk.com',
      'abc123',
      { reason: 'value', member: 'baseUrl' },
      'The deployment "default" is not used. Its "baseUrl" is not valid. The deployment address must begin with https://',
    ],
    [
      'no client ID',
      'https://demo.aicrisk.com',
      undefined,
      { reason: 'missing', member: 'clientId' },
      'The deployment "default" is not used. Its "clientId" is missing.',
    ],
  ] as const) {
    it(`is no other one while the one called default has ${how}, which is said`, async () => {
      let chosen: ChosenDeployment | undefined;
      const settings = watch(() => chosen);
      await set('baseUrl', baseUrl);
      await set('clientId', id);
      assert.deepEqual(settings.problems(), [], 'set-up asks for it');
      await change({ prod, test });
      assert.equal(settings.inUse(), undefined);
      assert.throws(() => settings.deployment(), { subject: `airisk.${problem.member}` });
      const said: string[] = [];
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a report takes is there
      const log = { warn: (line: string) => said.push(line) } as unknown as vscode.LogOutputChannel;
      reportProblems(settings, log)();
      assert.deepEqual(
        settings.problems().map(({ name, reason, member }) => ({ name, reason, member })),
        [{ name: 'default', ...problem }],
      );
      assert.ok(said.length === 1 && said[0]?.startsWith(text), said.join('\n'));
      chosen = { name: 'test', key: '' };
      assert.equal(settings.deployment().name, 'test');
    });
  }

  it('is named when there are several, or when it is the production one', async () => {
    for (const name of ['baseUrl', 'clientId']) await set(name, undefined);
    const settings = watch(() => undefined);
    for (const [map, shown] of [
      [{ test }, undefined],
      [{ prod }, 'prod'],
      [{ test, prod }, 'test'],
    ] as const) {
      await change(map);
      assert.equal(settings.shown()?.name, shown);
    }
  });

  it('has no problem of an entry that took a reserved name', async () => {
    for (const name of ['baseUrl', 'clientId']) await set(name, undefined);
    const settings = watch(() => undefined);
    await change({ default: prod, test });
    assert.equal(settings.inUse()?.name, 'test');
    for (const [name, value] of Object.entries(prod)) await set(name, value);
    await change({ default: test, test, TEST: prod });
    assert.equal(settings.inUse()?.name, 'default');
    assert.deepEqual(
      ['default', 'test', 'TEST'].map((name) => settings.problemOf(name)?.reason),
      [undefined, undefined, 'taken'],
    );
    for (const name of Object.keys(prod)) await set(name, undefined);
  });

  it('is the chosen one under whatever name it has now', async () => {
    await set('clientId', 'abc123');
    const settings = watch(() => ({ name: 'test', key: `${test.baseUrl}\n${test.clientId}` }));
    for (const [map, expected] of [
      [{ prod, test }, 'test'],
      [{ prod, staging: test }, 'staging'],
      [{ test: prod, staging: test }, 'staging'],
      [{ prod, test: { ...test, clientId: 'a different one' } }, 'test'],
    ] as const) {
      await change(map);
      assert.deepEqual([settings.inUse()?.name, settings.absent()], [expected, undefined]);
    }
  });

  it('is no production one that nobody chose, while the chosen one has left the settings', async () => {
    for (const name of ['baseUrl', 'clientId']) await set(name, undefined);
    const settings = watch(() => ({ name: 'gone', key: 'gone' }));
    await change({ prod, test });
    assert.deepEqual([settings.inUse()?.name, settings.absent()], ['test', 'gone']);
    await change({ prod });
    assert.deepEqual([settings.inUse()?.name, settings.absent()], [undefined, 'gone']);
    assert.throws(() => settings.deployment(), { code: 'unknown_deployment', subject: 'gone' });
    // Nothing to mix up: set-up asks for the first one.
    await change({});
    assert.equal(settings.absent(), undefined);
    assert.throws(() => settings.deployment(), { code: 'not_configured' });
  });

  it('is no other one while the chosen entry is not valid', async () => {
    await set('clientId', 'abc123');
    const settings = watch(() => ({ name: 'test', key: 'https://test.aicrisk.com\nlost' }));
    for (const map of [{ prod, test: { ...test, baseUrl: 'http://test.aicrisk.com' } }, 'no map']) {
      await change(map);
      assert.equal(settings.inUse(), undefined);
      assert.throws(() => settings.deployment(), { code: 'invalid_setting', subject: 'airisk.deployments' });
    }
    await change({ prod, test: prod });
    assert.equal(settings.inUse()?.name, 'prod', 'the same one under its other name');
  });
});
