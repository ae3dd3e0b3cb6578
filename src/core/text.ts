/**
 * Text from a server or a callback, made safe to show: no control or bidirectional characters, no links
 * (VS Code turns `[text](command:…)` in messages into links), at most `maxLength` characters.
 */
export function plainText(text: string, maxLength = 200): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('](', '] (')
    .trim();
  // Not in the middle of a surrogate pair.
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}

// A shorter rest gives nothing away and may stand in any word.
const shortestRest = 4;

/**
 * A text with every secret in it blotted out, also when a server quoted it encoded, or {@link plainText} cut it.
 */
export function redact(text: string, secrets: Iterable<string | undefined>): string {
  const blot = '•••';
  let clean = text;
  const known = [...secrets].flatMap((secret) => secret || []);
  for (const secret of known.toSorted((a, b) => b.length - a.length)) {
    const encoded = encodeURIComponent(secret);
    const form = new URLSearchParams({ s: secret }).toString().slice(2);
    const json = JSON.stringify(secret).slice(1, -1);
    // A description in a redirect may have + for spaces, so each + in it is read as one.
    const spaced = [secret, form].map((one) => plainText(one.replaceAll('+', ' '), Infinity));
    const spellings = [secret, encoded, form, json, plainText(secret, Infinity), ...spaced];
    for (const spelling of new Set(spellings)) {
      clean = clean.replaceAll(spelling, blot);
      for (let length = spelling.length - 1; length >= shortestRest; length--) {
        clean = clean.replaceAll(`${spelling.slice(0, length)}…`, `${blot}…`);
      }
    }
  }
  return clean;
}

/**
 * Makes any text plain text for Markdown: everything but letters, digits and spaces becomes a character reference,
 * so that neither a link, an address, a table's bar nor an icon can be made of it.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * The target of a Markdown link that runs a VS Code command with one argument. Encoded twice, because VS Code
 * decodes the query when it reads the address and once more when it reads the arguments.
 */
export function commandLink(command: string, argument: unknown): string {
  const json = encodeURIComponent(JSON.stringify([argument]));
  // What encodeURIComponent leaves alone but Markdown does not.
  const encode = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*_~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `command:${command}?${encode(json)}`;
}
