import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type ConfiguredDeployment,
  readDeployments,
} from '../../../../src/core/oauth/configuredDeployments.ts';
import { readSetUpLink, type SetUpLink, writeSetUpLink } from '../../../../src/core/oauth/setUpLink.ts';
import { checkedClientId, SettingAddress } from '../../../../src/core/oauth/settingValues.ts';

const callback = 'vscode://airisk.airisk-authentication/callback';
const deployment: ConfiguredDeployment = {
  origin: 'https://test.aicrisk.com',
  clientId: 'abc 123+&=%',
  key: 'k',
  name: 'test',
  redirectUri: 'http://127.0.0.1:38431/callback',
  userid: 'user_42',
  tokenRequestFormat: 'json',
  production: true,
};
const good = 'baseUrl=https%3A%2F%2Ftest.aicrisk.com&clientId=abc123';

describe('a set-up link', () => {
  const queryOf = ({ link }: { link: string }): string => link.slice(link.indexOf('?') + 1);
  /** What is read as written, and as VS Code hands it over: percent-decoded. */
  const readBoth = (query: string): SetUpLink => {
    const read = readSetUpLink(query, callback);
    assert.deepEqual(readSetUpLink(decodeURIComponent(query), callback), read);
    return read;
  };

  it('is read as it was written, in a browser and on the desktop', () => {
    const { origin } = deployment;
    for (const clientId of ['abc123', '8e445865-a24d-4543-a6c6-9443d048cdb9', 'a+b%20c', 'abc 123+&=%']) {
      for (const redirectUri of [
        deployment.redirectUri,
        `${callback}?a=1`,
        'https://x.example/cb?a=1&b=2',
        'https://x.example/cb?a=%26b%3D2&c=1+1',
        'https://x.example/OPENAI-app/cb',
        'https://AI-portal.example/cb',
      ]) {
        const { link, isWhole } = writeSetUpLink(callback, { ...deployment, clientId, redirectUri });
        assert.ok(link.startsWith('vscode://airisk.airisk-authentication/set-up?'));
        assert.deepEqual(readBoth(queryOf({ link })), { name: 'test', origin, clientId, redirectUri });
        assert.ok(isWhole);
      }
    }
  });

  it('leaves out a redirect URI that its reader would refuse, and says so', () => {
    for (const redirectUri of [
      'http://localhost/callback',
      'http://intranet.example/cb',
      'myapp://cb',
      'vscode-insiders://airisk.airisk-authentication/callback',
      'https://user@x.example/cb',
      `https://x.example/${'a'.repeat(1_024)}`,
    ]) {
      const written = writeSetUpLink(callback, { ...deployment, redirectUri });
      assert.equal(readBoth(queryOf(written)).redirectUri, '');
      assert.equal(written.isWhole, false);
    }
  });

  it('is not written with a client ID that its reader would refuse', () => {
    assert.throws(() => writeSetUpLink(callback, { ...deployment, clientId: 'a'.repeat(257) }), {
      code: 'invalid_setting',
      subject: 'airisk.clientId',
    });
  });

  it('of whatever valid settings is read as them, or without the redirect URI', () => {
    const odd = fc.string({ unit: fc.constantFrom(...Array.from('%&=+;,@/: 2635aF"\'')) });
    const places = [
      'https://x.example/cb',
      'http://localhost/',
      'http://127.0.0.1:38431/',
      'myapp://cb',
      callback,
    ];
    const redirectUris = fc
      .tuple(fc.constantFrom(...places), fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 60 })))
      .map(([place, query]) => `${place}?${query}`);
    const clientIds = fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(redirectUris, clientIds, (redirectUri, clientId) => {
        const map = { test: { baseUrl: 'https://test.aicrisk.com', clientId, redirectUri } };
        const [configured] = readDeployments(undefined, map, (text) => text).deployments;
        const id = configured?.clientId ?? '';
        // Of quotes alone nothing is left, and quotes within quotes are no longer the same when they are read again.
        fc.pre(configured !== undefined && id !== '' && checkedClientId(id) === id);
        const written = writeSetUpLink(callback, configured);
        const { name, origin, redirectUri: own } = configured;
        const read = { name, origin, clientId: id, redirectUri: written.isWhole ? own : '' };
        assert.deepEqual(readBoth(queryOf(written)), read);
        const isAccepted = /^https:[^@]*$/.test(own) && SettingAddress.parse(own) === own;
        if (isAccepted) assert.ok(written.isWhole);
      }),
    );
  });

  it('names neither the default deployment, nor the callback of the editor, nor a user', () => {
    const { link } = writeSetUpLink(callback, {
      ...deployment,
      name: 'default',
      redirectUri: '',
      clientId: 'abc123',
    });
    assert.equal(link, `vscode://airisk.airisk-authentication/set-up?${good}`);
    assert.deepEqual(readSetUpLink(good, callback), {
      name: '',
      origin: 'https://test.aicrisk.com',
      clientId: 'abc123',
      redirectUri: '',
    });
  });

  const refused: [what: string, query: string, reason?: 'secret'][] = [
    ['nothing', ''],
    ['no client ID', 'baseUrl=https://x.example'],
    ['an empty client ID', 'baseUrl=https://x.example&clientId='],
    ['no address', 'clientId=abc123'],
    ['plain http to another computer', 'baseUrl=http://x.example&clientId=abc123'],
    ['an address with a user', 'baseUrl=https://demo.aicrisk.com@x.example&clientId=abc123'],
    ['a script for an address', 'baseUrl=javascript:alert(1)&clientId=abc123'],
    ['a doubled address', `${good}&baseUrl=https%3A%2F%2Fx.example`],
    ['a doubled name', `${good}&name=a&name=b`],
    ['a parameter that is not known', `${good}&renewal=off`],
    ['a name that is not valid', `${good}&name=two words`],
    ['the name default', `${good}&name=Default`],
    ['a client secret', `${good}&clientSecret=AI-x`, 'secret'],
    ['a client_secret', `${good}&client_secret=AI-x`, 'secret'],
    ['a client secret for a client ID', 'baseUrl=https://x.example&clientId=AI-x', 'secret'],
    ['an access token', `${good}&access_token=x`, 'secret'],
    ...['https://x.example/cb', 'http://127.0.0.1:4000/', callback].flatMap(
      (redirectUri): [string, string, 'secret'][] =>
        [
          '?client_secret=x',
          '?a=b%26code=AI-x',
          '/AI-x',
          '/AI-x/callback',
          '?AI-x',
          '?a=%2541I-x',
          '/%2541I-x',
        ].map((inIt) => [`${inIt} in ${redirectUri}`, `${good}&redirectUri=${redirectUri}${inIt}`, 'secret']),
    ),
    ['a secret in the address', 'baseUrl=https://x.example/?client_secret=x&clientId=x', 'secret'],
    ...[
      'https://x.example/cb%252FAI-x',
      'https://x.example/cb?next=https%253A%252F%252Fy%252F%253Fclient_secret%253Dx',
      'https://x.example\\AI-x',
      'http://127.0.0.1:4000\\AI-x',
      'http://abc:AI-x@localhost:4000/cb',
      'http://AI-x@127.0.0.1:4000/cb',
      `${callback}/AI%252dx`,
    ].map((address): [string, string, 'secret'] => [
      `a secret in ${address}`,
      `${good}&redirectUri=${address}`,
      'secret',
    ]),
    ['a user at a local port', `${good}&redirectUri=http://user@127.0.0.1:4000/cb`],
    ['a backslash at a local port', `${good}&redirectUri=http://127.0.0.1:4000\\cb`],
    ['a secret in the path of the address', 'baseUrl=x.example/AI-x&clientId=x', 'secret'],
    ['a redirect URI that is a script', `${good}&redirectUri=javascript:alert(1)`],
    ['a redirect URI that is data', `${good}&redirectUri=data:text/html,x`],
    ['a redirect URI of a different editor', `${good}&redirectUri=vscode-evil://x.y/callback`],
    ['a redirect URI of a different extension', `${good}&redirectUri=vscode://evil.evil/callback`],
    ['a plain redirect URI on another computer', `${good}&redirectUri=http://x.example/callback`],
    ['a redirect URI with a user', `${good}&redirectUri=https://localhost@x.example/callback`],
    ['two redirect URIs in one', `${good}&redirectUri=https://localhost/,https://x.example/`],
    ['a redirect URI with a fragment', `${good}&redirectUri=https://localhost/%23x`],
    ['a redirect URI at a port that browsers refuse', `${good}&redirectUri=http://127.0.0.1:25/callback`],
  ];
  for (const [what, query, reason] of refused) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readSetUpLink(query, callback), { code: 'invalid_link', reason });
    });
  }

  it('never quotes what is in it when it is refused', () => {
    assert.throws(
      () => readSetUpLink(`${good}&clientSecret=AI-marked`, callback),
      (error: Error) => !`${error.stack} ${JSON.stringify(error)}`.includes('marked'),
    );
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (query) => {
        try {
          const { origin } = readSetUpLink(query, callback);
          assert.match(origin, /^https:|^http:\/\/(localhost|127\.|\[::1\])/);
        } catch (error) {
          assert.ok(
            error instanceof Error && 'code' in error && error.code === 'invalid_link',
            String(error),
          );
        }
      }),
    );
  });
});
