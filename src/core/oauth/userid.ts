/**
 * True for what can name a user: 1 to 256 characters, none of them a control character or a bidirectional one.
 * No `](` either: account labels hold the userid, and VS Code makes `[text](command:…)` in messages a link.
 */
export function isUserid(userid: string): boolean {
  return /^(?!.*\]\()[^\p{Cc}\p{Cs}\p{Bidi_C}]{1,256}$/su.test(userid);
}
