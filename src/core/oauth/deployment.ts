import { AiriskError } from '../errors.ts';
import { checkedClientId, SettingAddress } from './settingValues.ts';

/** One customer's AIRisk as one client sees it: whatever is stored or sent belongs to exactly one of these. */
export interface Deployment {
  /** Scheme, host and port, as `URL.origin` spells it. */
  readonly origin: string;
  /** The APIUser's `client_id`. */
  readonly clientId: string;
  /** Names this deployment in storage keys: half a SHA-256 of origin and client id, in hex. */
  readonly key: string;
}

/**
 * The deployment of an origin and a client id.
 * @throws AiriskError `not_configured` for a client id in which nothing can be seen, `invalid_setting` for a client
 * secret in its place
 * @param sha256 SHA-256 of a text in hex, from the host (the Web Crypto one is asynchronous)
 */
export function deploymentOf(origin: string, clientId: string, sha256: (text: string) => string): Deployment {
  const id = checkedClientId(clientId);
  if (!id) throw new AiriskError('not_configured', { subject: 'airisk.clientId' });
  return { origin, clientId: id, key: sha256(`${origin}\n${id}`).slice(0, 32) };
}

/** The host of a deployment for people: what is not https says so. */
export function hostOf({ origin }: Pick<Deployment, 'origin'>): string {
  return origin.replace('https://', '');
}

/** True for a host name that never leaves this computer (RFC 8252 §7.3, §8.3). */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * The origin of any address of a deployment, as a person pastes it.
 * @throws AiriskError `invalid_setting` when it is no address, or plain http to another computer.
 */
export function deploymentOrigin(address: string): string {
  const subject = 'airisk.baseUrl';
  const text = SettingAddress.parse(address);
  const absolute = /^(https?:|[a-z][a-z\d+.-]*:\/\/)/i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(absolute) ? new URL(absolute) : undefined;
  // The same host, and one deployment in storage.
  if (url?.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  // A client secret; an address pasted behind another `https://`, also behind a character that has become a part of it.
  if (
    /^AI\p{Pd}[^.:/]*$/u.test(text) ||
    !/^(\[.+\]|[\w-]+(\.[\w-]+)*)$/.test(url?.hostname ?? '') ||
    !url ||
    /^(https?$|xn--https?-)/.test(url.hostname) ||
    url.username ||
    url.password
  ) {
    throw new AiriskError('invalid_setting', { subject, reason: 'address' });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url.origin;
  throw new AiriskError('invalid_setting', { subject, reason: 'https' });
}
