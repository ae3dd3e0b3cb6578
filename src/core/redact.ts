import { plainText } from './errors.ts';
import type { Http } from './oauth/http.ts';

/** Requests as before; `secrets` takes every state and code that passes in an address. */
export function watch(http: Http, secrets: Set<string>): Http {
  const keep = (address: string | null): void => {
    const parameters = new URLSearchParams(address?.slice(address.indexOf('?') + 1).replaceAll('+', '%2B'));
    for (const [name, value] of parameters) if (name === 'state' || name === 'code') secrets.add(value);
  };
  return {
    ...http,
    fetch: async (input, init) => {
      if (typeof input === 'string') keep(input);
      const response = await http.fetch(input, init);
      keep(response.headers.get('location'));
      return response;
    },
  };
}

// A shorter rest gives nothing away and may stand in any word.
const shortestRest = 4;

/**
 * A text with every secret in it blotted out, also where a server quoted it encoded, or {@link plainText} cut it.
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
