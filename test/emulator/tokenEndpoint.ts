import { Hono } from 'hono';
import { invalid, json, problem } from './answers.ts';
import { readBearer } from './bearer.ts';
import { readBody } from './body.ts';
import type { EmulatorContext, Env } from './env.ts';
import { formatExpiration } from './expiration.ts';
import { showFault } from './faults.ts';
import type { EmulatorState } from './state.ts';

interface TokenFields {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  code: string;
  userid: string | undefined;
}

/** `POST /api/oauth2/Token`. */
export function tokenEndpoint(state: EmulatorState): Hono<Env> {
  const app = new Hono<Env>();
  app.post('/api/oauth2/Token', showFault(state, 'token'), async (c) => {
    const fields = await readFields(c);
    return fields instanceof Response ? fields : exchange(c, state, fields);
  });
  return app;
}

async function readFields(c: EmulatorContext): Promise<TokenFields | Response> {
  const body = await readBody(c);
  if (body.format === 'other') return problem(body.problem === 'malformed' ? 400 : 415);
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(body.format === 'none' ? {} : body.fields)) {
    if (value === null || value === '') continue;
    if (typeof value !== 'string') return problem(400, `The field ${name} must be a string.`);
    fields.set(name, value);
  }
  return checkFields(fields);
}

function checkFields(fields: ReadonlyMap<string, string>): TokenFields | Response {
  const clientId = fields.get('client_id');
  if (clientId === undefined) return invalid('client_id');
  const clientSecret = fields.get('client_secret');
  if (clientSecret === undefined) return invalid('client_secret');
  const redirectUri = fields.get('redirect_uri');
  if (redirectUri === undefined) return invalid('redirect_uri');
  const code = fields.get('code');
  if (code === undefined) return invalid('code');
  const grantType = fields.get('grant_type');
  if (grantType !== undefined && grantType !== 'authorization_code') return invalid('grant_type');
  return { clientId, clientSecret, redirectUri, code, userid: fields.get('userid') };
}

function exchange(c: EmulatorContext, state: EmulatorState, fields: TokenFields): Response {
  const { clientId, clientSecret, redirectUri, code, userid } = fields;
  const client = state.options.clients.find((candidate) => candidate.client_id === clientId);
  if (!client || client.client_secret !== clientSecret) return problem(401);
  const { kind, token } = readBearer(c, state);
  if (kind !== 'none' && (kind !== 'generic' || token?.clientId !== clientId)) return problem(401);

  const granted = state.codes.peek(code);
  if (granted?.clientId === clientId && granted.userid !== undefined && userid === undefined)
    return invalid('userid');
  if (!state.codes.redeem(code, { clientId, redirectUri, userid }, state.now())) return invalid('Code');
  return json(issue(c, state, clientId, userid));
}

function issue(
  c: EmulatorContext,
  state: EmulatorState,
  clientId: string,
  userid: string | undefined,
): object {
  const { opaqueTokens, tokenLifetimeSeconds, expirationStyle } = state.options;
  const kind = c.get('fault')?.kind;
  const now = state.now();
  const expiresAt = now + tokenLifetimeSeconds * 1000;
  const issuer = new URL(c.req.url).origin;
  const token = state.tokens.issue({ clientId, userid, expiresAt, issuer, now, opaque: opaqueTokens });
  const shown = kind === 'pastExpiration' ? now - 60_000 : expiresAt;
  return {
    ...(kind === 'missingToken' ? {} : { access_token: token }),
    ...(kind === 'missingExpiration' ? {} : { expiration: formatExpiration(shown, expirationStyle) }),
  };
}
