import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { projectFolder } from '../../harness/paths.ts';

const languages = ['de', 'es', 'fr', 'ja', 'zh-cn'];
const Strings = z.record(z.string(), z.string());

const read = (...path: string[]): string => readFileSync(join(projectFolder, ...path), 'utf8');
const strings = (...path: string[]): Record<string, string> => Strings.parse(JSON.parse(read(...path)));

/** The texts that the sources hand to `l10n.t`: string literals, one way of quoting each. */
function usedTexts(): Set<string> {
  const texts = new Set<string>();
  for (const file of readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = read('src', file);
    const calls = [...source.matchAll(/\bl10n\.t\(\s*/g)];
    for (const { index, 0: call } of calls) {
      const literal = /^'(?:[^'\\\n]|\\.)*'|^"(?:[^"\\\n]|\\.)*"/.exec(
        source.slice(index + call.length),
      )?.[0];
      assert.ok(literal, `${file}: l10n.t takes a literal: ${source.slice(index, index + 60)}`);
      texts.add(unquoted(literal));
    }
  }
  return texts;
}

function unquoted(literal: string): string {
  return literal
    .slice(1, -1)
    .replaceAll(/\\(['"\\])/g, '$1')
    .replaceAll('\\n', '\n');
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}|\$\([\w~-]+\)|%[\w.]+%/g))].toSorted();
}

/** `%name%` of the manifest, without the percent signs. */
function manifestKeys(): Set<string> {
  return new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, name = '']) => name));
}

const missing = (from: Iterable<string>, others: Iterable<string>): string[] => {
  const have = new Set(others);
  return [...from].filter((text) => !have.has(text));
};

describe('the words', () => {
  it('of the manifest are all in package.nls.json, and nothing else is', () => {
    const words = strings('package.nls.json');
    assert.deepEqual(missing(manifestKeys(), Object.keys(words)), []);
    assert.deepEqual(missing(Object.keys(words), manifestKeys()), []);
  });

  it('that people see all go through l10n.t', () => {
    const shown =
      /\b(?:show\w*Message\(|(?:title|placeHolder|prompt|label|description|detail):|\.(?:title|placeholder|prompt|name|tooltip|validationMessage) =)\s*['"`](?=[A-Z]|[^'"`]* )([^'"`]*)['"`]/g;
    const bare = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...read('src', file).matchAll(shown)].map(([, text = '']) => text));
    // A name.
    assert.deepEqual(bare.toSorted(), ['AIRisk']);
  });

  // These stand behind a colon, a dot or an account.
  const fragments = [
    'any other registered address',
    'expired',
    'none',
    'not configured any more',
    'offline',
    'not valid',
    'if this editor runs on the computer you sit at',
    'recommended: nothing else to do',
    'recommended: works wherever this editor runs',
    'seldom accepted: this address changes with each sign-in',
    'renewing',
    'signed in, {0}',
    'if links cannot open the editor',
  ];

  it('of the sources begin with a capital and do not shout', () => {
    const odd = [...usedTexts()].filter((text) => /^[a-z]{2}/.test(text) || text.includes('!'));
    assert.deepEqual(missing(odd, fragments), []);
  });

  it('interrupt nobody with a dialog, but for a token that another extension may be after', () => {
    const modal = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && /\bmodal\b/.test(read('src', file)),
    );
    assert.deepEqual(modal, ['vscode/commands/tokenCommands.ts']);
  });

  it('of messages are no titles', () => {
    const names =
      /^(AIRisk|VS|Code|Code's|ID|URI|URL|HTTP|IT|VPN|Markdown|JSON|JWT|PowerShell|Accounts|Diagnose|Enter|Escape|Set|Up|Sign|In|Open|Terminal|Client|Secret|OK)\b/;
    const titled = [...usedTexts()]
      .filter((text) => /\w{2,} \w+.*\.$/.test(text))
      .flatMap((text) =>
        text
          .split(/(?<=[.:?…]) |["“”]/)
          .flatMap((sentence) => sentence.trim().split(/\s+/).slice(1))
          .filter((word) => /^[A-Z]/.test(word) && !names.test(word))
          .map((word) => `${word} in ${text}`),
      );
    assert.deepEqual(titled, []);
  });

  for (const language of languages) {
    describe(`in ${language}`, () => {
      const bundle = (): Record<string, string> => strings('l10n', `bundle.l10n.${language}.json`);
      const manifest = (): Record<string, string> => strings(`package.nls.${language}.json`);

      it('are complete, with nothing left over', () => {
        assert.deepEqual(missing(usedTexts(), Object.keys(bundle())), []);
        assert.deepEqual(missing(Object.keys(bundle()), usedTexts()), []);
        const words = strings('package.nls.json');
        assert.deepEqual(missing(Object.keys(words), Object.keys(manifest())), []);
        assert.deepEqual(missing(Object.keys(manifest()), Object.keys(words)), []);
      });

      it('keep every placeholder, icon and setting', () => {
        for (const [text, translated] of Object.entries(bundle())) {
          assert.deepEqual(placeholders(translated), placeholders(text), text);
        }
        const words = strings('package.nls.json');
        for (const [key, translated] of Object.entries(manifest())) {
          const code = (sentence: string): string[] => (sentence.match(/`[^`]+`/g) ?? []).toSorted();
          assert.deepEqual(code(translated), code(words[key] ?? ''), key);
        }
      });

      it('keep links and the … of what asks for more', () => {
        const words = strings('package.nls.json');
        const pairs = [
          ...Object.entries(bundle()),
          ...Object.entries(manifest()).map(([key, translated]) => [words[key] ?? '', translated] as const),
        ];
        for (const [text, translated] of pairs) {
          const links = (sentence: string): string[] => sentence.match(/\]\([^)]*\)/g) ?? [];
          assert.deepEqual(links(translated), links(text), text);
          assert.equal(translated.endsWith('…'), text.endsWith('…'), text);
        }
      });

      it('name commands as the palette does', () => {
        const words = strings('package.nls.json');
        for (const [key, title] of Object.entries(words).filter(([name]) =>
          /^command\..*\.title$/.test(name),
        )) {
          const inPalette = `AIRisk: ${manifest()[key]}`;
          for (const [text, translated] of Object.entries(bundle())) {
            if (text.includes(`"AIRisk: ${title}"`)) assert.ok(translated.includes(inPalette), text);
            if (text === title) assert.equal(translated, manifest()[key], text);
          }
        }
        const command = words['command.setClientSecret.title'];
        assert.ok(
          words['setting.clientId']?.includes(`[AIRisk: ${command}](command:airisk.setClientSecret)`),
        );
        const translated = manifest()['command.setClientSecret.title'];
        assert.ok(
          manifest()['setting.clientId']?.includes(`[AIRisk: ${translated}](command:airisk.setClientSecret)`),
        );
      });

      it('are translated', () => {
        const same = Object.entries(bundle()).filter(
          ([text, translated]) => text === translated && /[a-z]{4}.* .*[a-z]{4}/i.test(text),
        );
        assert.deepEqual(same, []);
      });
    });
  }
});
