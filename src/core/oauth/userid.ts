/** What nobody sees at an end of a text; a variation selector belongs to the character before it. */
const unseen = String.raw`[\s\p{Cf}]|(?!\p{VS})\p{DI}`;
const userid = new RegExp(
  String.raw`^(?!.*\]\()(?!${unseen})[^\p{Cc}\p{Cs}\p{Bidi_C}]{1,256}(?<!${unseen})$`,
  'su',
);

/**
 * True for what can name a user: 1 to 256 characters, none of them a control character or a bidirectional one, and
 * nothing at either end that nobody sees: such an ID would look like that of another user.
 * No `](` either: account labels hold the userid, and VS Code makes `[text](command:…)` in messages a link.
 */
export function isUserid(text: string): boolean {
  return userid.test(text);
}
