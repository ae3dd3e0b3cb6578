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
 * Reads the query of a set-up link, as strictly as what anybody may have written.
 * @param callback the callback of this editor
 * @param decoded true for a query that VS Code on the desktop has percent-decoded already
 * @throws AiriskError `invalid_link`, with the reason `secret` for one that holds a client secret
 */
export function readSetUpLink(query: string, callback: string, decoded = false): SetUpLink {
  const search = new URLSearchParams(query.replaceAll(decoded ? /[%+]/g : /\+/g, encodeURIComponent));
  const names = [...search.keys()];
  if (names.some((name) => /secret|token|password/i.test(name))) throw invalid('secret');
  const { data } = Parameters.safeParse(Object.fromEntries(search));
  if (!data || new Set(names).size !== names.length) throw invalid();
  try {
    const redirectUri = SettingAddress.parse(data.redirectUri);
    const isForeign = redirectKind(redirectUri, callback) === 'paste';
    // An address that is only read by a person must be one that a browser can do nothing else with.
    if (isForeign && !/^https:\/\/[^@]*$/i.test(redirectUri)) throw invalid();
    const clientId = checkedClientId(data.clientId);
    if (clientId === '') throw invalid();
    return { name: data.name, origin: deploymentOrigin(data.baseUrl), clientId, redirectUri };
  } catch (error) {
    if (!(error instanceof AiriskError)) throw error;
    throw invalid(error.reason === 'secret' ? 'secret' : undefined);
  }
}

/**
 * The link that sets a deployment up for somebody else: without any secret.
 * @param base scheme and id of the extension, both as in the callback of the editor
 */
export function writeSetUpLink(base: string, deployment: ConfiguredDeployment): string {
  const { name, origin, clientId, redirectUri } = deployment;
  const parameters = [
    ...(isDeploymentName(name) ? [['name', name]] : []),
    ['baseUrl', origin],
    ['clientId', clientId],
    ...(redirectUri ? [['redirectUri', redirectUri]] : []),
  ];
  const query = parameters.map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`).join('&');
  return `${base}${setUpPath}?${query}`;
}

function invalid(reason?: 'secret'): AiriskError {
  return new AiriskError('invalid_link', { reason });
}
