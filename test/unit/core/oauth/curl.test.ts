import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { curlCommand, quotePosix, quotePowerShell } from '../../../../src/core/oauth/curl.ts';

const deployment = { origin: 'https://demo.aicrisk.com' };
const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
});

// There is no such shell on Windows.
if (process.platform !== 'win32')
  describe('a request as curl for a POSIX shell', () => {
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
        curlCommand('posix', deployment, 'user_42', 'abc.def.ghi'),
        "curl --header 'Authorization: Bearer abc.def.ghi' 'https://demo.aicrisk.com/api/GetConversations'",
      );
    });

    it('asks for the users with a generic token', () => {
      assert.match(curlCommand('posix', deployment, '', 'abc'), /\/api\/Users\/ListUsers'$/);
    });

    it('reaches curl byte for byte, whatever the token', () => {
      fc.assert(
        fc.property(printable, (token) => {
          assert.deepEqual(argumentsOf(curlCommand('posix', deployment, 'user_42', token)), [
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

describe('a request as curl for PowerShell', () => {
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
        assert.deepEqual(commandOf(curlCommand('powershell', deployment, 'user_42', token)), [
          'curl.exe',
          '--header',
          `Authorization: Bearer ${token}`,
          'https://demo.aicrisk.com/api/GetConversations',
        ]);
      }),
      { numRuns: 500, examples: [["'"], ["';Remove-Item x;'"], ['$(id)`n"@{}'], ["''"]] },
    );
  });

  it('calls the program, not the alias', () => {
    assert.equal(
      curlCommand('powershell', deployment, 'user_42', 'abc'),
      "curl.exe --header 'Authorization: Bearer abc' 'https://demo.aicrisk.com/api/GetConversations'",
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
