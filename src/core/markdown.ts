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
