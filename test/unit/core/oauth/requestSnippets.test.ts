import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Language, type Node, Parser } from 'web-tree-sitter';
import {
  quoteCmd,
  quotePosix,
  quotePowerShell,
  requestPaths,
  requestWithHelper,
  requestWithToken,
} from '../../../../src/core/oauth/requestSnippets.ts';

const origin = 'https://demo.aicrisk.com';
const conversations = { origin, path: '/api/GetConversations', userid: 'user_42' };
const users = { origin, path: '/api/Users/ListUsers', userid: '' };
const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
});

// There is no such shell on Windows.
if (process.platform !== 'win32')
  describe('a request for a POSIX shell', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'airisk-curl-'));
      writeFileSync(join(folder, 'curl'), `#!/bin/sh\nprintf '%s\\0' "$@"\n`);
      chmodSync(join(folder, 'curl'), 0o755);
    });
    after(() => rmSync(folder, { recursive: true }));

    /** The arguments that curl is started with when a shell runs the command line. */
    const argumentsOf = (line: string): string[] =>
      execFileSync('/bin/sh', ['-c', line], { env: { PATH: `${folder}:/bin:/usr/bin` } })
        .toString()
        .split('\0')
        .slice(0, -1);

    it('asks for the conversations of a user', () => {
      assert.equal(
        requestWithToken('bash', conversations, 'abc.def.ghi'),
        "curl --header 'Authorization: Bearer abc.def.ghi' 'https://demo.aicrisk.com/api/GetConversations'",
      );
    });

    it('asks for the users with a generic token', () => {
      assert.match(requestWithToken('bash', users, 'abc'), /\/api\/Users\/ListUsers'$/);
    });

    it('reaches curl byte for byte, whatever the token', () => {
      fc.assert(
        fc.property(printable, (token) => {
          assert.deepEqual(argumentsOf(requestWithToken('bash', conversations, token)), [
            '--header',
            `Authorization: Bearer ${token}`,
            'https://demo.aicrisk.com/api/GetConversations',
          ]);
        }),
        { numRuns: 60, examples: [["'"], ["';touch x;'"], ['$(id)`id`"\\!*'], ["\\'"]] },
      );
    });

    it('quotes any text', () => {
      const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
          assert.deepEqual(argumentsOf(`curl ${texts.map(quotePosix).join(' ')}`), texts);
        }),
        { numRuns: 40, examples: [[['a\nb', '', ' ']]] },
      );
    });
  });

describe('a request for PowerShell', () => {
  let parser: Parser;
  before(async () => {
    // PowerShell's grammar by other people: there is no PowerShell on every machine that runs these tests.
    const grammar = createRequire(import.meta.url).resolve(
      'tree-sitter-powershell/tree-sitter-powershell.wasm',
    );
    await Parser.init();
    parser = new Parser().setLanguage(await Language.load(grammar));
  });
  after(() => parser.delete());

  /** What a line of PowerShell that is one command starts its program with. */
  const commandOf = (line: string): string[] => {
    const tree = parser.parse(line) ?? assert.fail('not parsed');
    const leaves = (node: Node): Node[] =>
      node.namedChildCount === 0 ? [node] : node.namedChildren.flatMap(leaves);
    try {
      assert.ok(!tree.rootNode.hasError, line);
      assert.equal(tree.rootNode.descendantsOfType('command').length, 1, line);
      return leaves(tree.rootNode)
        .filter(({ type }) => type !== 'command_argument_sep')
        .map(({ type, text }) =>
          type === 'verbatim_string_characters' ? text.slice(1, -1).replaceAll("''", "'") : text,
        );
    } finally {
      tree.delete();
    }
  };

  it('is one command with the header and the address, whatever the token', () => {
    fc.assert(
      fc.property(printable, (token) => {
        const line = requestWithToken('powershell', conversations, token);
        assert.deepEqual(
          commandOf(line).filter((text) => /^(Invoke|Bearer|https)/.test(text)),
          ['Invoke-RestMethod', 'https://demo.aicrisk.com/api/GetConversations', `Bearer ${token}`],
        );
      }),
      { numRuns: 200, examples: [["'"], ["';Remove-Item x;'"], ['$(id)`n"@{}'], ["''"]] },
    );
  });

  it('needs no curl, and asks the helper for any userid', () => {
    fc.assert(
      fc.property(printable, (userid) => {
        const line = requestWithHelper('powershell', { ...conversations, userid }) ?? assert.fail();
        const tree = parser.parse(line) ?? assert.fail('not parsed');
        try {
          assert.ok(!tree.rootNode.hasError, line);
          assert.equal(tree.rootNode.descendantsOfType('command').length, 2, line);
        } finally {
          tree.delete();
        }
      }),
      { numRuns: 200, examples: [["'"], ['"'], ['$(id)'], ["''"], ['-'], ['-a.b'], ['--']] },
    );
    assert.equal(
      requestWithHelper('powershell', users),
      `Invoke-RestMethod -Uri 'https://demo.aicrisk.com/api/Users/ListUsers' -Headers @{ Authorization = "Bearer $(airisk-token --generic)" }`,
    );
  });

  const cases: [text: string, quoted: string][] = [
    ['plain', "'plain'"],
    ["it's", "'it''s'"],
    ['a\u2018b\u2019c\u201ad\u201b', "'a\u2018\u2018b\u2019\u2019c\u201a\u201ad\u201b\u201b'"],
    ['$env:PATH $(id) `n "x"', `'$env:PATH $(id) \`n "x"'`],
    ["'", "''''"],
    ['', "''"],
  ];
  for (const [text, quoted] of cases) {
    it(`quotes ${JSON.stringify(text)}`, () => assert.equal(quotePowerShell(text), quoted));
  }
});

describe('a request with the helper', () => {
  it('names the account and a deployment, and holds no token', () => {
    assert.equal(
      requestWithHelper('bash', { ...conversations, userid: "it's", deployment: 'test' }),
      String.raw`airisk-token --userid 'it'\''s' --deployment test --header | curl --header @- 'https://demo.aicrisk.com/api/GetConversations'`,
    );
    assert.match(
      requestWithHelper('http', conversations) ?? '',
      /exec --userid user_42 -- httpyac[^]*processEnv AIRISK_TOKEN/,
    );
  });

  it('is not offered for cmd when a batch file would read the userid in another way', () => {
    assert.equal(
      requestWithHelper('cmd', { ...conversations, userid: 'ann smith' }),
      'airisk-token --userid "ann smith" --header | curl --header @- "https://demo.aicrisk.com/api/GetConversations"',
    );
    for (const userid of ['50%', 'a"b', 'a^b', 'a&b', 'a!b']) {
      assert.equal(requestWithHelper('cmd', { ...conversations, userid }), undefined, userid);
    }
  });

  it('is one for each place where AIRisk has it', () => {
    assert.deepEqual(requestPaths(''), ['/api/Users/ListUsers']);
    assert.deepEqual(requestPaths('x'), ['/api/GetConversations', '/api/Chat/GetConversations?results=50']);
  });
});

describe('an argument for cmd', () => {
  const cases: [text: string, quoted: string][] = [
    ['plain', '"plain"'],
    ['a b&c|d<e>f', '"a b&c|d<e>f"'],
    [String.raw`C:\folder\ `.trim(), String.raw`"C:\folder\\"`],
    ['50%', '^"50^%^"'],
    ['say "hi" & go', String.raw`^"say \^"hi\^" ^& go^"`],
    ['a!b^c', '^"a^!b^^c^"'],
  ];
  for (const [text, quoted] of cases) {
    it(`quotes ${JSON.stringify(text)}`, () => assert.equal(quoteCmd(text), quoted));
  }
});
