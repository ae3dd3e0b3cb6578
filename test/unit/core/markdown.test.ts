import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandLink, escapeMarkdown } from '../../../src/core/markdown.ts';

describe('text in Markdown', () => {
  it('keeps nothing that Markdown could read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = escapeMarkdown(text);
        assert.match(escaped, /^(?:[\p{L}\p{M}\p{N} ]|&#\d+;)*$/u);
        const decoded = escaped.replaceAll(/&#(\d+);/g, (_all, code: string) =>
          String.fromCodePoint(Number(code)),
        );
        assert.equal(decoded, text);
      }),
      { examples: [[String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))]] },
    );
  });

  it('makes no link of one', () => {
    assert.equal(escapeMarkdown('[x](command:y)'), '&#91;x&#93;&#40;command&#58;y&#41;');
  });
});

describe('the link of a command', () => {
  it('arrives as it was, for any userid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (userid) => {
        const link = commandLink('airisk.renew', { userid });
        assert.match(link, /^command:airisk\.renew\?[\w%.-]+$/);
        // VS Code decodes twice: URI.parse, then the opener of commands.
        const query = link.slice(link.indexOf('?') + 1);
        assert.deepEqual(JSON.parse(decodeURIComponent(decodeURIComponent(query))), [{ userid }]);
      }),
    );
  });
});
