import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { deploymentOf, deploymentOrigin } from '../../../../src/core/oauth/deployment.ts';
import { redirectKind } from '../../../../src/core/oauth/redirectUri.ts';
import {
  checkedClientId,
  ClientSecret,
  SettingAddress,
  SettingText,
  SettingUserid,
} from '../../../../src/core/oauth/settingValues.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

describe('a text of the settings', () => {
  const texts: [value: unknown, text: string][] = [
    ['user_42', 'user_42'],
    ['user_42 ', 'user_42'],
    ['\u00a0 user_42\r\n', 'user_42'],
    ['\ufeffuser\u200b_42\u2060', 'user_42'],
    ['user\u00ad_\u202e42\u3164', 'user_42'],
    // Two words, and not one that hides a client secret.
    ['8e445865-a24d\u200bAI-0b1c', '8e445865-a24d AI-0b1c'],
    ['8e445865-a24d\u0085AI-0b1c', '8e445865-a24d AI-0b1c'],
    ['Zoë 用户 😀', 'Zoë 用户 😀'],
    ['a b', 'a b'],
    ['"quoted"', '"quoted"'],
    ['\u200b', ''],
    [12345, '12345'],
    [0, '0'],
    [1e21, ''],
    [-1, ''],
    [Number.NaN, ''],
    [true, ''],
    [null, ''],
    [undefined, ''],
    [['a'], ''],
    [{}, ''],
  ];
  for (const [value, text] of texts) {
    it(`is ${JSON.stringify(text)} for ${JSON.stringify(value)}`, () =>
      assert.equal(SettingText.parse(value), text));
  }
});

describe('an address of the settings', () => {
  for (const pasted of [
    'https://demo.aicrisk.com',
    '"https://demo.aicrisk.com"',
    " 'https://demo.aicrisk.com' ",
    '“https://demo.aicrisk.com”',
    '„https://demo.aicrisk.com“',
    '« https://demo.aicrisk.com »',
    '<https://demo.aicrisk.com>',
    '`https://demo.aicrisk.com`',
    '\u200bhttps://demo.\u00adaicrisk.com\ufeff',
    '"https://demo.aicrisk.com",',
    '(https://demo.aicrisk.com).',
    '‹https://demo.aicrisk.com›',
    '「https://demo.aicrisk.com」',
    'https://demo.aicrisk.com;',
    ' " <https://demo.aicrisk.com> " , ',
    'AIRISK_BASE_URL=https://demo.aicrisk.com',
    '"airisk.baseUrl": "https://demo.aicrisk.com",',
    "- base_url: 'https://demo.aicrisk.com' # test",
    'URL：https://demo.aicrisk.com',
  ]) {
    it(`is read from ${JSON.stringify(pasted)}`, () => {
      assert.equal(SettingAddress.parse(pasted), 'https://demo.aicrisk.com');
      assert.equal(deploymentOrigin(pasted), 'https://demo.aicrisk.com');
    });
  }
});

describe('a client secret that was entered', () => {
  const secrets: [entered: unknown, secret: string | undefined][] = [
    ['AI-s3cret', 'AI-s3cret'],
    [' AI-s3\u200bcret\n', 'AI-s3cret'],
    ['"AI-s3cret"', 'AI-s3cret'],
    ['“AI-s3cret”', 'AI-s3cret'],
    ['"AI-s3cret",', 'AI-s3cret'],
    ["'AI-s3cret';", 'AI-s3cret'],
    ['`AI-s3cret` ,', 'AI-s3cret'],
    ['"client_secret": "AI-s3cret",', 'AI-s3cret'],
    ['MY_MY_CLIENT_SECRET=AI-s3cret', 'AI-s3cret'],
    ["clientSecret: 'AI-s3cret'", 'AI-s3cret'],
    ['Secret: AI-s3cret', 'AI-s3cret'],
    ['client_secret\tAI-s3cret', 'AI-s3cret'],
    ['Client secret\nAI-s3cret', 'AI-s3cret'],
    ['Client secret = AI-s3cret', 'AI-s3cret'],
    ['a"b', 'a"b'],
    ['AI-s3cret,', 'AI-s3cret,'],
    ...[
      'client_secret: AI-s3cret,',
      'client_secret=AI-s3cret;',
      'MY_CLIENT_SECRET = AI-s3cret ; # of the test system',
      "export CLIENT_SECRET='AI-s3cret' # of the test system",
      '{ "client_id": "8e445865-a24d", "client_secret": "AI-s3cret" }',
      '"AI-s3cret", "client_id": "8e445865-a24d"',
      '- client-secret: AI-s3cret // test',
      'Client Secret：AI-s3cret',
      '8e445865-a24d,AI-s3cret',
      '8e445865-a24d\u200bAI-s3cret',
      '8e445865-a24d\u2028AI-s3cret',
    ].map((line): [string, string] => [line, 'AI-s3cret']),
    ['client_secret: s3cret,', 's3cret'],
    ['client_secret=', undefined],
    ['client_secret: "" # ask', undefined],
    ['"\u200b"', undefined],
    ['Geheimnis: „AI-s3cret“', 'AI-s3cret'],
    ['AI-secret=AI-x:y;', 'AI-secret=AI-x:y;'],
    ['secret:x', 'secret:x'],
    ['a:b-AI-c', 'a:b-AI-c'],
    ['AI-\ud800s3cret', 'AI-s3cret'],
    ['x'.repeat(1_024), 'x'.repeat(1_024)],
    ['x'.repeat(1_025), undefined],
    ['\u200b ', undefined],
    ['', undefined],
    [12345, undefined],
  ];
  for (const [entered, secret] of secrets) {
    it(`is ${String(secret).slice(0, 20)} for ${JSON.stringify(entered).slice(0, 20)}`, () =>
      assert.equal(ClientSecret.safeParse(entered).data, secret));
  }
});

describe('a client ID that was entered', () => {
  it('is cleaned', () => assert.equal(checkedClientId(' abc\u200b123\n'), 'abc123'));

  for (const pasted of [
    '"8e445865-a24d"',
    '"8e445865-a24d",',
    "'8e445865-a24d' ;",
    '“8e445865-a24d”,',
    '"client_id": "8e445865-a24d",',
    'MY_MY_CLIENT_ID=8e445865-a24d',
    'clientId: "8e445865-a24d"',
    'Client ID: 8e445865-a24d',
    'client_id: 8e445865-a24d,',
    'CLIENT_ID=8e445865-a24d;',
    'client_id: 8e445865-a24d # of the test system',
    '"8e445865-a24d" # of the test system',
    'export CLIENT_ID="8e445865-a24d"',
    '- client_id: 8e445865-a24d',
    '{ "client_id": "8e445865-a24d" }',
    'Client ID\t8e445865-a24d',
    'Client ID\n8e445865-a24d',
    'Client ID：8e445865-a24d',
  ]) {
    it(`is read without what stands around it: ${pasted}`, () => {
      assert.equal(checkedClientId(pasted), '8e445865-a24d');
      assert.equal(deploymentOf('https://a.example', pasted, () => '').clientId, '8e445865-a24d');
    });
  }

  for (const empty of [
    '',
    ' ',
    '\u200b',
    '""',
    '" "',
    '"\u200b",',
    'client_id=',
    'clientId: ,',
    'client_id = "" ;',
  ]) {
    it(`is missing in ${JSON.stringify(empty)}`, () => {
      assert.equal(checkedClientId(empty), '');
      assert.throws(() => deploymentOf('https://a.example', empty, () => ''), {
        code: 'not_configured',
        subject: 'airisk.clientId',
      });
    });
  }

  it('may begin with AI, and have any signs', () => {
    for (const id of [
      'AI',
      'AIRisk-1',
      'ai-1',
      '8e445865-AI-d',
      'app.AI-1',
      'XAI-1',
      'acme-client-id:prod',
      'client_id',
      'a:b',
      'x=secret:1',
      'id,1;',
    ])
      assert.equal(checkedClientId(id), id);
  });

  for (const secret of [
    'AI-0b1c2d3e',
    ' AI-0b1c2d3e',
    '"AI-0b1c2d3e"',
    '\u200bAI-0b1c2d3e',
    '"AI-0b1c2d3e",',
    'Secret: AI-0b1c2d3e',
    'Geheimnis: AI-0b1c2d3e',
    'client_secret=AI-0b1c2d3e',
    '"client_secret": "AI-0b1c2d3e"',
    '8e445865-a24d AI-0b1c2d3e',
    '<AI-0b1c2d3e>',
    '8e445865-a24d\tAI-0b1c2d3e',
    '8e445865-a24d\nAI-0b1c2d3e',
    ...[',', ';', '/', '|', '、', '：', '\u200b'].map((between) => `8e445865-a24d${between}AI-0b1c2d3e`),
    '„AI-0b1c2d3e“;',
    '"8e445865-a24d" # AI-0b1c2d3e',
    'AI\u20110b1c2d3e',
    'Secret: AI–0b1c2d3e',
    SettingText.parse('8e445865-a24d\u200bAI–0b1c2d3e'),
    '8e445865-a24d-4543-a6c6-9443d048cdb9AI-0b1c2d3e',
    // As the settings give it.
    SettingText.parse('8e445865-a24d\u200bAI-0b1c2d3e'),
    SettingText.parse('8e445865-a24d\u2060\ufeffAI-0b1c2d3e'),
  ]) {
    it(`is no client secret: ${JSON.stringify(secret)}`, () => {
      const refused = { code: 'invalid_setting', subject: 'airisk.clientId', reason: 'secret' };
      assert.throws(() => checkedClientId(secret), refused);
      assert.throws(() => deploymentOf('https://a.example', secret, () => ''), refused);
    });
  }
});

describe('a client ID that is none', () => {
  for (const text of [
    'https://demo.aicrisk.com',
    'client_id=https://demo.aicrisk.com/',
    'client_id=abc123&redirect_uri=x',
    'abc123&userid=',
  ]) {
    it(`is refused: ${text}`, () =>
      assert.throws(() => checkedClientId(text), { code: 'invalid_setting', subject: 'airisk.clientId' }));
  }
});

describe('a userid in the settings', () => {
  for (const text of [
    'user_42',
    '"user_42",',
    "'user_42'",
    'userid=user_42',
    'MY_USERID=user_42',
    '"userid": "user_42",',
    '{ "userid": "user_42" }',
    'User ID: user_42',
  ]) {
    it(`is read without what stands around it: ${text}`, () =>
      assert.equal(SettingUserid.parse(text), 'user_42'));
  }

  it('may have any signs, and be a number', () => {
    for (const id of ['acme-userid:1', 'ada@example.com', 'a:b', 'userid', 'x=1', 'id,1;'])
      assert.equal(SettingUserid.parse(id), id);
    assert.equal(SettingUserid.parse(42), '42');
  });
});

describe('any value that was pasted', () => {
  const names = fc.constantFrom('client_id', 'Client Secret', 'URL', 'export ', 'https://a.example');
  const signs = fc.constantFrom(...Array.from('"\'`“”„«»<>()[]{},;.:=|#/- \n\t\u200b\ufeff'));
  const piece = fc.oneof(names, signs, signs, fc.constantFrom('AI-', 'x', '8e44'));
  const pasted = fc.string({ unit: piece, maxLength: 12 });
  const readers: [what: string, read: (text: string) => string | undefined][] = [
    ['a text', (text) => SettingText.parse(text)],
    ['a userid', (text) => SettingUserid.parse(text)],
    ['an address', (text) => SettingAddress.parse(text)],
    ['a client secret', (text) => ClientSecret.safeParse(text).data],
    [
      'a client ID',
      (text) => {
        try {
          return checkedClientId(text);
        } catch {
          return undefined;
        }
      },
    ],
  ];
  for (const [what, read] of readers) {
    it(`is no longer than a value can be as ${what}, whatever somebody has written into a link`, () => {
      for (const run of ['"', '.', ';', ' ', '\u200b', ', ', ' #', '"client_id: ', 'export ', 'x']) {
        for (const text of [run, `client_id: ${run}`, `url ${run}`])
          assert.ok((read(`${text.repeat(100_000)}x`) ?? '').length <= 4_096);
      }
    });
    itHolds(`is the same when it is read again as ${what}`, () => {
      fc.assert(
        fc.property(pasted, (text) => {
          const once = read(text);
          if (once) assert.equal(read(once), once);
        }),
        runs(5_000),
      );
    });
  }
});

describe('a redirect URI that can never work', () => {
  const kindOf = (uri: string) => redirectKind(uri, 'vscode://airisk.airisk-authentication/callback');
  const refused: [redirectUri: string, reason: string][] = [
    ['http://localhost:6000/callback', 'port'],
    ['http://127.0.0.1:10080/', 'port'],
    ['http://[::1]:22/', 'port'],
    ['https://localhost/callback,https://a.example', 'comma'],
    ['http://localhost:8765/a,b', 'comma'],
    ['https://localhost/callback?a=1,2', 'comma'],
    // As the browser has shown it once.
    ['https://localhost/callback?code=SplxlOBeZQQYbYS6WxSbIA', 'parameter'],
    ['http://localhost:8765/callback?app=1&st%61te=', 'parameter'],
    ['vscode://airisk.airisk-authentication/callback?error=x', 'parameter'],
  ];
  for (const [redirectUri, reason] of refused) {
    it(`is refused for its ${reason}: ${redirectUri}`, () =>
      assert.throws(() => kindOf(redirectUri), {
        code: 'invalid_setting',
        subject: 'airisk.redirectUri',
        reason,
      }));
  }

  it('is not one with a comma that is escaped, or with a port that browsers take', () => {
    assert.equal(kindOf('https://localhost/callback?a=1%2C2'), 'paste');
    assert.equal(kindOf('https://localhost/code?Code=1&mystate=2'), 'paste');
    for (const port of [1024, 5000, 6001, 8080, 65535])
      assert.equal(kindOf(`http://localhost:${port}`), 'loopback');
  });
});
