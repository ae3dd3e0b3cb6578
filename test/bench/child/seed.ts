import { createHash } from 'node:crypto';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, sessionKey, storedText } from '../../../src/core/sessions/session.ts';
import type { SecretsDouble } from './secrets.ts';

const hour = 3_600_000;

/** The userid of the nth session that {@link seedSessions} makes. */
export function useridOf(index: number): string {
  return `user_${index}`;
}

/** Stores a client secret and so many sessions of one deployment, with tokens as long as AIRisk's. */
export function seedSessions(
  secrets: SecretsDouble,
  settings: { baseUrl: string; clientId: string },
  count: number,
  lifetimeMs = 8 * hour,
): void {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const deployment = deploymentOf(settings.baseUrl, settings.clientId, sha256);
  const now = Date.now();
  secrets.records.set(`client:v1:${deployment.key}`, 's3cr3t-of-abc123');
  for (let index = 0; index < count; index++) {
    const accessToken = createHash('sha512').update(String(index)).digest('hex').repeat(2).padEnd(300, 'x');
    const token = { accessToken, expiration: now + lifetimeMs, clockSkew: 0 };
    const session = createSession(deployment, useridOf(index), token, now);
    secrets.records.set(sessionKey(deployment, session.userid), storedText(session));
  }
}

/** The deployment of measurements that send no request. */
export const offline = { baseUrl: 'https://airisk.example', clientId: 'abc123' };
