/** A fresh `state`: 256 bits, base64url (RFC 6749 §10.12). */
export function createState(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** How {@link createState} writes one, as the source of a pattern. */
export const stateForm = String.raw`[\w-]{43}`;

/** True for what {@link createState} may have made. */
export function isState(text: string): boolean {
  return new RegExp(`^${stateForm}$`).test(text);
}
