import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { AiriskError } from '../../../../src/core/errors.ts';
import {
  type ConfiguredDeployment,
  type EntryProblem,
  invalidEntry,
  readDeployments,
  settingOf,
} from '../../../../src/core/oauth/configuredDeployments.ts';
import { deploymentOf } from '../../../../src/core/oauth/deployment.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const first: ConfiguredDeployment = {
  ...deploymentOf('https://demo.aicrisk.com', 'abc123', sha256),
  name: 'default',
  redirectUri: '',
  userid: '',
  tokenRequestFormat: 'form',
  production: false,
};
const good = { baseUrl: 'https://test.aicrisk.com', clientId: 'test123' };

/** What is the matter with one entry, or `undefined` when it is used. */
function problemOf(name: string, entry: unknown): EntryProblem | undefined {
  const { deployments, problems } = readDeployments(
    first,
    { before: { baseUrl: 'https://before.example.com', clientId: 'b' }, [name]: entry, after: good },
    sha256,
  );
  const names = deployments.map((deployment) => deployment.name);
  assert.deepEqual(names.slice(0, 2), ['default', 'before']);
  assert.equal(names.at(-1), 'after', 'an entry takes no other one away');
  assert.equal(problems.length, names.length === 4 ? 0 : 1);
  return problems[0];
}

describe('the deployments of the settings', () => {
  it('are the one called default, and the others by their names', () => {
    const entries = {
      test: { ...good, baseUrl: 'test.aicrisk.com/some/page' },
      live: {
        ...good,
        clientId: ' live\u200b123 ',
        redirectUri: 'http://localhost:51234/callback',
        userid: 42,
        tokenRequestFormat: 'json',
        production: true,
      },
    };
    const { deployments, problems } = readDeployments(first, entries, sha256);
    assert.deepEqual(problems, []);
    const rest = { redirectUri: '', userid: '', tokenRequestFormat: 'form', production: false };
    assert.deepEqual(deployments, [
      first,
      { ...deploymentOf('https://test.aicrisk.com', 'test123', sha256), name: 'test', ...rest },
      {
        ...deploymentOf('https://test.aicrisk.com', 'live123', sha256),
        name: 'live',
        redirectUri: 'http://localhost:51234/callback',
        userid: '42',
        tokenRequestFormat: 'json',
        production: true,
      },
    ]);
  });

  it('can do without the one called default', () => {
    const { deployments } = readDeployments(undefined, { test: good }, sha256);
    assert.deepEqual(
      deployments.map(({ name }) => name),
      ['test'],
    );
  });

  for (const map of ['text', 7, true, ['a'], null]) {
    it(`are none of ${JSON.stringify(map)}`, () => {
      const { deployments, problems } = readDeployments(first, map, sha256);
      assert.deepEqual(deployments, [first]);
      assert.deepEqual(problems, [{ name: '', reason: 'map' }]);
    });
  }
});

describe('the setting to correct', () => {
  it('is the member of the one called default, and the map for all others', () => {
    const problem = invalidEntry(
      'default',
      new AiriskError('not_configured', { subject: 'airisk.clientId' }),
    );
    assert.equal(settingOf(problem), 'airisk.clientId');
    assert.equal(settingOf({ ...problem, name: 'test' }), 'airisk.deployments');
    assert.equal(settingOf({ name: 'default', reason: 'reserved' }), 'airisk.deployments');
    assert.equal(settingOf({ name: '', reason: 'map' }), 'airisk.deployments');
  });
});

describe('an entry that is left out', () => {
  const entry = { baseUrl: 'https://x.aicrisk.com', clientId: 'x' };
  const cases: [name: string, entry: unknown, reason: EntryProblem['reason'], about?: string][] = [
    ['', entry, 'name'],
    ['two words', entry, 'name'],
    ['ünicode', entry, 'name'],
    ['a'.repeat(33), entry, 'name'],
    ['default', entry, 'reserved'],
    ['Default', entry, 'reserved'],
    ['BEFORE', entry, 'taken', 'before'],
    ['same', { baseUrl: 'HTTPS://demo.aicrisk.com/', clientId: 'abc123' }, 'same', 'default'],
    ['same', { baseUrl: 'https://before.example.com', clientId: 'b' }, 'same', 'before'],
    ['x', 'https://x.aicrisk.com', 'object'],
    ['x', null, 'object'],
    ['x', [entry], 'object'],
    ['x', {}, 'missing', 'baseUrl'],
    ['x', { baseUrl: entry.baseUrl }, 'missing', 'clientId'],
    ['x', { ...entry, clientId: ' ' }, 'missing', 'clientId'],
    ...['', '""', 'client_id=', '\u200b'].map((empty): (typeof cases)[number] => [
      'x',
      { ...entry, clientId: empty },
      'missing',
      'clientId',
    ]),
    ...['\t', '\u200b', '\u0085'].map((between): (typeof cases)[number] => [
      'x',
      { ...entry, clientId: `x${between}AI-secret` },
      'value',
      'clientId',
    ]),
    ['x', { ...entry, clientSecret: 'AI-secret' }, 'unknown', 'clientSecret'],
    ['x', { ...entry, prodution: true }, 'unknown', 'prodution'],
    ['x', { ...entry, production: 'yes' }, 'value', 'production'],
    ['x', { ...entry, tokenRequestFormat: 'xml' }, 'value', 'tokenRequestFormat'],
    ['x', { ...entry, userid: 'a](command:b)' }, 'value', 'userid'],
    ['x', { ...entry, redirectUri: 5 }, 'value', 'redirectUri'],
    ['x', { ...entry, redirectUri: 'https://a.example,https://b.example' }, 'value', 'redirectUri'],
    ['x', { ...entry, redirectUri: 'http://localhost:25/callback' }, 'value', 'redirectUri'],
    ['x', { ...entry, baseUrl: 'http://x.aicrisk.com' }, 'value', 'baseUrl'],
    ['x', { ...entry, baseUrl: 'https://user:pass@x.aicrisk.com' }, 'value', 'baseUrl'],
    ['x', { ...entry, clientId: 'AI-secret' }, 'value', 'clientId'],
  ];
  for (const [name, value, reason, about] of cases) {
    it(`${JSON.stringify(name)}: ${JSON.stringify(value)}: ${reason} ${about ?? ''}`, () => {
      const problem = problemOf(name, value);
      assert.deepEqual(
        { name: problem?.name, reason: problem?.reason, about: problem?.member ?? problem?.other },
        { name, reason, about },
      );
    });
  }

  it('"__proto__": said, as any other name that cannot be one', () => {
    const entries: unknown = JSON.parse(`{ "__proto__": ${JSON.stringify(good)} }`);
    const { deployments, problems } = readDeployments(undefined, entries, sha256);
    assert.deepEqual([deployments, problems], [[], [{ name: '__proto__', reason: 'name' }]]);
  });

  it('is not one that has a name like a member of every object', () => {
    for (const name of ['constructor', 'toString']) {
      const entries: unknown = JSON.parse(`{ ${JSON.stringify(name)}: ${JSON.stringify(good)} }`);
      const { deployments } = readDeployments(undefined, entries, sha256);
      assert.deepEqual(
        deployments.map((one) => one.name),
        [name],
      );
    }
  });
});
