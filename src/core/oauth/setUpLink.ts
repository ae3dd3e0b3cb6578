import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { type ConfiguredDeployment, isDeploymentName } from './configuredDeployments.ts';
import { deploymentOrigin } from './deployment.ts';
import { redirectKind } from './redirectUri.ts';
import { checkedClientId, SettingAddress } from './settingValues.ts';

/** The path of a set-up link, behind the URI scheme of the editor and the id of the extension. */
export const setUpPath = '/set-up';

// Nothing else: least of all a secret, which whoever sees the link would have.
const Parameters = z.strictObject({
  name: z._default(z.string().check(z.refine(isDeploymentName)), ''),
  baseUrl: z.string(),
  clientId: z.string().check(z.minLength(1), z.maxLength(256)),
  redirectUri: z._default(z.string().check(z.maxLength(1_024)), ''),
});

const secretName = /secret|token|password/i;

/** What a set-up link says. */
export interface SetUpLink {
  /** Empty when it names none. */
  readonly name: string;
  readonly origin: string;
  readonly clientId: string;
  /** Empty for the callback of the editor. */
  readonly redirectUri: string;
}

/**
 * Reads the query of a set-up link, as strictly as what anybody may have written. VS Code percent-decodes it, but for one
 * that comes from a page of its own in a browser: both are read as the same.
 * @param callback the callback of this editor
 * @throws AiriskError `invalid_link`, with the reason `secret` for one that holds a client secret
 */
export function readSetUpLink(query: string, callback: string): SetUpLink {
  try {
    // Only what has been decoded has an address with its colon.
    const decoded = query.includes('://') ? query : decodeURIComponent(query);
    const search = new URLSearchParams(decoded.replaceAll('+', encodeURIComponent));
    const names = [...search.keys()];
    if (names.some((name) => secretName.test(name))) throw invalid('secret');
    const { data } = Parameters.safeParse(Object.fromEntries(search));
    if (!data || new Set(names).size !== names.length) throw invalid();
    const redirectUri = SettingAddress.parse(data.redirectUri);
    if ([data.baseUrl, redirectUri].some(hasSecret)) throw invalid('secret');
    const kind = redirectKind(redirectUri, callback);
    // An address that is only read by a person must be one that a browser can do nothing else with.
    const isUnsafe =
      kind === 'elsewhere' ||
      /^[^/]*\/\/[^/?#]*[@\\]/.test(redirectUri) ||
      (kind === 'paste' && !/^https:\/\/[^@]*$/i.test(redirectUri));
    const clientId = checkedClientId(data.clientId);
    if (isUnsafe || clientId === '') throw invalid();
    return { name: data.name, origin: deploymentOrigin(data.baseUrl), clientId, redirectUri };
  } catch (error) {
    if (error instanceof URIError) throw invalid();
    if (!(error instanceof AiriskError)) throw error;
    throw invalid(error.reason === 'secret' ? 'secret' : undefined);
  }
}

/**
 * The link that sets a deployment up for somebody else: without any secret, and without a redirect URI that no link may
 * have.
 * @param callback the callback of this editor, whose scheme and authority are those of the link
 * @returns the link, and whether the redirect URI is in it as well
 * @throws AiriskError `invalid_setting` for a client ID that no link may have
 */
export function writeSetUpLink(
  callback: string,
  deployment: ConfiguredDeployment,
): { readonly link: string; readonly isWhole: boolean } {
  const { origin: baseUrl, clientId } = deployment;
  const name = isDeploymentName(deployment.name) ? deployment.name : '';
  for (const redirectUri of new Set([deployment.redirectUri, ''])) {
    const query = Object.entries({ name, baseUrl, clientId, redirectUri })
      .flatMap(([key, value]) => {
        // What parts a query in two must still be escaped when VS Code has decoded it.
        const escaped = value.replaceAll(/[%&=+]/g, encodeURIComponent);
        return value ? `${key}=${encodeURIComponent(escaped)}` : [];
      })
      .join('&');
    try {
      const read = readSetUpLink(query, callback);
      if (read.clientId === clientId && read.redirectUri === redirectUri)
        return {
          link: `${callback.replace(/\/callback$/, setUpPath)}?${query}`,
          isWhole: redirectUri === deployment.redirectUri,
        };
    } catch {
      // Nobody could open it.
    }
  }
  throw new AiriskError('invalid_setting', { subject: 'airisk.clientId' });
}

/** True for an address with a secret beside its host: by the name of a parameter, or by how client secrets begin. */
function hasSecret(address: string): boolean {
  // A user before the host is beside it, and a backslash is a slash to a browser.
  const beside = address
    .replace(/^(?:[^:/?#\\]*:\/\/)?[^/?#\\@]*(?=[/?#\\]|$)/, '')
    .replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const names = beside
    .split(/[?&#;]/)
    .slice(1)
    .map((part) => part.replace(/=.*/s, ''));
  return /[^\w-]AI-/.test(beside) || names.some((name) => secretName.test(name));
}

function invalid(reason?: 'secret'): AiriskError {
  return new AiriskError('invalid_link', { reason });
}
