const joiningScript =
  String.raw`[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}` +
  String.raw`\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}]`;
// The joiners that make one emoji of several, and that names in some scripts are spelled with.
const joiner =
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})|` +
  String.raw`(?<=${joiningScript})[\u200c\u200d](?=${joiningScript})`;
const unsafe = new RegExp(String.raw`(?:(?!${joiner})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s])+`, 'gu');

/**
 * Text from a server or a callback, made safe to show: no control or bidirectional characters, no links
 * (VS Code turns `[text](command:…)` in messages into links), at most `maxLength` characters.
 */
export function plainText(text: string, maxLength = 200): string {
  return shortened(text.replaceAll(unsafe, ' ').replaceAll('](', '] (').trim(), maxLength);
}

/** True for a text from a server in which there is nothing to read. */
export function isBlank(text: string): boolean {
  return plainText(text, Infinity) === '';
}

/** At most `maxLength` characters of a text, never half of what people see as one (UAX #29). */
function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let start = '';
  // With the two characters behind the end, which tell whether the last one that fits goes on there.
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, maxLength + 2))) {
    if (start.length + segment.length >= maxLength) break;
    start += segment;
  }
  return `${start}…`;
}

/** An id where there is little room: its start and its end, since the ids of one deployment may begin alike. */
export function shortId(id: string): string {
  const characters = Array.from(id);
  return characters.length > 16 ? `${characters.slice(0, 8).join('')}…${characters.slice(-4).join('')}` : id;
}

/**
 * A name that stays in one piece beside other text: one that is read from right to left would take numbers and
 * brackets behind it along (UAX #9, isolates).
 */
export function isolated(text: string): string {
  const rightToLeft =
    /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
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
      // Nothing was cut, as a rule.
      if (!clean.includes('…')) continue;
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
